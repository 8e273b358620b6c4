"""A file of persons into the lake (read, checked, standardised, doubles dropped) beside DuckDB's plain CSV → Parquet of the same file."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from django.conf import settings
from django.test import override_settings

from tests.load.figures import Figure
from tongban.data.gathering.gateways import Page
from tongban.data.gathering.gateways.folders import Files
from tongban.data.lake import actions
from tongban.data.lake.tests.factories import HAND, own_lake
from tongban.foundation.organisations.queries import all_departments

ROWS = int(os.environ.get("TONGBAN_BENCH_ROWS", 10_000_000))
TARGET, MOST_MB = 0.55, 4096
NATIONS = [f"{code:02d}" for code in range(1, 57)]
COLUMNS: list[dict[str, Any]] = [
    {"name": "id_number", "source": "GMSFHM", "kind": "text", "required": True, "check": "id_number"},
    {"name": "name", "source": "XM", "kind": "text", "required": True},
    {"name": "sex", "source": "XB", "kind": "text", "codes": ["0", "1", "2", "9"]},
    {"name": "nation", "source": "MZ", "kind": "text", "codes": NATIONS},
    {"name": "born_on", "source": "CSRQ", "kind": "date"},
    {"name": "address", "source": "ZZ", "kind": "text"},
    {"name": "changed", "source": "GXSJ", "kind": "moment"},
]
WORK = {"columns": COLUMNS, "newest": "GXSJ", "rejects": True}


def measure(rows: int = ROWS) -> list[Figure]:
    with TemporaryDirectory() as folder, own_lake(Path(folder) / "lake"):
        inbox = Path(folder) / "inbox" / "office"
        inbox.mkdir(parents=True)
        persons(inbox / "persons.csv", rows, changed="2026-01-01")
        persons(inbox / "changed.csv", rows // 10, changed="2026-02-01")
        plain = _seconds(lambda: _plain(inbox / "persons.csv", Path(folder) / "plain.parquet"))
        with override_settings(GATHERING_ROOT=str(inbox.parent), LAKE_THREADS=os.cpu_count() or 1):
            office = all_departments()[0]
            shape = [{"name": one["name"], "kind": one["kind"]} for one in COLUMNS]
            dataset = actions.create_dataset(
                actor=HAND,
                key="bench_persons",
                title="示例",
                columns=shape,
                keys=["id_number"],
                department_id=office.pk,
            )
            counts: dict[str, Mapping[str, int]] = {}
            ours = _seconds(lambda: counts.update(all=_gathered(dataset.pk, "persons.csv")))
            merged = _seconds(lambda: counts.update(changed=_gathered(dataset.pk, "changed.csv")))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    told = f"{rows:,} rows, {counts['all']['quarantined']:,} put aside, {counts['all']['superseded']:,} doubles dropped"
    again = f"{rows // 10:,} changed rows into {rows:,}, {counts['changed']['updated']:,} updated"
    return [
        Figure("gathering against DuckDB's plain CSV → Parquet", round(plain / ours, 3), "", TARGET, at_least=True, note=told),
        Figure("gathering", round(rows / ours), "rows/s", note="read, ID digits, dates, codes, newest of doubles, into the lake"),
        Figure("DuckDB's plain CSV → Parquet", round(rows / plain), "rows/s", note="the same file"),
        Figure("merging what changed", round(rows // 10 / merged), "rows/s", note=again),
        Figure("memory at most", round(most), "MB", MOST_MB, note=f"lake bound to {settings.LAKE_MEMORY}"),
    ]  # fmt: skip


def persons(path: Path, rows: int, *, changed: str) -> None:
    """Invented persons with right ID numbers; one in fifty comes twice, one in a thousand has a wrong digit."""
    weighed = " + ".join(f"(ascii(substr(id, {place}, 1)) - 48) * {2 ** (18 - place) % 11}" for place in range(1, 18))
    last = f"substr('10X98765432', 1 + ({weighed}) % 11, 1)"
    with duckdb.connect() as duck:
        number = "n - case when n % 50 = 49 then 1 else 0 end as p"  # which person it is
        day = "strftime(date '1950-01-01' + cast(p // 900 % 25000 as integer), '%Y%m%d')"
        names = "concat('示例', n % 5003) as XM, cast(1 + n % 2 as varchar) as XB, printf('%02d', 1 + n % 56) as MZ, day as CSRQ"
        rest = f"concat('示例路', n % 997, '号') as ZZ, cast(timestamp '{changed}' + to_seconds(n) as varchar) as GXSJ"
        duck.execute(
            f"copy (select concat(left(id, 17), case when n % 1000 = 7 then 'x' else {last} end) as GMSFHM, {names}, {rest} "
            f"from (select n, day, concat('511602', day, printf('%03d', p % 900), '0') as id from (select n, p, {day} as day "
            f"from (select n, {number} from range({int(rows)}) as t(n))))) to '{path}' (header, delimiter ',')"
        )


def _plain(source: Path, target: Path) -> None:
    with duckdb.connect(config={"threads": os.cpu_count() or 1}) as duck:
        duck.execute(f"copy (from read_csv('{source}')) to '{target}' (format parquet)")


def _gathered(dataset_id: Any, table: str) -> Mapping[str, int]:
    """As a run does it: landed, sealed, merged."""
    batch = actions.begin_batch(actor=HAND, dataset_id=dataset_id, whole=False)
    with closing(Files({"folder": "office"}, {})) as source:
        page = Page(list(source.columns(table)))

        def write(path: Path, first: int) -> Mapping[str, Any]:
            return {"after": source.write(table, page, path, first)}

        actions.land_part(actor=HAND, batch_id=batch.pk, number=1, write=write)
    actions.seal_batch(actor=HAND, batch_id=batch.pk)
    return dict(actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK).counts)


def _seconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
