"""Bringing a house back from its backup, into an empty data folder, as it was at a moment."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg.sql import SQL, Identifier

from tongban.config.launch import cluster
from tongban.config.launch.faults import LaunchError

from . import checking, faults, place, trees, wal
from .programs import connect
from .store import Backup, Store

LAST_CHANGE = re.compile(r"last completed transaction was at log time (\S+ \S+)")
NOT_REACHED = "recovery ended before configured recovery target was reached"


@dataclass(frozen=True)
class Restored:
    """What came back: from which backup, and how many of its files and log segments."""

    backup: Backup
    segments: int
    files: int


class Joined:
    """A stream of parts, read like a file."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._held = parts, memoryview(b"")

    def read(self, size: int) -> bytes:
        """At most so much; nothing only at the end."""
        while not self._held:
            if (part := next(self._parts, None)) is None:
                return b""
            self._held = memoryview(part)
        part, self._held = bytes(self._held[:size]), self._held[size:]
        return part


def restore(store: Store, *, at: datetime | None = None, point: str = "") -> Restored:
    """Fill the data folder `TONGBAN_HOME` and leave its database running: at a moment, at a named point, or the latest.

    What fails on the way takes away again what it has written.
    """
    _must_be_empty()
    backup = store.newest(until=at)
    if backup.server not in cluster.servers():
        raise faults.another_version(backup.server)
    reach = checking.wal_reach(store, backup)
    if reach.gap and not (at or point):
        raise faults.gap(*reach.gap)
    try:
        _bring_database(store, backup, reach)
        files = bring_files(store, backup, at)
        _recover(at, point)
    except BaseException:
        with suppress(LaunchError):
            cluster.stop()
        for folder in (cluster.data_folder(), *place.roots().values()):
            shutil.rmtree(folder, ignore_errors=True)
        raise
    _let_owner_in(backup)
    return Restored(backup, len(reach.names), files)


def _must_be_empty() -> None:
    for folder in (cluster.data_folder(), *place.roots().values()):
        if folder.exists() and any(folder.iterdir()):
            raise faults.not_empty(folder)


# -- the database --------------------------------------------------------------------------------------------------------


def _bring_database(store: Store, backup: Backup, reach: wal.Reach) -> None:
    cluster.make_folders()
    data = cluster.data_folder()
    stream: Any = Joined(store.get(f"bases/{backup.name}/database"))
    with tarfile.open(fileobj=stream, mode="r|") as tar:
        tar.extractall(data)  # noqa: S202  sealed by us; Debian 12's Python has no filters yet
    for name in (*reach.names, *filter(wal.HISTORY.fullmatch, store.names("wal"))):
        _bring_segment(store, name, data / "pg_wal")
    if not (data / "postgresql.conf").exists():  # Debian keeps it elsewhere; this is a private cluster from now on
        cluster.write_settings()
    (data / "pg_hba.conf").write_text(
        "local all all trust\nlocal replication all trust\nhost all all samehost scram-sha-256\n"
    )
    (data / "pg_ident.conf").touch()
    (data / "recovery.signal").touch()
    _settle_owner(data)


def _bring_segment(store: Store, name: str, folder: Path) -> None:
    whole = folder / name.removesuffix(".partial")
    if name.endswith(".partial") and whole.exists():
        return
    with whole.open("wb") as out:
        out.writelines(store.get(f"wal/{name}"))


def _settle_owner(data: Path) -> None:
    """The server's user owns his files, and nobody else may read them."""
    owner = cluster.owner() if os.geteuid() == 0 else None
    for place_, folders, names in os.walk(data):
        for path in (Path(place_), *(Path(place_) / name for name in (*folders, *names))):
            path.chmod(0o700 if path.is_dir() else 0o600)
            if owner:
                shutil.chown(path, owner)


def _recover(at: datetime | None, point: str) -> None:
    """Replay the log, which lies in its place already, and open the database for writing."""
    target = [f"recovery_target_time={at.isoformat()}"] if at else [f"recovery_target_name={point}"] if point else []
    settings = ["restore_command=false", "recovery_target_action=promote", "hot_standby=off", *target]
    try:
        cluster.start_server(*settings, "primary_conninfo=")
        opened = _wait_until_it_opens()
    except LaunchError:
        opened = False
    if not opened:
        raise _not_opened(at.isoformat() if at else point)


def _wait_until_it_opens() -> bool:
    """pg_ctl is content as soon as the replay begins; the pid file's eighth line says when it has ended well."""
    while True:
        try:
            lines = (cluster.data_folder() / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        if not Path(f"/proc/{lines[0]}").exists():
            return False
        if len(lines) > 7 and lines[7].strip() == "ready":
            return True
        time.sleep(0.05)


def _not_opened(target: str) -> LaunchError:
    log = (cluster.data_folder() / "server.log").read_text(errors="replace")
    if NOT_REACHED in log:
        last = LAST_CHANGE.findall(log)
        return faults.beyond(target, last[-1] if last else "")
    return faults.not_replayed(log)


def _let_owner_in(backup: Backup) -> None:
    """The private cluster is entered under the name of the user who runs it, whoever ran the lost one."""
    us = cluster.owner()
    if us == backup.superuser:
        return
    with connect(cluster.url().replace(f"//{us}@", f"//{backup.superuser}@")) as server:
        if not server.execute("select from pg_roles where rolname = %s", [us]).fetchone():
            server.execute(SQL("create role {} superuser login").format(Identifier(us)))


# -- files, keys, settings -----------------------------------------------------------------------------------------------


def bring_files(store: Store, backup: Backup, at: datetime | None) -> int:
    """Files and keys of a moment, and what the environment of the lost house said."""
    tree, roots = trees.listing(store, backup, until=at), place.roots()
    for name, entry in tree.items():
        root, _, path = name.partition("/")
        # A root that lay elsewhere comes back inside the data folder if nothing says where else.
        file = roots.get(root, cluster.home() / root) / path
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if root.startswith("keys") else 0o755)
        with open(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, entry.mode), "wb") as out:
            out.writelines(store.get(entry.at))
        os.utime(file, ns=(entry.changed, entry.changed))
    if backup.settings:
        lines = "".join(f"{name}={value}\n" for name, value in backup.settings.items())
        with open(os.open(cluster.home() / "restored.env", os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
            out.write(lines)
    os.sync()  # before anybody is told that it is there
    return len(tree)
