"""The files and keys beside the database: every version once in the pool, and what changed from moment to moment."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .store import Backup, Store, stamp

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
            path = os.path.join(place, name)
            try:
                seen = os.stat(path, follow_symlinks=False)
            except FileNotFoundError:  # gone since
                continue
            yield os.path.relpath(path, folder), seen


def seen(store: Store, roots: Mapping[str, Path]) -> Tree:
    """What lies there now."""
    tree = {}
    for root, folder in roots.items():
        for path, was in files_under(folder):
            at = store.key.name_of(root, path, was.st_size, was.st_mtime_ns)
            tree[f"{root}/{path}"] = Entry(was.st_size, was.st_mtime_ns, was.st_mode & 0o777, f"pool/{at[:2]}/{at}")
    return tree


def carry(store: Store, roots: Mapping[str, Path], known: Tree, moment: datetime) -> Tree:
    """Bring what is new into the pool and write down what changed; answers what the backup knows now."""
    now, fresh = seen(store, roots), {}
    for name, entry in now.items():
        if known.get(name) != entry and _brought(store, roots, name, entry):
            fresh[name] = entry
    gone = [name for name in known if name not in now]
    if fresh or gone:
        lines = {name: entry.line() for name, entry in fresh.items()}
        store.put_json(f"trees/{stamp(moment)}", {"fresh": lines, "gone": gone})
    return {name: entry for name, entry in (known | fresh).items() if name in now}


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
