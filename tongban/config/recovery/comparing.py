"""Two houses compared: every table by the number and the digest of its rows, every file and key by its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from . import faults, trees
from .programs import connect

TABLES = """select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^(pg_|information_schema)' order by 1, 2"""
# Sums do not care for order; two seeds make 128 bits of them. Not against a forger: against a loss.
DIGEST = """select count(*), sum(hashtextextended((of_table.*)::text, 0))::text, sum(hashtextextended((of_table.*)::text, 1))::text
from {} of_table"""
TRIES, PATIENCE = 5, "3s"

Rows = dict[str, tuple[int, str, str]]


@dataclass(frozen=True)
class Marked:
    """What the running house held at a named point of its log."""

    rows: Rows
    files: dict[str, str]


def rows_of(server: psycopg.Connection) -> Rows:
    server.execute("set timezone = 'UTC'")
    found = {}
    for table in server.execute(TABLES).fetchall():
        row = server.execute(SQL(DIGEST).format(Identifier(*table))).fetchone()
        assert row is not None
        found[".".join(table)] = (row[0], row[1] or "", row[2] or "")
    return found


def files_of(roots: Mapping[str, Path]) -> dict[str, str]:
    found = {}
    for root, folder in roots.items():
        for path, _ in trees.files_under(folder):
            found[f"{root}/{path}"] = _digest(folder / path)
    return found


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except FileNotFoundError:  # deleted while we looked
        return ""


@contextmanager
def _writers_hold_still(url: str, point: str) -> Iterator[str]:
    """For a moment nobody writes: the named point of the log and a snapshot show the very same rows."""
    with connect(url) as server:
        tables = server.execute(TABLES).fetchall()
        lock = SQL("lock table {} in share mode").format(SQL(", ").join(Identifier(*row) for row in tables))
        for turn in range(TRIES):
            server.execute("begin isolation level repeatable read")
            try:
                # No select before the lock: the snapshot is taken at the first.
                server.execute(SQL("set local lock_timeout = {}").format(PATIENCE))
                if tables:
                    server.execute(lock)
                break
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
                server.execute("rollback")
                if turn == TRIES - 1:
                    raise faults.never_still() from None
        row = server.execute("select pg_create_restore_point(%s), pg_export_snapshot()", [point]).fetchone()
        assert row is not None
        yield row[1]
        server.execute("rollback")


def mark(url: str, point: str, roots: Mapping[str, Path]) -> Marked:
    """Name a point of the log, and say what the house holds there. Writers wait for milliseconds."""
    with connect(url) as reader:
        reader.execute("begin isolation level repeatable read read only")
        with _writers_hold_still(url, point) as snapshot:
            reader.execute(SQL("set transaction snapshot {}").format(snapshot))
        return Marked(rows_of(reader), files_of(roots))


def differences(was: Marked, rows: Rows, files: dict[str, str]) -> list[str]:
    """What did not come back as it was. A file deleted while we looked is no loss, nor is one that came later."""
    tables = [name for name in sorted({*was.rows, *rows}) if was.rows.get(name) != rows.get(name)]
    lost = [name for name, digest in was.files.items() if digest and files.get(name) != digest]
    return [*(f"table {name}" for name in tables), *(f"file {name}" for name in sorted(lost))]
