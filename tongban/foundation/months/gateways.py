"""The database's side of months, and the file one is kept in. No statement here keeps others waiting for more than its lock's patience.

Names of tables and columns are those of `settings.MONTHLY`, never anybody's input.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from operator import attrgetter
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from .rules import Month, Monthly, end_of, month_in, name_of, starts

LOCK_WAIT, ATTEMPTS = "500ms", 20
AT_ONCE = 5000
PARTS = """
select child.relname, link.inhdetachpending
from pg_inherits link join pg_class child on child.oid = link.inhrelid
where link.inhparent = %s::regclass order by 1
"""
LOOSE = """
select relname from pg_class where relkind = 'r' and not relispartition and relname like %s and relnamespace = %s::regnamespace
"""


def _run(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def _patience() -> Iterator[None]:
    _run(f"set lock_timeout = '{LOCK_WAIT}'")
    try:
        yield
    finally:
        _run("reset lock_timeout")


def without_standing_in_the_way(work: Callable[[], object]) -> None:
    """Who waits for a lock makes all behind it wait: so not for long, and then again."""
    for left in reversed(range(ATTEMPTS)):
        try:
            with _patience():
                work()
        except OperationalError as error:
            if not left or not isinstance(error.__cause__, LockNotAvailable):
                raise
            time.sleep(0.5)
        else:
            return


def parts_of(table: str) -> list[Month]:
    """All parts of a table, and months of it that were let go and not yet put away."""
    attached = [(name, True, going) for name, going in _run(PARTS, [table])]
    loose = [(name, False, False) for (name,) in _run(LOOSE, [f"{table}\\_y%", "public"])]
    months = [(month_in(table, name), name, *how) for name, *how in attached + loose]
    return sorted((Month(table, name, month, *how) for month, name, *how in months if month), key=attrgetter("month"))


def make(table: str, month: date) -> None:
    """An empty part for a month. ATTACH lets others read and write; CREATE … PARTITION OF would not."""

    @transaction.atomic
    def attached() -> None:
        name = name_of(table, month)
        _run(f"create table {name} (like {table} including all)")
        _attach(table, name, month)

    without_standing_in_the_way(attached)


def _attach(table: str, name: str, month: date, earliest: date | None = None) -> None:
    since, until = starts(min(month, earliest or month)).isoformat(), end_of(month).isoformat()
    _run(f"alter table {table} attach partition {name} for values from ('{since}') to ('{until}')")


def let_go(month: Month) -> None:
    """Out of its table, while others go on reading and writing that. Waits for those who are reading now, and is in nobody's way."""
    how = "finalize" if month.is_going else "concurrently"
    _run(f"alter table {month.table} detach partition {month.name} {how}")


def drop(name: str) -> None:
    _run(f"drop table {name}")


# -- the file -------------------------------------------------------------------------------------------------------------


def file_of(table: str, month: date) -> str:
    return f"months/{table}-{month:%Y-%m}.jsonl.gz"


def _rows(name: str, column: str) -> Iterator[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        rows_in_order = f"select row_to_json(one)::text from {name} one order by {column}, id"  # noqa: S608
        cursor.execute(f"declare lines no scroll cursor for {rows_in_order}")
        while True:
            cursor.execute(f"fetch {AT_ONCE} from lines")
            rows = cursor.fetchall()
            if not rows:
                return
            yield from (row[0] for row in rows)


def write(monthly: Monthly, month: Month, file: str) -> tuple[int, str]:
    """Every row as a line of JSON; how many, and the SHA-256 of the file. What a killed one left is replaced."""
    rows = 0
    with TemporaryFile() as made:
        with gzip.GzipFile(fileobj=made, mode="wb", mtime=0) as lines:
            for row in _rows(month.name, monthly.column):
                lines.write(row.encode() + b"\n")
                rows += 1
        made.seek(0)
        digest = hashlib.file_digest(made, "sha256").hexdigest()
        made.seek(0)
        default_storage.delete(file) if default_storage.exists(file) else None
        default_storage.save(file, File(made, file))
    return rows, digest


def read(file: str) -> tuple[int, str]:
    """How many rows a file really holds, and its SHA-256: opened and unpacked to its end; -1 where that cannot be done."""
    with default_storage.open(file) as kept:
        digest = hashlib.file_digest(kept, "sha256").hexdigest()
        kept.seek(0)
        try:
            return sum(1 for _row in _lines(kept)), digest
        except (OSError, EOFError, zlib.error):
            return -1, digest


def _lines(kept: IO[bytes]) -> Iterator[str]:
    with gzip.GzipFile(fileobj=kept) as lines:
        for line in lines:
            yield line.decode()


def count(name: str) -> int:
    return int(_run(f"select count(*) from {name}")[0][0])  # noqa: S608


def fill(monthly: Monthly, month: date, file: str) -> int:
    """The month out of its file, filled while nobody sees it, then attached; how many rows."""
    table, name = monthly.table, name_of(monthly.table, month)

    @transaction.atomic
    def filled() -> int:
        _run(f"create table {name} (like {table} including all)")
        with default_storage.open(file) as kept, connection.cursor() as cursor:
            rows, part = 0, []
            for line in _lines(kept):
                part.append(json.loads(line))
                if len(part) == AT_ONCE:
                    rows += _insert(cursor, name, part)
                    part = []
            return rows + _insert(cursor, name, part)

    rows = filled()
    earliest = _run(f"select min({monthly.column} at time zone 'utc')::date from {name}")[0][0]  # noqa: S608
    without_standing_in_the_way(lambda: _attach(table, name, month, earliest))
    return rows


def _insert(cursor: Any, name: str, part: list[Any]) -> int:
    rows = f"insert into {name} select * from json_populate_recordset(null::{name}, %s::json)"  # noqa: S608
    cursor.execute(rows, [json.dumps(part)])
    return int(cursor.rowcount)
