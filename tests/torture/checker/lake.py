"""What came in from departments' files and systems: each batch whole and once, and the view what the last of them brought.

Read with DuckDB as any engine would read it: the parts are Parquet files, the order of versions lies in the database.
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import psycopg
from psycopg.conninfo import make_conninfo

from tests.torture.handed import SYSTEM, SYSTEM_ROWS, rows_of
from tests.torture.ledger import ACKNOWLEDGED, REFUSED, Request

Found = Iterator[tuple[str, str]]
RUNS = """
select r.id::text, r.state, b.state, b.number, b.parts::text, d.key
from gathering_run r join lake_batch b on b.id = r.batch_id join lake_dataset d on d.id = b.dataset_id order by d.key, b.number
"""
# A row's place in its batch: its number where the part says it, else where it stands in its file.
BROUGHT = """
select count(*), count(distinct id), count(distinct {place}), list(distinct version::int)
from read_parquet(?, filename = true, file_row_number = true)
"""
PARTED = """
select count(*) from ((select id::text, version::text from lake.{key} except all select id::text, version::text from read_parquet($1))
union all (select id::text, version::text from read_parquet($1) except all select id::text, version::text from lake.{key}))
"""


class Run(NamedTuple):
    id: str
    state: str
    batch: str
    number: int
    parts: list[dict[str, Any]]
    key: str

    def paths(self, lake: Path) -> list[Path]:
        return [lake / "raw" / self.key / f"{self.number:08d}" / part["name"] for part in self.parts]


def gathered(link: psycopg.Connection, requests: list[Request], lake: Path, schema: str = "lake") -> Found:
    """No run lost, told twice or left hanging; no part that is not what was landed; no row of a batch missing or there twice."""
    runs = [Run(*row[:4], json.loads(row[4]), row[5]) for row in link.execute(RUNS)]
    yield from _as_told(runs, requests)
    versions = {0, *(int(one.mark) for one in requests if one.act == "hand_in" and one.outcome != REFUSED)}
    last: dict[str, Run] = {}
    for run in runs:
        if run.state == "running":
            yield run.id, "neither done nor stopped"
        if (run.state == "done") != (run.batch == "merged"):
            yield run.id, f"{run.state}, and its batch is {run.batch}"
        broken = [path.name for path, part in zip(run.paths(lake), run.parts, strict=True) if not _is_whole(path, part)]
        yield from ((run.id, f"{name} is not what was landed") for name in broken)
        if run.batch == "merged":
            last.pop(run.key, None)
            if not broken:
                yield from _once(run, lake, versions)
                last[run.key] = run
    if last:
        yield from _views(link, lake, schema, last)


def _as_told(runs: list[Run], requests: list[Request]) -> Found:
    told = Counter(
        one.told["location"].rstrip("/").rpartition("/")[2]
        for one in requests
        if one.act == "gather" and one.outcome == ACKNOWLEDGED
    )
    known = {run.id for run in runs}
    yield from ((run, "acknowledged, and does not exist") for run in told if run not in known)
    yield from ((run, f"was begun {times} times") for run, times in told.items() if times > 1)


def _is_whole(path: Path, part: dict[str, Any]) -> bool:
    return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == part["sha256"]


def _once(run: Run, lake: Path, versions: set[int]) -> Found:
    """A batch holds one version of what was handed in, all of it, each row once."""
    place = "_row" if all(part.get("numbered", True) for part in run.parts) else "(filename, file_row_number)"
    with duckdb.connect() as duck:
        rows, different, places, said = duck.execute(
            BROUGHT.format(place=place), [[str(path) for path in run.paths(lake)]]
        ).fetchone()  # type: ignore[misc]
    if len(said) != 1 or said[0] not in versions:
        yield run.id, f"brought versions {sorted(said)}"
        return
    expected = SYSTEM_ROWS if run.key == SYSTEM else rows_of(said[0])
    if not rows == different == places == expected:
        yield run.id, f"{rows} rows, {different} different ones, at {places} places, of {expected}"


def _views(link: psycopg.Connection, lake: Path, schema: str, last: dict[str, Run]) -> Found:
    with duckdb.connect(config={"autoinstall_known_extensions": False}) as duck:
        for name in ("postgres_scanner", "ducklake"):
            wheel = Path(str(files(importlib.import_module(f"duckdb_extension_{name}"))))
            duck.execute(f"load '{wheel}/extensions/v{duckdb.__version__}/{name}.duckdb_extension'")
        address = make_conninfo(link.info.dsn, password=link.info.password or None)
        rows = str(lake / "rows")
        terms = f"data_path '{rows}', metadata_schema '{schema}', read_only"
        duck.execute(f"attach '{('ducklake:postgres:' + address).replace(chr(39), chr(39) * 2)}' as lake ({terms})")
        for key, run in last.items():
            paths = [str(path) for path in run.paths(lake)]
            (apart,) = duck.execute(PARTED.format(key=key), [paths]).fetchone() or (0,)
            if apart:
                yield key, f"{apart} rows of the view are not those of batch {run.number}"
