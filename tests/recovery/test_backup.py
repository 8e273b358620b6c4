"""A real cluster is backed up while it is written to, and comes back: the latest, and as it was at a moment."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from tongban.config.launch import cluster
from tongban.config.launch.faults import LaunchError
from tongban.config.recovery import archiving, checking, command, place, programs
from tongban.config.recovery.restoring import restore
from tongban.config.recovery.store import now
from tongban.config.recovery.taking import take


def until(true: Callable[[], bool], patience: float = 30) -> None:
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def notes(home: Path) -> list[str]:
    with place.house_in(home), psycopg.connect(cluster.url()) as server:
        return [row[0] for row in server.execute("select words from notes order by words")]


def test_a_house_comes_back_as_it_was_at_a_moment_and_as_it_is(primary: Path, elsewhere: Path) -> None:
    url, store = cluster.url(), place.store()
    (primary / "files" / "late").unlink(missing_ok=True)
    with programs.connect(url) as server:
        server.execute("drop table if exists notes")
        server.execute("create table notes (words text)")
        server.execute("insert into notes values ('before the backup')")
        archiving.ready(store, url)
        made = take(store, url=url)
        assert checking.verify(store).faults == []
        server.execute("insert into notes values ('early')")
        time.sleep(0.01)
        moment = now()
        time.sleep(0.01)
        server.execute("insert into notes values ('late')")
        (primary / "files" / "late").write_bytes(b"came later")
        archiving.bring_up_to_now(store, url, patience=30)

    with place.house_in(elsewhere):
        assert restore(store, at=moment).backup == made
        assert notes(elsewhere) == ["before the backup", "early"]
        assert (elsewhere / "files" / "ab" / "letter").read_bytes() == b"a letter"
        assert (elsewhere / "keys" / "secret").read_bytes() == b"a key"
        assert not (elsewhere / "files" / "late").exists()
        with pytest.raises(LaunchError, match="不是空的"):
            restore(store)
        cluster.stop()
        cluster.start()  # as an operator does next: it is a house like any other
        assert notes(elsewhere) == ["before the backup", "early"]


def test_the_log_is_carried_while_it_is_written_and_a_killed_carrier_goes_on(primary: Path, elsewhere: Path) -> None:
    url, store = cluster.url(), place.store()
    carrier = [sys.executable, "-m", "tongban", "backup", "keep"]
    with programs.connect(url) as server:
        server.execute("drop table if exists notes")
        server.execute("create table notes (words text)")
        first = subprocess.Popen(carrier, stdout=subprocess.DEVNULL)
        until(lambda: bool(store.folder.exists() and store.backups()))
        server.execute("insert into notes values ('one')")
        first.kill()
        first.wait()
        server.execute("insert into notes values ('two')")
        server.execute("select pg_switch_wal()")
        server.execute("insert into notes values ('three')")
        second = subprocess.Popen(carrier, stdout=subprocess.DEVNULL)
        archiving.bring_up_to_now(store, url, patience=30)  # waits for it, or does it before it has begun
        second.send_signal(signal.SIGTERM)
        second.wait(20)
    assert checking.verify(store).faults == []
    with place.house_in(elsewhere):
        restore(store)
    assert notes(elsewhere) == ["one", "three", "two"]


def test_a_segment_that_was_half_laid_out_does_not_stop_the_next_receiver(primary: Path, elsewhere: Path) -> None:
    url, store = cluster.url(), place.store()
    archiving.ready(store, url)
    take(store, url=url)
    archiving.bring_up_to_now(store, url, patience=30)
    spool = archiving.Archive(store, url).spool
    with programs.connect(url) as server:
        server.execute("create table if not exists notes (words text)")
        server.execute("insert into notes values ('after')")
        place_in_log = "select pg_walfile_name(restart_lsn + 1) from pg_replication_slots where slot_name = %s"
        (name,) = server.execute(place_in_log, [archiving.SLOT]).fetchone()
    # What a receiver lays out next, and no later one: the log before it has come.
    half = max(spool.glob("*.partial"), default=spool / f"{name}.partial")
    half.write_bytes(bytes(7_184_384))
    archiving.bring_up_to_now(store, url, patience=30)
    assert checking.verify(store).faults == []
    with place.house_in(elsewhere):
        restore(store)
    assert "after" in notes(elsewhere)


def test_a_moment_that_is_not_in_the_log_leaves_the_folder_empty(primary: Path, elsewhere: Path) -> None:
    store = place.store()
    take(store, url=cluster.url())
    with place.house_in(elsewhere):
        with pytest.raises(LaunchError, match="还没有到"):
            restore(store, at=now() + timedelta(days=1))
        assert not cluster.data_folder().exists()
        assert not (elsewhere / "files").exists()


def test_an_altered_backup_is_refused_and_leaves_the_folder_empty(primary: Path, elsewhere: Path) -> None:
    store = place.store()
    made = take(store, url=cluster.url())
    path = store.path(f"bases/{made.name}/database")
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with place.house_in(elsewhere):
        with pytest.raises(LaunchError, match="损坏"):
            restore(store)
        assert not cluster.data_folder().exists()


def test_an_interrupted_backup_does_not_count(primary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = place.store()

    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tongban.config.recovery.trees.carry", interrupted)
    with pytest.raises(KeyboardInterrupt):
        take(store, url=cluster.url())
    assert store.backups() == []
    assert list((store.folder / "bases").iterdir()) == []


@pytest.mark.parametrize(
    ("lacking", "words"),
    [("TONGBAN_BACKUP_FOLDER", "还没有指定备份存放的文件夹"), ("TONGBAN_BACKUP_KEY", "没有备份密钥")],
)
def test_what_is_not_set_is_said(
    primary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, lacking: str, words: str
) -> None:
    monkeypatch.delenv(lacking)
    assert command.backup([]) == 10
    assert words in capsys.readouterr().err


def test_a_server_that_is_away_or_a_program_that_lacks_is_said(
    primary: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    with monkeypatch.context() as away:
        away.setenv("DATABASE_URL", "postgresql://nobody@/none?host=/nowhere")
        assert command.backup([]) == 9
    assert "无法连接数据库" in capsys.readouterr().err
    monkeypatch.setattr(cluster, "servers", dict)
    assert command.backup([]) == 10
    assert "找不到 PostgreSQL 的程序 pg_basebackup" in capsys.readouterr().err
