"""Carrying the log and the files to the backup as they come: `tongban backup keep`, beside the web server and the worker.

pg_receivewal streams the log from a replication slot, so that the server keeps what has not arrived; every few seconds the
segments that are full, and the one that is not yet, are sealed and carried over, and after them the files they speak of.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tongban.config.launch import cluster

from . import faults, place, trees, wal
from .beating import say_carried
from .checking import wal_reach
from .programs import Server, connect, program, server_at, speak
from .store import Store, now
from .taking import take
from .walking import Walk

SLOT = "tongban_backup"
SAY_EVERY_S = 30
BASE_EVERY = timedelta(days=1)


class Archive:
    """One stream of the log into one backup folder."""

    def __init__(self, store: Store, url: str) -> None:
        self.store, self.url = store, url
        self.server: Server = server_at(url)
        store.belong_to(self.server.system)
        self.spool = cluster.home() / "backup-log"
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._receiver: subprocess.Popen[bytes] | None = None
        self._partial: tuple[str, int] = ("", 0)
        self._walk = Walk(place.roots())
        self.begin_anew()

    def begin_anew(self) -> None:
        """From what the newest backup knows; every file is looked at once more."""
        backups = self.store.backups()
        self._tree = trees.listing(self.store, backups[-1]) if backups else {}
        self._walk.forget()

    # -- receiving -----------------------------------------------------------------------------------------------------

    def _receive(self, *more: str) -> subprocess.Popen[bytes]:
        command = [str(program("pg_receivewal", self.server.major)), "-d", self.url, "-D", str(self.spool), "-S", SLOT]
        return speak([*command, "--no-password", "--no-loop", *more], out=subprocess.DEVNULL)

    def start(self) -> None:
        self._receiver = self._receive("--synchronous")

    def _begin_segment_anew(self, said: bytes) -> None:
        """A receiver killed while it laid out a segment leaves a file of an odd size, which the next one refuses to go on with.

        A segment is laid out whole, with zeros, before anything of the log is written into it: so nothing is lost. Only what a
        receiver has named is touched: it had the slot by then, and no other was writing.
        """
        for path in self.spool.glob("*.partial"):
            if f'"{path.name}" has '.encode() in said:
                os.truncate(path, 0)

    def is_receiving(self) -> bool:
        if self._receiver is not None and self._receiver.poll():
            _, said = self._receiver.communicate()
            print(said.decode(errors="replace"), file=sys.stderr, flush=True)
            self._receiver = None
            self._begin_segment_anew(said)
        return self._receiver is not None and self._receiver.poll() is None

    def stop(self) -> None:
        if self._receiver is not None:
            self._receiver.terminate()
            self._receiver.wait()
            self.carry()

    def receive_until(self, lsn: str, *, patience: float) -> None:
        """Receive up to a position of the log, carry it over, and be done."""
        deadline, said = time.monotonic() + patience, b""
        while time.monotonic() < deadline:
            receiver = self._receive(f"--endpos={lsn}")
            try:
                _, said = receiver.communicate(timeout=deadline - time.monotonic())
            except subprocess.TimeoutExpired:
                receiver.kill()
                receiver.communicate()
                break
            if receiver.returncode == 0:
                self.carry()
                return
            self._begin_segment_anew(said)
            time.sleep(0.2)  # who streamed before may not be gone yet
        raise faults.server_refused("pg_receivewal", said.decode(errors="replace"))

    # -- carrying ------------------------------------------------------------------------------------------------------

    def carry(self) -> None:
        """What has come since the last time: the log first, then the files it speaks of."""
        for path in sorted(self.spool.iterdir()):
            if path.name.endswith(".partial"):
                self._carry_partial(path)
            elif wal.SEGMENT.fullmatch(path.name) or wal.HISTORY.fullmatch(path.name):
                self._carry_whole(path)
        trees.carry(self.store, self._walk, self._tree, now())

    def _carry_whole(self, path: Path) -> None:
        self.store.put(f"wal/{path.name}", trees.contents(path))
        self.store.remove(f"wal/{path.name}.partial")
        path.unlink()

    def _carry_partial(self, path: Path) -> None:
        try:
            changed = (path.name, path.stat().st_mtime_ns)
            if changed != self._partial:
                self.store.put(f"wal/{path.name}", trees.contents(path))
        except FileNotFoundError:  # it is full by now, and has lost its ending
            return
        self._partial = changed


@contextmanager
def _only_one() -> Iterator[bool]:
    """Whether we are the one of this data folder that carries the log."""
    lock = cluster.home() / "backup-log.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def ready(store: Store, url: str) -> None:
    """The server keeps the log for us from now on. Where it did not until now, a new backup begins an unbroken log."""
    with connect(url) as server:
        row = server.execute("select wal_status from pg_replication_slots where slot_name = %s", [SLOT]).fetchone()
        lost = row == ("lost",)  # we were away for so long that the server could not keep more
        if lost:
            server.execute("select pg_drop_replication_slot(%s)", [SLOT])
        if lost or row is None:
            server.execute("select pg_create_physical_replication_slot(%s, true)", [SLOT])
    if lost or row is None or not store.backups():
        take(store, url=url)


def keep() -> None:
    """Stay and carry; take a whole backup when the last is a day old. Ends with the process, restarts where it was."""
    with _only_one() as ours:
        if not ours:
            raise faults.busy()
        store, url = place.store(), place.database_url()
        ready(store, url)
        archive = Archive(store, url)
        try:
            _stay(archive, store, url)
        finally:
            archive.stop()


def _stay(archive: Archive, store: Store, url: str) -> None:
    said = 0.0
    while True:
        if not archive.is_receiving():  # the first time, or the server was away
            ready(store, url)
            archive.start()
        archive.carry()
        newest = store.newest()
        if newest.ended_at < now() - BASE_EVERY or wal_reach(store, newest).gap:
            take(store, url=url)
            archive.begin_anew()
        if time.monotonic() - said >= SAY_EVERY_S:
            say_carried(store, url)
            said = time.monotonic()
        time.sleep(place.every_seconds())


def bring_up_to_now(store: Store, url: str, *, patience: float = 120.0) -> None:
    """Until the backup holds the log up to this moment: wait for who carries it, or carry it ourselves."""
    with connect(url) as server:
        row = server.execute("select pg_current_wal_insert_lsn()::text, pg_walfile_name(pg_switch_wal())").fetchone()
        server.execute("select pg_logical_emit_message(false, 'tongban', 'after')")  # so that the stream goes past it
    assert row is not None
    with _only_one() as ours:
        if ours:
            Archive(store, url).receive_until(row[0], patience=patience)
            return
    deadline = time.monotonic() + patience
    while not store.has(f"wal/{row[1]}"):
        if time.monotonic() > deadline:
            raise faults.not_arriving(place.folder())
        time.sleep(0.2)
