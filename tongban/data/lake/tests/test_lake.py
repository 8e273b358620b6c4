"""Batches go in as a whole and once; what is bad is kept apart; every earlier state can be asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import psycopg
import pytest

from tongban.data.lake import actions, gateways, queries
from tongban.data.lake.actions.holding import alone
from tongban.data.lake.errors import BatchAltered, BatchBroken, BatchMoved, DatasetRefused, LakeAway
from tongban.data.lake.models import Batch, Dataset
from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.actors import ANONYMOUS, Actor
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn
from tongban.foundation.kernel.quoting import quoted

from .factories import HAND, PEOPLE, WORK, land, make_dataset, own_lake, pour, written

pytestmark = pytest.mark.django_db
LI, WANG, ZHAO = ("a1", "李华", "1990-03-07"), ("a2", "王芳", "1985-01-21"), ("a3", "赵六", "2001-12-31")


@pytest.fixture(autouse=True)
def _lake(tmp_path: Path) -> Iterator[None]:
    with own_lake(tmp_path):
        yield


@pytest.fixture
def people() -> Dataset:
    return make_dataset()


def names(dataset: Dataset, **how: Any) -> list[str]:
    return [row["name"] for row in queries.rows(actor=HAND, dataset_id=dataset.pk, **how)]


def test_a_batch_goes_in_standardised_with_where_each_row_came_from(people: Dataset) -> None:
    batch = pour(people, [(" a2", " 王芳 ", "1985-01-21")], [LI])
    first, second = queries.rows(actor=HAND, dataset_id=people.pk)
    assert (first["number"], first["name"], str(first["born_on"])) == ("a1", "李华", "1990-03-07")
    assert (second["name"], second["_batch"], second["_row"]) == ("王芳", batch.number, 1), (
        "rows are counted on from part to part"
    )
    assert batch.counts == {
        "read": 2, "kept": 2, "quarantined": 0, "superseded": 0, "inserted": 2, "updated": 0, "deleted": 0, "unchanged": 0,
    }  # fmt: skip
    facts = Fact.objects.filter(name__startswith="lake.").order_by("id").values_list("name", flat=True)
    assert list(facts) == ["lake.dataset_made", "lake.batch_landed", "lake.batch_merged"]


def test_bad_rows_are_kept_apart_with_every_reason(people: Dataset) -> None:
    batch = pour(people, [LI, ("", None, "1990-02-30"), ("a9", None, "1999-01-01"), (None, "无名", "1999-01-01")])
    assert names(people) == ["李华"]
    told = {row["_row"]: sorted(row["_faults"]) for row in queries.quarantined(actor=HAND, batch_id=batch.pk)}
    assert told == {2: ["key_missing", "missing:name", "unreadable:born_on"], 3: ["missing:name"], 4: ["key_missing"]}
    assert (batch.counts["read"], batch.counts["kept"], batch.counts["quarantined"]) == (4, 1, 3)


def test_of_rows_with_one_key_the_newest_stays(people: Dataset) -> None:
    by_day = {**WORK, "newest": "born"}
    batch = pour(
        people, [("a1", "旧", "1990-01-01"), ("a1", "新", "1990-01-03"), ("a1", "中", "1990-01-02")], work=by_day
    )
    assert names(people) == ["新"]
    assert batch.counts["superseded"] == 2
    pour(people, [("a1", "先", "1990-01-03"), ("a1", "后", "1990-01-03")], work=by_day)
    assert names(people) == ["后"]  # of equal ones the one that came last


def test_changes_touch_what_changed_and_a_whole_reading_what_is_gone(people: Dataset) -> None:
    pour(people, [LI, WANG])
    some = pour(people, [LI, ("a2", "王芳芳", "1985-01-21"), ZHAO])
    assert {name: some.counts[name] for name in ("inserted", "updated", "deleted", "unchanged")} == {
        "inserted": 1, "updated": 1, "deleted": 0, "unchanged": 1,
    }  # fmt: skip
    rows = {row["number"]: row["_batch"] for row in queries.rows(actor=HAND, dataset_id=people.pk)}
    assert rows == {"a1": 1, "a2": 2, "a3": 2}  # the batch that brought each as it now is
    whole = pour(people, [ZHAO], whole=True)
    assert whole.counts["deleted"] == 2
    assert names(people) == ["赵六"]


def test_an_empty_whole_reading_empties_the_view_and_a_bad_row_is_not_taken_for_gone(people: Dataset) -> None:
    pour(people, [LI, WANG])
    pour(people, [LI, ("a2", None, "1985-01-21")], whole=True)
    assert names(people) == ["李华", "王芳"], "its bad row says that it is still there"
    pour(people, [], whole=True)
    assert names(people) == []


def test_every_earlier_moment_can_be_asked_for(people: Dataset) -> None:
    pour(people, [LI])
    then = now()
    pour(people, [("a1", "李桦", "1990-03-07"), WANG])
    assert names(people, as_of=then) == ["李华"]
    assert names(people) == ["李桦", "王芳"]
    assert names(people, where={"number": "a2"}) == ["王芳"]


def test_a_merge_killed_between_the_lake_and_our_tables_is_found_again(
    people: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = land(people, [LI, WANG])
    with monkeypatch.context() as patch:
        patch.setattr(
            "tongban.data.lake.actions.merging._note_merged", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK)
    batch.refresh_from_db()
    assert batch.state == Batch.State.LANDED
    again = actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK)
    assert again.counts["inserted"] == 2, "what it did, not what doing it twice would have done"
    assert names(people) == ["李华", "王芳"]
    assert actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK).merged_at == again.merged_at


def test_a_part_that_was_landed_is_not_asked_for_again(people: Dataset) -> None:
    batch = land(people, [LI], seal=False)
    same = actions.land_part(actor=HAND, batch_id=batch.pk, number=1, write=lambda *_: pytest.fail("it is there"))
    assert len(same.parts) == 1
    with pytest.raises(BatchMoved):
        actions.land_part(actor=HAND, batch_id=batch.pk, number=3, write=written([WANG]))
    with pytest.raises(OSError, match="disk"):
        actions.land_part(actor=HAND, batch_id=batch.pk, number=2, write=_full_disk)
    folder = gateways.raw_folder(people.key, 1)
    assert [path.name for path in folder.iterdir()] == ["part-000001.parquet"], "no half part stays"


def _full_disk(path: Path, first: int) -> dict[str, Any]:
    path.write_bytes(b"half")
    raise OSError("disk is full")


def test_batches_go_one_after_the_other(people: Dataset) -> None:
    batch = land(people, [LI], seal=False)
    with pytest.raises(BatchMoved):
        actions.begin_batch(actor=HAND, dataset_id=people.pk, whole=False)
    with pytest.raises(BatchMoved):
        actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK)
    actions.abandon_batch(actor=HAND, batch_id=batch.pk, reason="来源中断")
    assert pour(people, [WANG]).number == 2
    assert names(people) == ["王芳"]


def test_what_does_not_fit_leaves_the_dataset_alone(people: Dataset) -> None:
    pour(people, [LI])
    batch = land(people, [WANG])
    with pytest.raises(BatchBroken):
        actions.merge_batch(actor=HAND, batch_id=batch.pk, work=named_from("no_such_column"))
    assert names(people) == ["李华"]
    assert actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK).counts["inserted"] == 1


def named_from(source: str) -> dict[str, Any]:
    columns = [{**column, "source": source} if column["name"] == "name" else column for column in WORK["columns"]]
    return {**WORK, "columns": columns}


def test_what_a_killed_merge_left_is_cleared_away_and_nothing_else(people: Dataset) -> None:
    pour(people, [LI, ("a1", "李桦", "1990-03-07"), ("a9", None, "1999-01-01")])
    known = set(gateways.laid_file(people.key).parent.iterdir())
    left = gateways.laid_file(people.key)
    left.write_bytes(b"half")
    actions.clear_orphans()
    assert set(left.parent.iterdir()) == known
    assert names(people) == ["李桦"]


def test_replaying_mends_what_a_wrong_pass_did_and_keeps_what_was(people: Dataset) -> None:
    wrong = named_from("number")
    pour(people, [LI])
    pour(people, [WANG], work=wrong)
    pour(people, [ZHAO], work=wrong)
    before = now()
    actions.replay(actor=HAND, dataset_id=people.pk, since=2, work=WORK, reason="姓名对应错了")
    assert names(people) == ["李华", "王芳", "赵六"]
    assert names(people, as_of=before) == ["李华", "a2", "a3"]
    actions.replay(actor=HAND, dataset_id=people.pk, since=1, work=wrong, reason="试一次")
    assert names(people) == ["a1", "a2", "a3"]
    with pytest.raises(BatchMoved):
        actions.replay(actor=HAND, dataset_id=people.pk, since=9, work=WORK, reason="没有这一批")


def test_a_batch_that_was_altered_on_the_disk_is_not_done_anew(people: Dataset) -> None:
    batch = pour(people, [LI], [WANG])
    first, second = queries.parts(actor=HAND, batch_id=batch.pk)
    assert not first.stat().st_mode & 0o222, "nobody writes to it"
    kept = first.read_bytes()
    first.chmod(0o640)
    first.write_bytes(kept[:-1] + b"x")
    second.unlink()
    with pytest.raises(BatchAltered) as told:
        actions.replay(actor=HAND, dataset_id=people.pk, since=1, work=WORK, reason="试一次")
    assert [str(one.text)[:18] for one in told.value.reasons] == ["第1批的文件“part-000001", "第1批的文件“part-000002"]
    assert names(people) == ["李华", "王芳"]


def test_replaying_goes_over_what_a_later_batch_changed_in_rows_of_an_earlier(people: Dataset) -> None:
    pour(people, [LI, WANG])
    pour(people, [("a1", "李桦", "1990-03-07"), ZHAO])
    pour(people, [("a1", "李骅", "1990-03-07"), ZHAO], whole=True)
    actions.replay(actor=HAND, dataset_id=people.pk, since=1, work=WORK, reason="试一次")
    assert names(people) == ["李骅", "赵六"]
    last = queries.batches(actor=HAND, dataset_id=people.pk)[0]
    assert (last.counts["updated"], last.counts["deleted"], last.counts["unchanged"]) == (1, 1, 1)


def test_a_batch_is_an_open_file(people: Dataset) -> None:
    batch = pour(people, [LI], [WANG])
    paths = queries.parts(actor=HAND, batch_id=batch.pk)
    with duckdb.connect() as other:
        assert other.execute("select name from read_parquet(?)", [[str(path) for path in paths]]).fetchall() == [
            ("李华",),
            ("王芳",),
        ]


def test_every_file_of_the_lake_is_written_small(people: Dataset, tmp_path: Path) -> None:
    pour(people, [LI])  # a file that is taken over, then one the lake writes itself
    pour(people, [(f"b{number}", "赵六", "2001-12-31") for number in range(50)], [("a1", "李 华", "1990-03-07")])
    written_as = "select file_name, compression from parquet_metadata(?) group by all"
    found = duckdb.execute(written_as, [str(tmp_path / "rows" / "**" / "*.parquet")]).fetchall()
    assert len(found) > 1
    assert {compression for _name, compression in found} == {"ZSTD"}


def test_a_shape_is_refused_with_everything_that_is_wrong() -> None:
    wrong = [{"name": "a", "kind": "text"}, {"name": "a", "kind": "text"}, {"name": "b", "kind": "colour"}]
    with pytest.raises(DatasetRefused) as refused:
        make_dataset(key="People", columns=wrong, keys=["c"])
    assert [reason.code for reason in refused.value.reasons] == ["name", "kind", "twice", "unknown_key"]
    with pytest.raises(DatasetRefused) as refused:
        make_dataset(keys=[])
    assert [reason.code for reason in refused.value.reasons] == ["no_key"]


KINDS = [
    ("date", ["1990-03-07", "19900307", "1990/3/7", "1990年3月7日", "1990-03-07 08:00:00"], "1990-03-07"),
    ("integer", ["12", " 12 ", "1,2", "\u300012"], "12"),
    ("decimal", ["12.5", "12.500000"], "12.500000"),
    ("yes_no", ["是", "Y", "true", "1"], "True"),
    ("moment", ["1990-03-07 08:00:00", "1990-03-07T00:00:00Z"], "1990-03-07 00:00:00+00:00"),
]


@pytest.mark.parametrize(("kind", "ways", "read"), KINDS, ids=[kind for kind, *_ in KINDS])
def test_a_value_is_read_however_departments_write_it_and_never_guessed(kind: str, ways: list[str], read: str) -> None:
    dataset = make_dataset(columns=[{"name": "number", "kind": "text"}, {"name": "value", "kind": kind}])
    work = {
        "columns": [{"name": "number", "source": "number"}, {"name": "value", "source": "born", "kind": kind}],
        "newest": "",
    }
    batch = pour(dataset, [(f"n{at}", "", way) for at, way in enumerate([*ways, "不详", "", None])], work=work)
    found = queries.rows(actor=HAND, dataset_id=dataset.pk)
    assert [str(row["value"]) for row in found] == [read] * len(ways) + ["None", "None"]
    assert [row["_faults"] for row in queries.quarantined(actor=HAND, batch_id=batch.pk)] == [["unreadable:value"]]


def test_names_of_sources_are_taken_as_they_are() -> None:
    odd = make_dataset(columns=[{"name": "number", "kind": "text"}, {"name": "order", "kind": "text"}])
    batch = land(odd, [LI], seal=False)
    evil = '姓名"; drop table x; --'

    def write(path: Path, first: int) -> dict[str, Any]:
        with duckdb.connect() as duck:
            duck.execute(
                f"copy (select {first} as _row, 'a1' as number, '李华' as {quoted(evil)}) to '{path}' (format parquet)"
            )
        return {"after": ["a1"]}

    landed = actions.land_part(actor=HAND, batch_id=batch.pk, number=2, write=write)
    assert landed.parts[1]["after"] == ["a1"], "what the reader wants remembered"
    actions.seal_batch(actor=HAND, batch_id=batch.pk)
    work = {"columns": [{"name": "number", "source": "number"}, {"name": "order", "source": evil}], "newest": ""}
    assert actions.merge_batch(actor=HAND, batch_id=batch.pk, work=work).counts["inserted"] == 1
    assert queries.rows(actor=HAND, dataset_id=odd.pk)[0]["order"] == "李华"


def test_a_lake_that_does_not_answer_says_so_and_not_how_it_is_reached(
    people: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateways, "catalogue", lambda: "host=/nowhere password=geheim")
    with pytest.raises(LakeAway) as away:
        queries.count(actor=HAND, dataset_id=people.pk)
    assert "geheim" not in repr(away.value.__dict__)


def test_only_those_who_may_touch_it(people: Dataset) -> None:
    batch = land(people, [LI])
    stranger = Actor(kind="staff", department_id=people.department_id)
    make = partial(
        actions.create_dataset, key="x", title="x", columns=PEOPLE, keys=["number"], department_id=people.department_id
    )
    acts: list[Callable[..., Any]] = [
        partial(actions.merge_batch, batch_id=batch.pk, work=WORK),
        partial(queries.rows, dataset_id=people.pk),
        partial(queries.parts, batch_id=batch.pk),
        make,
    ]
    for actor, error in ((ANONYMOUS, NotSignedIn), (stranger, NotAllowed)):
        for act in acts:
            with pytest.raises(error):
                act(actor=actor)


def test_whoever_merges_is_alone_and_lets_go(people: Dataset) -> None:
    batch = land(people, [LI])
    name = f"lake:{people.pk}"
    with psycopg.connect(gateways.catalogue(), autocommit=True) as other:
        got = "select pg_try_advisory_lock(hashtextextended(%s, 0))"
        with alone(people):
            assert other.execute(got, [name]).fetchone() == (False,)
        actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK)
        assert other.execute(got, [name]).fetchone() == (True,)


def test_an_id_number_is_checked_as_the_standard_says() -> None:
    """GB 11643 by its own table of weights, beside the pass's arithmetic."""
    weights, last = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
    dice = Random(6)
    days = [date(1900, 1, 1) + timedelta(dice.randrange(45000)) for _ in range(300)]
    begins = [f"{dice.randrange(10**6):06}{day:%Y%m%d}{dice.randrange(1000):03}" for day in days]
    right = [begin + last[sum(int(d) * w for d, w in zip(begin, weights, strict=True)) % 11] for begin in begins]
    wrong = [one[:17] + last[(last.index(one[17]) + dice.randrange(1, 11)) % 11] for one in right]
    odd = [
        "1" * 17,
        "1" * 19,
        "-1234567890123456X",
        "1.234567890123e10",
        "1_234_567_890_123",
        "１" * 18,
        "x" * 18,
        "1e17             X",
        "51160219990230123X",  # no such day
    ]
    work = {"columns": [{"name": "number", "source": "number", "check": "id_number"}], "newest": ""}
    dataset = make_dataset(columns=[{"name": "number", "kind": "text"}])
    batch = pour(dataset, [(one, "", "") for one in [*right, *wrong, *odd]], work=work)
    bad = [row["number"] for row in queries.quarantined(actor=HAND, batch_id=batch.pk)]
    assert bad == [*wrong, *odd]


@pytest.mark.parametrize("blank", [" ", "\t", "\r\n", "\u3000", " \u3000"])
def test_blanks_at_both_ends_go_and_those_within_stay(people: Dataset, blank: str) -> None:
    pour(
        people,
        [
            (f"{blank}a1", f"李{blank}华{blank}", None),
            (f"a2{blank}", f"{blank}{blank}王", None),
            ("a3", f"！{blank}", None),
        ],
    )
    assert names(people) == [f"李{blank}华", "王", "！"]


def test_a_time_without_a_zone_is_chinas_with_its_summers() -> None:
    dataset = make_dataset(columns=[{"name": "number", "kind": "text"}, {"name": "at", "kind": "moment"}])
    work = {
        "columns": [{"name": "number", "source": "number"}, {"name": "at", "source": "born", "kind": "moment"}],
        "newest": "",
    }
    said = {
        "a1": "1988-07-01 09:00:00",
        "a2": "1992-07-01 08:00:00",
        "a3": "2026-07-01T08:00:00.5",
        "a4": "2026-07-01 08:00:00+09",
        "a5": "2026-07-01",
    }
    pour(dataset, [(number, "", text) for number, text in said.items()], work=work)
    found = [str(row["at"]) for row in queries.rows(actor=HAND, dataset_id=dataset.pk)]
    assert found == [
        "1988-07-01 00:00:00+00:00", "1992-07-01 00:00:00+00:00", "2026-07-01 00:00:00.500000+00:00", "2026-06-30 23:00:00+00:00",
        "2026-06-30 16:00:00+00:00",
    ]  # fmt: skip
