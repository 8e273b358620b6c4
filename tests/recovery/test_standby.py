"""The primary is killed under load, the standby is promoted, and no write that was acknowledged is missing."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from tongban.config.launch import cluster
from tongban.config.launch.faults import LaunchError
from tongban.config.recovery import command, place, programs, standing_by
from tongban.config.settings.database import _from_url

WRITERS = 4
SECONDS = float(os.environ.get("KILL_SECONDS", "1"))  # of load before the kill
ROUNDS = int(os.environ.get("KILL_ROUNDS", "1"))


class Writers:
    """Clients that believe only what was acknowledged, and go on at whichever server takes writes."""

    def __init__(self, url: str) -> None:
        self.url, self.acknowledged, self.numbers = url, list[int](), count(1)
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, daemon=True) for _ in range(WRITERS)]

    def _write(self) -> None:
        while not self._stop.is_set():
            with suppress(psycopg.Error), psycopg.connect(self.url, autocommit=True, connect_timeout=5) as server:
                while not self._stop.is_set():
                    number = next(self.numbers)
                    server.execute("insert into notes values (%s)", [number])
                    self.acknowledged.append(number)
            self._stop.wait(0.05)

    def __enter__(self) -> Writers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(10)


def kill(data: Path) -> None:
    """The whole server at once, as when the machine is gone: a postmaster alone would leave its children writing."""
    postmaster = int((data / "postmaster.pid").read_text().splitlines()[0])
    children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in (postmaster, *map(int, children)):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def lone_primary(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cluster that may be killed, as careful as a real one."""
    monkeypatch.delenv("TONGBAN_TESTING", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("TONGBAN_STANDBY_SYNCHRONOUS", "1")
    monkeypatch.setenv("TONGBAN_HOME", str(elsewhere / "primary"))
    cluster.start()
    with programs.connect(cluster.url()) as server:
        server.execute("create table notes (number bigint primary key)")
    yield elsewhere / "primary"
    for home in (elsewhere / "primary", elsewhere / "primary" / "standby"):
        with place.house_in(home), suppress(LaunchError):
            cluster.stop()


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_no_acknowledged_write_is_lost_when_the_primary_is_killed(
    lone_primary: Path, django_db_blocker: DjangoDbBlocker, capsys: pytest.CaptureFixture, turn: int
) -> None:
    home, url = lone_primary / "standby", cluster.url()
    assert standing_by.state(home, of=url).role == "away"
    state = standing_by.start(home, of=url)
    assert (state.role, state.synchronous) == ("following", True)
    with pytest.raises(LaunchError, match="主库仍在接受写入"):
        standing_by.promote(home, of=url)

    app = ConnectionHandler({"default": _from_url(state.address)})["default"]
    with Writers(state.address) as writers:
        time.sleep(SECONDS)
        with django_db_blocker.unblock(), app.cursor() as cursor:
            cursor.execute("select count(*) from notes")
        kill(cluster.data_folder())
        killed, before = time.monotonic(), len(writers.acknowledged)
        assert standing_by.state(home, of=url).role == "waiting"
        assert standing_by.promote(home, of=url).role == "promoted"
        while len(writers.acknowledged) <= before + WRITERS:  # what was on its way may still have been told
            assert time.monotonic() < killed + 30, "writers did not follow"
            time.sleep(0.01)
        away = time.monotonic() - killed

    with django_db_blocker.unblock():
        app.close_if_unusable_or_obsolete()  # as Django does before each request
        with app.cursor() as cursor:
            cursor.execute("select number from notes")
            there = {row[0] for row in cursor.fetchall()}
        app.close()
    with pytest.raises(LaunchError, match="备库已经接替"):
        cluster.start()
    assert len(writers.acknowledged) > 10
    assert set(writers.acknowledged) - there == set(), "acknowledged, and gone"
    with capsys.disabled():
        if ROUNDS > 1:
            sys.stdout.write(f"\n{len(writers.acknowledged)} acknowledged, 0 lost, {away:.1f} s away\n")


def test_a_standby_that_is_not_there_is_said(primary: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert command.standby(["status", "--into", str(tmp_path / "none")]) == 0
    assert "没有运行" in capsys.readouterr().out
    assert command.standby(["promote", "--into", str(tmp_path / "none")]) == 12
    assert "主库仍在接受写入" in capsys.readouterr().err
    assert (
        command.standby(["promote", "--of", "postgresql:///none?host=/nowhere", "--into", str(tmp_path / "none")]) == 12
    )
    assert "没有正在运行的备库" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("first", "second", "hosts", "ports"),
    [
        ("postgresql://a@/city?host=/one", "postgresql://b@/city?host=/two", "/one,/two", "5432,5432"),
        ("postgresql://a:p%40@db1:5433/city", "postgresql://b@db2/city", "db1,db2", "5433,5432"),
    ],
)
def test_the_app_is_given_one_address_for_both(first: str, second: str, hosts: str, ports: str) -> None:
    read = _from_url(standing_by.both(first, second))
    assert (read["NAME"], read["USER"], read["HOST"], read["PORT"]) == ("city", "a", hosts, ports)
    assert read["PASSWORD"] == ("p@" if "p%40" in first else "")
    assert read["OPTIONS"]["target_session_attrs"] == "read-write"
