"""The files and keys beside the database: every version once in the pool, and what changed from moment to moment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tongban.foundation.kernel.durable import PART as UNFINISHED

from .store import Backup, Store, stamp
from .walking import Walk

PART = 1 << 20
Tree = dict[str, "Entry"]  # by "<root>/<path in it>"


@dataclass(frozen=True)
class Entry:
    """One version of a file, told from another by size and time."""

    size: int
    changed: int  # nanoseconds
    mode: int
    at: str  # in the pool

    def line(self) -> list[object]:
        return [self.size, self.changed, self.mode, self.at]


def contents(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while part := source.read(PART):
            yield part


def files_under(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(UNFINISHED):
                continue
            path = os.path.join(place, name)
            try:
                seen = os.stat(path, follow_symlinks=False)
            except FileNotFoundError:  # gone since
                continue
            yield os.path.relpath(path, folder), seen


def carry(store: Store, walk: Walk, known: Tree, moment: datetime) -> None:
    """Bring what is new into the pool and write down what changed; `known`, what the backup has, is kept up to date."""
    found, fresh = walk.look(), {}
    for name, was in found.fresh.items():
        entry = _entry(store, name, was)
        if known.get(name) != entry and _brought(store, walk.roots, name, entry):
            fresh[name] = entry
    gone = [name for name in list(known) if name not in found.fresh] if found.is_whole else found.gone
    gone = [name for name in gone if name in known]
    if fresh or gone:
        lines = {name: entry.line() for name, entry in fresh.items()}
        store.put_json(f"trees/{stamp(moment)}", {"fresh": lines, "gone": gone})
    known.update(fresh)
    for name in gone:
        del known[name]


def _entry(store: Store, name: str, was: os.stat_result) -> Entry:
    root, _, path = name.partition("/")
    at = store.key.name_of(root, path, was.st_size, was.st_mtime_ns)
    return Entry(was.st_size, was.st_mtime_ns, was.st_mode & 0o777, f"pool/{at[:2]}/{at}")


def _brought(store: Store, roots: Mapping[str, Path], name: str, entry: Entry) -> bool:
    root, _, path = name.partition("/")
    if store.has(entry.at):
        os.utime(store.path(entry.at))  # wanted again: retention leaves it alone
        return True
    try:
        store.put(entry.at, contents(roots[root] / path))
    except FileNotFoundError:
        return False
    return True


def listing(store: Store, backup: Backup, *, until: datetime | None = None) -> Tree:
    """The files and keys at a moment: those of the backup, and what changed after it."""
    lines: dict[str, list[object]] = store.get_json(f"bases/{backup.name}/tree")
    for change in changes_after(store, backup.name):
        if until is not None and change > stamp(until):
            break
        said = store.get_json(f"trees/{change}")
        lines |= said["fresh"]
        for name in said["gone"]:
            lines.pop(name, None)
    return {name: Entry(*line) for name, line in lines.items()}  # type: ignore[arg-type]


def changes_after(store: Store, name: str) -> list[str]:
    return [change for change in store.names("trees") if change > name]


def wanted(store: Store, oldest: Backup) -> set[str]:
    """Every place in the pool that some moment since the oldest backup needs."""
    places = {
        entry.at for backup in store.backups() for entry in listing(store, backup, until=backup.ended_at).values()
    }
    for change in changes_after(store, oldest.name):
        places |= {line[3] for line in store.get_json(f"trees/{change}")["fresh"].values()}
    return places
