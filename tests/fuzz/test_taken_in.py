"""What departments hand over: old licences, calendars, laws in a template, catalogues, files to gather, rows for the lake.

Whatever stands in them is taken, put aside with a reason, or refused as a whole; no row is lost and none is there twice.
"""

from __future__ import annotations

import csv
import io
import json
import tarfile
from collections import defaultdict
from contextlib import closing, suppress
from datetime import date
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from tongban.data.gathering.gateways.folders import Files
from tongban.data.gathering.gateways.reading import Page
from tongban.data.lake.queries import KINDS, bench
from tongban.data.lake.rules import Part, judged, pass_of, raw, staging
from tongban.foundation.clocks.errors import CalendarRefused
from tongban.foundation.clocks.gateways import notices_in
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.quoting import literal
from tongban.foundation.kernel.workbook import Unusable, open_book
from tongban.services.items.rules.exchange.cells import Words
from tongban.services.items.rules.exchange.reading import read_book
from tongban.services.items.rules.exchange.template import told_lists
from tongban.services.licences.rules.gathering import Reader
from tongban.services.licences.rules.tables import headings_of, table_of
from tongban.services.licences.rules.types import complete
from tongban.services.licences.tests.factories import PERMIT, old_row

from . import hostile
from .callers import at_most
from .lengths import examples, made_up
from .test_readers import files

pytestmark = [pytest.mark.slow, pytest.mark.hypothesis]
CPU_SECONDS = 10
FIELDS = complete(PERMIT)["fields"]
LAWS = ["《", "》", "《食品安全法》", "第三十五条", "：", "1.", "一、", "；", "\n", " ", "从事食品生产", "第" * 40]
cells = st.one_of(
    hostile.values,
    st.sampled_from(["", "2026-11-22", "20261122", "2026年2月30日", "1e400", "是", "45000", "长期", "12:30"]),
)


def csv_of(rows: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


@st.composite
def sheets(draw: st.DrawFn, names: list[str]) -> bytes:
    """A table with some of these headings, and anything in its cells."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, unique=True)) if draw(st.booleans()) else names
    rows = draw(st.lists(st.lists(cells, max_size=len(chosen) + 1), max_size=4))
    return csv_of([chosen, *rows])


@made_up(examples(short=5, long=20_000))
@given(
    st.one_of(sheets([heading for _key, heading in headings_of(FIELDS)]), files()),
    st.dictionaries(st.sampled_from(sorted(old_row())), cells),
)
def test_old_licences_are_read_line_by_line(data: bytes, changed: dict[str, str]) -> None:
    reader = Reader(FIELDS, ["person", "company"], PERMIT["validity"], date(2026, 11, 22))
    sound = csv_of([list(old_row()), [str(value) for value in (old_row() | changed).values()]])
    for one, is_csv in ((data, True), (data, False), (sound, True)):
        with at_most(CPU_SECONDS), suppress(Unusable):
            for _line, row in table_of(one, is_csv=is_csv, definitions=FIELDS).lines:
                reader.read({cell.key: cell.text for cell in row})


@st.composite
def archives(draw: st.DrawFn) -> bytes:
    """An archive of a year's holidays, sound or not, or a file that is none."""
    day = {"date": draw(cells), "isOffDay": draw(st.sampled_from([True, None, "no"])), "name": draw(cells)}
    year: Any = {
        "year": draw(st.sampled_from([2026, "2026", None, -1])),
        "papers": draw(st.lists(cells, max_size=2)),
        "days": [day],
    }
    if draw(st.booleans()):
        year = draw(
            st.sampled_from([[], None, 1, "x", {}, year | {"days": None}, year | {"papers": 1}, year | {"days": [1]}])
        )
    text = json.dumps(year, ensure_ascii=True).encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=draw(st.sampled_from(["w:xz", "w"]))) as archive:
        member = tarfile.TarInfo(draw(st.sampled_from(["2026.json", "../2026.json", "a/b.json", "x.txt"])))
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    whole = packed.getvalue()
    return draw(
        st.one_of(st.just(whole), st.integers(0, len(whole)).map(lambda at: whole[:at]), spoilt(whole), files())
    )


def spoilt(whole: bytes) -> st.SearchStrategy[bytes]:
    """The same with some bytes of it changed."""
    return st.tuples(st.integers(0, len(whole)), st.binary(min_size=1, max_size=8)).map(
        lambda made: whole[: made[0]] + made[1] + whole[made[0] + len(made[1]) :]
    )


@made_up(examples(short=10, long=10_000))
@given(archives())
def test_calendars_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "calendars"
    folder.mkdir(exist_ok=True)
    (folder / "holiday-cn.tar.xz").write_bytes(data)
    with at_most(CPU_SECONDS), suppress(CalendarRefused):
        notices_in(folder)


@made_up(examples(short=20, long=20_000))
@given(st.one_of(cells, st.lists(st.sampled_from(LAWS), max_size=12).map("".join)), cells, files())
def test_items_and_their_laws_are_read_from_a_template(text: str, other: str, data: bytes) -> None:
    with at_most(CPU_SECONDS):
        told_lists(
            dict.fromkeys(("basis", "materials", "result_names"), text) | {"charged": other, "result_types": other},
            Words(defaultdict(dict)),
        )
        with suppress(Unusable):
            read_book(open_book(data), Words(defaultdict(dict)))


@made_up(examples(short=2, long=3_000))
@given(st.one_of(sheets(["id", "xm", "csrq"]), files()), st.sampled_from([".csv", ".json", ".jsonl", ".parquet"]))
def test_a_folders_files_are_gathered_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, kind: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "gathered"
    folder.mkdir(exist_ok=True)
    (folder / f"people{kind}").write_bytes(data)
    with (
        override_settings(GATHERING_ROOT=str(folder.parent)),
        at_most(CPU_SECONDS),
        suppress(TongbanError),
        closing(Files({"folder": folder.name}, {})) as source,
    ):
        found = source.columns(f"people{kind}")
        source.write(f"people{kind}", Page(list(found)), folder / "part", 1)


@made_up(examples(short=5, long=5_000))
@given(st.lists(st.tuples(cells, cells), max_size=6), st.sampled_from(sorted(KINDS)))
def test_no_row_is_lost_on_its_way_into_the_lake(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], kind: str
) -> None:
    """Each row is good, put aside with a reason, or overtaken by a later one of the same key; and there are no others."""
    part = tmp_path_factory.getbasetemp() / "rows.parquet"
    work = {
        "columns": [{"name": "key", "source": "a", "kind": "text"}, {"name": "value", "source": "b", "kind": kind}],
        "newest": "",
    }
    said = [(number, *(text.encode(errors="replace").decode() for text in row)) for number, row in enumerate(rows, 1)]
    with at_most(CPU_SECONDS), closing(bench()) as duck:
        duck.execute("create table part (_row bigint, a varchar, b varchar)")
        if said:
            duck.executemany("insert into part values (?, ?, ?)", said)
        duck.execute(f"copy part to {literal(str(part))} (format parquet)")
        finished = judged(pass_of(work), ["key"], raw([Part(str(part))]))
        for statement in staging(finished, (), ["key"], str(part.with_name("laid.parquet")), 1):
            duck.execute(statement)
        bad = {row for (row,) in duck.execute("select _row from bad").fetchall()}
        laid = duck.execute("select _row, key from laid order by _row").fetchall()
        good = {row for (row,) in duck.execute("select _row from good").fetchall()}
    assert [row for row, _key in laid] == [number for number, *_ in said]
    latest = {key: row for row, key in laid if row not in bad}
    assert good == set(latest.values())
