"""The commands of the house: what stops them is said in a sentence and an exit code; they leave nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tongban.config.launch import cluster, faults, run, setup, vendor
from tongban.config.launch.cluster import ROOT


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data folder of its own, and nothing left running in it."""
    home = tmp_path_factory.mktemp("house")
    for folder in (home, *home.parents):
        if folder.owner() == Path.home().owner() and folder != Path(tempfile.gettempdir()) and folder != Path("/"):
            folder.chmod(0o755)  # the server's user must be able to enter, however deep the tests' folders lie
    monkeypatch.setenv("TONGBAN_HOME", str(home))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    yield home
    run.sweep()
    with suppress(faults.LaunchError):  # a test may have left data no server can read
        cluster.stop()


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def command(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"tongban.config.launch.{module}", *arguments]


def said(*arguments: str) -> tuple[int, str]:
    """The exit code of `make run` and what it says; never a traceback."""
    done = subprocess.run(command("run", "run", *arguments), cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_a_port_in_use_is_said_and_another_proposed(house: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        code, words = said("--port", str(port))
    assert code == faults.PORT
    assert f"端口 {port} 已被占用" in words
    assert "make run PORT=" in words


def test_a_second_run_is_refused(house: Path, port: int) -> None:
    with run.only_one():
        code, words = said("--port", str(port))
    assert code == faults.LOCKED
    assert "已经有一个在运行" in words


def test_data_of_another_postgresql_are_left_alone(house: Path, port: int) -> None:
    (house / "postgres").mkdir()
    (house / "postgres" / "PG_VERSION").write_text("9\n")
    code, words = said("--port", str(port))
    assert code == faults.OLD_DATA
    assert "由 PostgreSQL 9 建立" in words
    assert sorted(p.name for p in (house / "postgres").iterdir()) == ["PG_VERSION"]


def test_too_little_space_is_said(house: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    monkeypatch.setattr(run, "NEEDED_MB", 10**9)
    assert faults.guarded(lambda: run.run("127.0.0.1", 1)) == faults.SPACE
    assert "磁盘空间不足" in capsys.readouterr().err


def test_no_network_is_said() -> None:
    with pytest.raises(faults.LaunchError) as refusal:
        setup._must([sys.executable, "-c", "raise SystemExit('Temporary failure in name resolution')"], "安装")
    assert refusal.value.code == faults.NETWORK
    with pytest.raises(faults.LaunchError) as refusal:
        setup._must([sys.executable, "-c", "raise SystemExit('HASHES do not match')"], "安装")
    assert refusal.value.code == faults.ANY


def test_a_folder_without_permission_is_said(capsys: pytest.CaptureFixture) -> None:
    def touch() -> int:
        raise PermissionError(13, "Permission denied", "/srv/tongban/.data")

    assert faults.guarded(touch) == faults.PERMISSION
    assert "没有读写 /srv/tongban/.data 的权限" in capsys.readouterr().err


def test_a_crashed_servers_pid_file_does_not_stop_the_next(house: Path) -> None:
    cluster.start()
    cluster.stop()
    pid_file = cluster.data_folder() / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{cluster.data_folder()}\n1\n5432\n\n\n0\n")  # now somebody else: us
    if os.geteuid() == 0:
        pid_file.chmod(0o644)
    cluster.start()
    assert cluster.is_running()
    cluster.start()  # starting twice is no fault
    cluster.stop()
    pid_file.write_text("")  # it died before it had written its number
    cluster.start()
    assert cluster.is_running()


def test_a_database_taken_away_is_made_and_filled_anew(house: Path) -> None:
    """Whoever deletes `.data/postgres` alone keeps the mark that all is prepared, which was true of another database."""
    version = cluster.data_folder() / "PG_VERSION"
    version.parent.mkdir(parents=True)
    version.write_text("15")
    before = run._stamp()
    assert run._stamp() == before
    version.unlink()
    assert run._stamp() != before
    version.write_text("15")
    assert run._stamp() != before


@pytest.mark.slow
def test_it_runs_serves_and_stops_leaving_nothing_behind(house: Path, port: int, monkeypatch) -> None:
    monkeypatch.setenv("TONGBAN_DEMO", "0")
    house_run = subprocess.Popen(
        command("run", "run", "--port", str(port)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert house_run.stdout is not None
    for line in house_run.stdout:
        if "✓" in line:
            break
    assert house_run.poll() is None, "it ended by itself"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=30) as page:
        assert page.status == 200
    groups = [int(pid) for pid in (house / "run.groups").read_text().split()]
    house_run.send_signal(signal.SIGTERM)
    assert house_run.wait(60) == 0
    assert not cluster.is_running()
    assert not [pid for pid in groups if Path(f"/proc/{pid}").exists()]
    assert run.is_free("127.0.0.1", port)


@pytest.mark.slow
def test_a_newer_databases_tables_are_left_alone(house: Path, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGBAN_DEMO", "0")
    cluster.start()
    later = (
        "create table django_migrations (id bigint generated by default as identity, app text, name text, applied timestamptz);"
        "insert into django_migrations (app, name, applied) values ('clocks', '9999_from_the_future', now())"
    )
    psql = (str(cluster.binaries() / "psql"), "-h", str(cluster.socket_folder()), "-U", cluster.owner(), "tongban")
    subprocess.run(cluster.as_owner(*psql, "-c", later), check=True, capture_output=True)
    code, words = said("--port", str(port))
    assert code == faults.OLD_DATA
    assert "clocks.9999_from_the_future" in words
    cluster.start()  # the refused run has stopped it
    tables = "select count(*) from pg_tables where schemaname = 'public'"
    found = subprocess.run(cluster.as_owner(*psql, "-tAc", tables), check=True, capture_output=True, text=True)
    assert found.stdout.strip() == "1"


def test_the_vendored_files_are_of_the_locked_versions() -> None:
    served = {path for path in vendor.SERVED.rglob("*") if path.is_file()}
    assert served == set(vendor.wanted().values())
    assert "resolved" not in (ROOT / "package-lock.json").read_text(), "the lock names a download address"
