"""Taking a backup: the whole database by pg_basebackup, straight into a sealed stream; then files and keys."""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from datetime import timedelta

from . import faults, place, trees, wal
from .beating import say_carried
from .programs import Server, program, server_at, speak
from .store import Backup, Store, moment_of, now, stamp
from .walking import Walk

START = re.compile(r"write-ahead log start point: ([0-9A-F]+/[0-9A-F]+) on timeline (\d+)")
END = re.compile(r"write-ahead log end point: ([0-9A-F]+/[0-9A-F]+)")
UNUSED_FOR = 86_400  # seconds; something younger in the pool may be on its way into a list


class Database:
    """The stream of pg_basebackup: a tar with the log that makes it whole. What it says meanwhile is kept."""

    def __init__(self, url: str, server: Server) -> None:
        options = ["--format=tar", "--wal-method=fetch", "--checkpoint=fast", "--verbose", "--no-password"]
        command = [str(program("pg_basebackup", server.major)), "-d", url, "-D", "-", *options]
        self.bytes, self.said = 0, ""
        self._process = speak(command, out=subprocess.PIPE)
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        self.said = self._process.stderr.read().decode(errors="replace")

    def __iter__(self) -> Iterator[bytes]:
        assert self._process.stdout is not None
        while part := self._process.stdout.read(trees.PART):
            self.bytes += len(part)
            yield part
        self._listener.join()
        if self._process.wait():
            raise faults.server_refused("pg_basebackup", self.said)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()

    def log(self) -> tuple[int, str, str]:
        """Timeline, first and last position of the log it needs."""
        start, end = START.search(self.said), END.search(self.said)
        if not (start and end):
            raise faults.server_refused("pg_basebackup", self.said)
        return int(start[2]), start[1], end[1]


def take(store: Store, *, url: str) -> Backup:
    """One whole backup; then what is too old goes. Interrupted at any point, it leaves nothing that counts."""
    with store.alone():
        server = server_at(url)
        store.belong_to(server.system)
        store.drop_half_made()
        name = stamp(now())
        try:
            backup = _take(store, url, server, name)
        except BaseException:
            store.drop(name)
            raise
        forget_old(store, place.keep_days())
        say_carried(store, url)
        return backup


def _take(store: Store, url: str, server: Server, name: str) -> Backup:
    database = Database(url, server)
    try:
        store.put(f"bases/{name}/database", database)
    finally:
        database.close()
    timeline, start, end = database.log()
    # After the database: every file it names is there already.
    known = trees.listing(store, store.newest()) if store.backups() else {}
    trees.carry(store, Walk(place.roots()), known, now())
    store.put_json(f"bases/{name}/tree", {path: entry.line() for path, entry in known.items()})
    backup = Backup(
        name=name, ended=now().isoformat(), server=server.major, system=server.system, segment_bytes=server.segment_bytes,
        timeline=timeline, start=start, end=end, superuser=server.user, plain_bytes=database.bytes, files=len(known),
        settings=place.settings_of_the_house(),
    )  # fmt: skip
    store.finish(backup)
    return backup


def forget_old(store: Store, days: int) -> None:
    """Keep what any moment of the last so many days needs: the newest backup before them, and all after it."""
    backups = store.backups()
    old = [backup for backup in backups if backup.ended_at < now() - timedelta(days=days)]
    for backup in old[:-1]:
        store.drop(backup.name)
    oldest = (old[-1:] or backups)[0]
    first = wal.position(oldest.start) // oldest.segment_bytes
    for segment in store.names("wal"):
        if wal.SEGMENT.fullmatch(segment) and wal.number(segment, oldest.segment_bytes) < first:
            store.remove(f"wal/{segment}")
    for change in store.names("trees"):
        if moment_of(change) < moment_of(oldest.name):
            store.remove(f"trees/{change}")
    _forget_unwanted(store, oldest)


def _forget_unwanted(store: Store, oldest: Backup) -> None:
    wanted, since = trees.wanted(store, oldest), now().timestamp() - UNUSED_FOR
    for path in (store.folder / "pool").glob("*/*"):
        at = f"pool/{path.parent.name}/{path.name.partition('.')[0]}"
        if at not in wanted and path.stat().st_mtime < since:
            path.unlink()
