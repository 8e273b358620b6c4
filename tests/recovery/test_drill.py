"""The drill notices whatever did not come back as it was."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command

from tongban.config.launch import cluster
from tongban.config.launch.faults import LaunchError
from tongban.config.recovery import command, comparing, drilling, faults, place, programs, restoring
from tongban.config.recovery.comparing import Marked, differences
from tongban.config.recovery.store import Store
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.tasks.queries import work_seen

WAS = Marked(
    {"public.a": (2, "7", "8"), "public.b": (0, "", "")}, {"files/one": "d1", "files/gone": "", "keys/k": "d2"}
)


def test_what_is_the_same_is_no_difference() -> None:
    assert differences(WAS, dict(WAS.rows), {"files/one": "d1", "keys/k": "d2", "files/later": "d3"}) == []


def test_every_kind_of_difference_is_named() -> None:
    rows = {"public.a": (2, "7", "9"), "public.c": (1, "1", "1")}
    assert differences(WAS, rows, {"files/one": "d9"}) == [
        "table public.a", "table public.b", "table public.c", "file files/one", "file keys/k",
    ]  # fmt: skip


@contextmanager
def busy_writers() -> Iterator[None]:
    """The house goes on while it is drilled: rows come and change all the time, in several transactions at once."""
    stop = threading.Event()

    def write() -> None:
        with psycopg.connect(cluster.url(), autocommit=True) as server:
            while not stop.is_set():
                server.execute("insert into notes values ('more')")
                server.execute("update notes set words = 'changed' where ctid = (select max(ctid) from notes)")
                time.sleep(0.002)

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    time.sleep(0.2)
    yield
    stop.set()
    for writer in writers:
        writer.join()


def test_a_drill_under_load_finds_what_was_spoilt_and_nothing_else(
    primary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[drilling.Drilled] = []
    bring_back = restoring.restore

    def spoilt(store: Store, *, point: str) -> restoring.Restored:
        restored = bring_back(store, point=point)
        with programs.connect(cluster.url()) as second:
            second.execute("update others set words = 'other' where words = 'other 7'")
        (place.roots()["keys"] / "secret").write_bytes(b"another")
        return restored

    monkeypatch.setattr(command, "report", told.append)
    monkeypatch.setattr(drilling, "restore", spoilt)
    with programs.connect(cluster.url()) as server:
        for table in ("notes", "others"):
            server.execute(f"drop table if exists {table}")
            server.execute(f"create table {table} (words text)")
        server.execute("insert into others select 'other ' || n from generate_series(1, 1000) n")
    with busy_writers():
        assert command.drill([]) == faults.DAMAGED
    drilled = told.pop()
    assert drilled.differing == ["table public.others", "file keys/secret"]
    assert drilled.rows > 1000, "rows came while it went on"
    assert not list(primary.glob("drill-*"))


def test_the_mark_and_the_rows_are_of_one_moment_and_long_writers_are_told(
    primary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(comparing, "TRIES", 1)
    monkeypatch.setattr(comparing, "PATIENCE", "50ms")
    with programs.connect(cluster.url()) as server:
        server.execute("drop table if exists notes")
        server.execute("create table notes (words text)")
    with psycopg.connect(cluster.url()) as writer:
        writer.execute("insert into notes values ('not done yet')")
        with pytest.raises(LaunchError, match="长时间的写入"):
            comparing.mark(cluster.url(), "point", {})
        writer.rollback()
    assert comparing.mark(cluster.url(), "point", {}).rows["public.notes"][0] == 0


def test_a_drill_is_written_down(db: None) -> None:
    operator = Actor(kind="staff", grants={"tasks.see": Scope.ALL})
    assert work_seen(operator).drill is None
    said = drilling.Drilled("b", "2026-11-21T23:15:00+00:00", 3, 1000, 2, 1.5, 9.1, ["table public.notes"])
    call_command("drilled", json.dumps(said.__dict__ | {"differing": 1}))
    seen = work_seen(operator).drill
    assert seen is not None
    assert (seen.rows, seen.differing, seen.behind_s) == (1000, 1, 1.5)
