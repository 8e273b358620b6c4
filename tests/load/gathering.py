"""A file of persons into the lake (read, checked, standardised, doubles dropped) beside DuckDB's plain CSV → Parquet of the same file."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import override_settings

from tests.load.figures import Figure
from tests.load.persons import COLUMNS, EDUCATED, MARRIED, NATIONS, WORK, persons
from tongban.data.gathering.gateways import Page
from tongban.data.gathering.gateways.folders import Files
from tongban.data.lake import actions
from tongban.data.lake.rules import PARQUET
from tongban.data.lake.tests.factories import HAND, own_lake
from tongban.foundation.organisations.queries import all_departments

ROWS = int(os.environ.get("TONGBAN_BENCH_ROWS", 10_000_000))
ROUNDS = int(os.environ.get("TONGBAN_BENCH_ROUNDS", 3))
TARGET, MOST_MB = 0.55, 4096


def measure(rows: int = ROWS, rounds: int = ROUNDS) -> list[Figure]:
    """The peer, then ours, and all of it again: what else the machine does strikes both alike. Medians are told."""
    with TemporaryDirectory() as folder, own_lake(Path(folder) / "lake"):
        inbox = Path(folder) / "inbox" / "office"
        inbox.mkdir(parents=True)
        persons(inbox / "persons.csv", rows, changed="2026-01-01")
        persons(inbox / "changed.csv", rows // 10, changed="2026-02-01")
        with override_settings(GATHERING_ROOT=str(inbox.parent), LAKE_THREADS=os.cpu_count() or 1):
            took = [_round(inbox) for _ in range(rounds)]
    plain, hand, landed, merged, changed, least = (
        statistics.median(one[name] for one in took)
        for name in ("plain", "hand", "landed", "merged", "changed", "least")
    )
    ratios = [round(one["plain"] / (one["landed"] + one["merged"]), 3) for one in took]
    alone = statistics.median(one["plain_processor"] / one["processor"] for one in took)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts, again = took[0]["counts"], took[0]["again"]
    told = f"{rows:,} rows, {counts['quarantined']:,} put aside, {counts['superseded']:,} doubles dropped"
    turns = f"rounds: {' '.join(f'{ratio:g}' for ratio in ratios)}"
    beside = f"{rows // 10:,} changed rows into {rows:,}, {again['updated']:,} updated"
    return [
        Figure(
            "gathering against DuckDB's plain CSV → Parquet", statistics.median(ratios), "", TARGET, at_least=True, note=f"{told}; {turns}"
        ),
        Figure("gathering", round(rows / (landed + merged)), "rows/s", note="checked, standardised, newest of doubles, into the lake"),
        Figure("of that, the file into the batch", round(landed, 1), "s", note="kept as it came, in Parquet"),
        Figure("of that, the batch into the lake", round(merged, 1), "s"),
        Figure("DuckDB's plain CSV → Parquet", round(rows / plain), "rows/s", note="the same file"),
        Figure(
            "one hand-written statement against the same", round(plain / hand, 3), "", note="the same checks; no batch, reasons or history"
        ),
        Figure("merging what changed", round(rows // 10 / changed), "rows/s", note=beside),
        Figure("merging against its limit", round(least / changed, 3), "", note="what changed written once, keys of both files joined"),
        Figure("memory at most", round(most), "MB", MOST_MB, note=f"lake bound to {settings.LAKE_MEMORY}"),
        Figure(
            "DuckDB's processor time to that of gathering", round(alone, 3), "",
            note="what the ratio is when nothing else runs on the machine",
        ),
    ]  # fmt: skip


def _round(inbox: Path) -> dict[str, Any]:
    before = _processor(resource.RUSAGE_CHILDREN)
    plain = _alone(_plain(inbox / "persons.csv"))
    plain_processor = _processor(resource.RUSAGE_CHILDREN) - before
    hand = _alone(by_hand(inbox / "persons.csv"))
    dataset = actions.create_dataset(
        actor=HAND,
        key=f"bench_persons_{uuid4().hex[:8]}",  # what an earlier measurement made stays in its database
        title="示例",
        columns=[{"name": one["name"], "kind": one["kind"]} for one in COLUMNS],
        keys=["id_number"],
        department_id=all_departments()[0].pk,
    )
    before = _processor(resource.RUSAGE_SELF)
    landed, merged, counts = gathered(dataset.pk, "persons.csv")
    processor = _processor(resource.RUSAGE_SELF) - before
    *changed, again = gathered(dataset.pk, "changed.csv")
    least = _alone(_plain(inbox / "changed.csv")) + _alone(_keys_joined(inbox))
    return {
        "plain": plain, "landed": landed, "merged": merged, "counts": counts, "changed": sum(changed), "again": again,
        "least": least, "hand": hand, "plain_processor": plain_processor, "processor": processor,
    }  # fmt: skip


def _processor(whose: int) -> float:
    """Seconds of processor time so far."""
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


def _alone(statement: str) -> float:
    """Seconds a statement takes DuckDB in a process of its own: its memory is not ours."""
    work = (
        "import duckdb, sys, time; duck = duckdb.connect(config={'threads': sys.argv[2]}); began = time.perf_counter(); "
        "duck.execute(sys.argv[1]); print(time.perf_counter() - began)"
    )
    said = [sys.executable, "-c", work, statement, str(os.cpu_count() or 1)]
    return float(
        subprocess.run(said, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )  # after a bar that shows how far it is


def _plain(source: Path) -> str:
    return f"copy (from read_csv('{source}')) to '{source}.plain' ({PARQUET})"


def _keys_joined(inbox: Path) -> str:
    """After both have been written plainly."""
    changed, persons = (f"read_parquet('{inbox / name}.csv.plain')" for name in ("changed", "persons"))
    return f"select count(*) from {changed} semi join {persons} using (GMSFHM)"


def by_hand(source: Path) -> str:
    """What an engineer would write for this one file: the same checks and the newest of doubles, no batch kept, no reasons, no history."""
    digits = " + ".join(f"{2 ** (place - 1)} * (n // {10**place})" for place in range(1, 17))  # see kernel/checked.py
    right = f"substr('10X98765432', 1 + 2 * (n - 8 * ({digits})) % 11, 1) = substr(GMSFHM, 18, 1)"
    among = {"XB": ["0", "1", "2", "9"], "MZ": NATIONS, "HYZK": MARRIED, "WHCD": EDUCATED}
    codes = " and ".join(f"{name} in {tuple(known)}" for name, known in among.items())
    good = f"regexp_full_match(GMSFHM, '[0-9]{{17}}[0-9X]') and {right} and XM is not null and CSRQ is not null and {codes}"
    values = (
        "GMSFHM, trim(XM, ' \u3000') as XM, case XB when '男性' then '1' when '女性' then '2' else XB end as XB, MZ, "
        "cast(try_strptime(CSRQ, ['%Y%m%d', '%Y-%m-%d']) as date) as CSRQ, replace(SJHM, ' ', '') as SJHM, HYZK, WHCD, "
        "trim(HJDZ) as HJDZ, cast(GXSJ as timestamp) as GXSJ, try_cast(left(GMSFHM, 17) as bigint) as n"
    )
    read = f"(select {values} from read_csv('{source}', all_varchar = true, header = true))"
    newest = "qualify row_number() over (partition by GMSFHM order by GXSJ desc) = 1"
    return f"copy (from (select * exclude (n) from {read} where {good}) {newest}) to '{source}.by-hand' ({PARQUET})"


def gathered(dataset_id: Any, table: str) -> tuple[float, float, Mapping[str, int]]:
    """As a run does it: landed, sealed, merged; seconds of landing and of merging, and what it came to."""
    began = time.perf_counter()
    batch = actions.begin_batch(actor=HAND, dataset_id=dataset_id, whole=False)
    with closing(Files({"folder": "office"}, {})) as source:
        page = Page(list(source.columns(table)))

        def write(path: Path, first: int) -> Mapping[str, Any]:
            return {"after": source.write(table, page, path, first)}

        actions.land_part(actor=HAND, batch_id=batch.pk, number=1, write=write)
    actions.seal_batch(actor=HAND, batch_id=batch.pk)
    landed = time.perf_counter()
    counts = actions.merge_batch(actor=HAND, batch_id=batch.pk, work=WORK).counts
    return landed - began, time.perf_counter() - landed, dict(counts)
