"""A house of its own to torture: its database cluster, web server and workers, as `make run` starts them, each killed and started alone."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tongban.config.launch import cluster, run, template
from tongban.config.launch.faults import LaunchError

ROOT = cluster.ROOT
NAME = "torture"
PATIENCE = 400.0  # seconds for anything to come back, also on a machine that is busy with other things


def at_home() -> Path:
    """This process and all it starts live in `.data/torture`, with a database that forgets nothing it has acknowledged."""
    os.environ["TONGBAN_HOME"] = os.environ.get("TONGBAN_TORTURE_HOME", str(ROOT / ".data" / "torture"))
    os.environ |= {
        "TONGBAN_DEBUG": "",
        "TONGBAN_API_CALLS_PER_MINUTE": "100000000",
        "TONGBAN_API_PERSON_CALLS_PER_MINUTE": "100000000",
        "TONGBAN_WEB_WORKERS": os.environ.get("TONGBAN_WEB_WORKERS", "2"),
        "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
    }
    for name in ("TONGBAN_TESTING", "TONGBAN_DATA_KEY", "DATABASE_URL", "TONGBAN_DB_PORT"):
        os.environ.pop(name, None)
    return cluster.home()


def make_database() -> str:
    """A fresh migrated database; its address, which this process and its children use from now on."""
    cluster.start()
    (cluster.home() / "files").mkdir(exist_ok=True)
    name = template.name_of_template()
    if dump := os.environ.get("TONGBAN_TORTURE_DUMP"):
        _restore(name, dump)
    template.make(name)
    with psycopg.connect(cluster.url(), autocommit=True) as server:
        server.execute(SQL("drop database if exists {} with (force)").format(Identifier(NAME)))
        server.execute(SQL("create database {} template {}").format(Identifier(NAME), Identifier(name)))
    os.environ["DATABASE_URL"] = urlsplit(cluster.url())._replace(path=f"/{NAME}").geturl()
    return os.environ["DATABASE_URL"]


def _restore(name: str, dump: str) -> None:
    """The migrated template from a dump of another cluster's: an eighth of the work of all migrations."""
    with psycopg.connect(cluster.url(), autocommit=True) as server:
        if server.execute("select from pg_database where datname = %s", [name]).rowcount:
            return
        server.execute(SQL("create database {}").format(Identifier(name)))
    address = urlsplit(cluster.url())._replace(path=f"/{name}").geturl()
    command = [str(cluster.binaries() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", dump, address]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def wait_for(what: str, is_so: Callable[[], bool], patience: float = PATIENCE) -> None:
    end = time.monotonic() + patience
    while not is_so():
        if time.monotonic() > end:
            raise SystemExit(f"{what}: not within {patience:.0f} s")
        time.sleep(0.3)


def logs() -> list[Path]:
    """What the house's processes and the database server wrote."""
    return [cluster.home() / "torture.log", cluster.data_folder() / "server.log"]


def data_key() -> bytes:
    """What the house made for itself when it was first started."""
    return (cluster.home() / "keys" / "tongban_data_key").read_bytes()


class House:
    """The processes. What was killed is started again by `mend`, as an operator or systemd would."""

    def __init__(self, workers: int = 2) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._log = logs()[0].open("wb")
        self._serve = run.web("127.0.0.1", self.port)
        self._work = ("-m", "tongban.config.worker")
        self.web = self._start(*self._serve)
        self.workers = [self._start(*self._work) for _ in range(workers)]

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, stdout=self._log, stderr=self._log, preexec_fn=run.die_with_us
        )

    # -- killing

    def kill_web(self) -> None:
        """The whole web server at once."""
        _kill_group(self.web)

    def kill_web_process(self, pick: Callable[[list[int]], int]) -> None:
        """One process that serves; the server starts another."""
        if serving := children_of(self.web.pid):
            _kill(pick(serving))

    def kill_worker(self, pick: Callable[[list[int]], int]) -> None:
        if alive := [worker.pid for worker in self.workers if worker.poll() is None]:
            _kill(pick(alive))

    def kill_backend(self, pick: Callable[[list[int]], int]) -> None:
        """One backend that serves a client: the postmaster ends all others and recovers."""
        if serving := [
            pid for pid in children_of(postmaster()) if title_of(pid).startswith(f"postgres: {cluster.owner()} {NAME}")
        ]:
            _kill(pick(serving))

    def kill_database(self) -> None:
        """The postmaster; its children notice and go."""
        if pid := postmaster():
            _kill(pid)

    # -- mending

    def mend(self) -> None:
        """Start again what is not there."""
        if not _database_answers():
            self._start_database()
        if self.web.poll() is not None:
            self.web = self._start(*self._serve)
        for place, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[place] = self._start(*self._work)

    def _start_database(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with contextlib.suppress(LaunchError):  # those who outlived the postmaster still hold its memory
                cluster.start()
            if _database_answers():
                return
            time.sleep(0.2)
        raise SystemExit("the database does not come back")

    def wait_until_whole(self) -> None:
        """Mend until everything answers."""

        def whole() -> bool:
            self.mend()
            return self.answers()

        wait_for("the house is whole again", whole)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live", timeout=3) as page:
                return bool(page.status == 200)
        except OSError:
            return False

    def kill_workers(self) -> None:
        for worker in self.workers:
            _kill_group(worker)

    def stop(self) -> None:
        for process in (self.web, *self.workers):
            _kill_group(process)
        cluster.stop()

    def __enter__(self) -> House:
        return self

    def __exit__(self, *_why: object) -> None:
        self.stop()


def postmaster() -> int:
    try:
        return int((cluster.data_folder() / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError, ValueError):
        return 0


def children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def title_of(pid: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _database_answers() -> bool:
    try:
        with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=3) as link:
            link.execute("select 1")
    except psycopg.Error:
        return False
    return True
