"""Whether what lies in the backup folder can be read and is whole: every byte is opened with the key."""

from __future__ import annotations

from dataclasses import dataclass

from tongban.config.launch.faults import LaunchError

from . import faults, trees, wal
from .store import Backup, Store


@dataclass(frozen=True)
class Checked:
    backups: int
    segments: int
    files: int
    faults: list[LaunchError]


def _try(store: Store, name: str, found: list[LaunchError]) -> None:
    try:
        for _ in store.get(name):
            pass
    except LaunchError as fault:
        found.append(fault)


def verify(store: Store) -> Checked:
    """Open everything that any kept moment needs; all faults at once."""
    found: list[LaunchError] = []
    backups = store.backups()
    if not backups:
        raise faults.no_backup()
    for backup in backups:
        _try(store, f"bases/{backup.name}/database", found)
    segments = store.names("wal")
    for segment in segments:
        _try(store, f"wal/{segment}", found)
    for backup in backups:
        if (at := wal_reach(store, backup).gap) and not any(str(faults.gap(*at)) == str(fault) for fault in found):
            found.append(faults.gap(*at))
    try:
        files = sorted(trees.wanted(store, backups[0]))
    except LaunchError as fault:
        return Checked(len(backups), len(segments), 0, [*found, fault])
    for at_pool in files:
        _try(store, at_pool, found)
    return Checked(len(backups), len(segments), len(files), found)


def wal_reach(store: Store, backup: Backup) -> wal.Reach:
    return wal.reach(
        store.names("wal"),
        start=backup.start,
        end=backup.end,
        timeline=backup.timeline,
        size=backup.segment_bytes,
    )
