"""What came, changed or went in the folders of files and keys since the last look, without looking at every file again.

A folder's own time moves when a name in it comes, goes or is replaced, and our files come by being renamed into place. So a look asks
each folder for its time, reads only those whose time has moved, and asks only the files that are new there or lie under another
inode. What was touched within the last minute is asked again, for clocks are coarse and others (the lake) write in place. What
this may miss (a name that went and came again under the same inode, a write in place to what had rested) a whole look finds each day.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tongban.foundation.kernel.durable import PART

WARM_NS = 60 * 10**9


@dataclass
class Folder:
    """As it was when it was last read."""

    changed: int
    is_warm: bool  # its time was so young that more may have come within the same tick
    files: dict[str, int] = field(default_factory=dict)  # name → inode
    folders: list[str] = field(default_factory=list)
    warm: set[str] = field(default_factory=set)  # files that may still be being written


@dataclass
class Look:
    """What one look found, by "<root>/<path in it>"."""

    is_whole: bool  # everything that is there is in `fresh`
    fresh: dict[str, os.stat_result] = field(default_factory=dict)  # new or other, or so young that they may be
    gone: list[str] = field(default_factory=list)


class Walk:
    """Remembers the folders from look to look. The first look sees everything, and so does each after `forget`."""

    def __init__(self, roots: Mapping[str, Path]) -> None:
        self.roots = roots
        self._folders: dict[str, Folder] = {}

    def forget(self) -> None:
        self._folders.clear()

    def look(self) -> Look:
        found = Look(is_whole=not self._folders)
        now = time.time_ns()
        for root, folder in self.roots.items():
            self._look(root, str(folder), found, now)
        return found

    def _look(self, name: str, path: str, found: Look, now: int) -> None:
        before = self._folders.get(name)
        try:
            changed = os.stat(path).st_mtime_ns
            if before and not before.is_warm and before.changed == changed:
                here = before
                asked: Iterator[str] = iter(before.warm)
            else:
                here = self._read(path, changed, now)
                asked = _other(here, before)
        except FileNotFoundError:
            found.gone += self._drop(name)
            return
        here.warm = set(self._ask(name, path, asked, found, now))
        self._folders[name] = here
        if before and here is not before:
            found.gone += [f"{name}/{file}" for file in before.files if file not in here.files]
            for folder in set(before.folders).difference(here.folders):
                found.gone += self._drop(f"{name}/{folder}")
        for folder in here.folders:
            self._look(f"{name}/{folder}", f"{path}/{folder}", found, now)

    @staticmethod
    def _read(path: str, changed: int, now: int) -> Folder:
        here = Folder(changed, is_warm=changed > now - WARM_NS)
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    here.folders.append(entry.name)
                elif not entry.name.endswith(PART):
                    here.files[entry.name] = entry.inode()
        return here

    @staticmethod
    def _ask(name: str, path: str, files: Iterator[str], found: Look, now: int) -> Iterator[str]:
        """Ask these files; those that are warm."""
        for file in files:
            try:
                seen = os.stat(f"{path}/{file}", follow_symlinks=False)
            except FileNotFoundError:  # gone since: the folder's time tells it at the next look
                continue
            found.fresh[f"{name}/{file}"] = seen
            if seen.st_mtime_ns > now - WARM_NS:
                yield file

    def _drop(self, name: str) -> list[str]:
        """A folder that is gone, with all that was below it."""
        before = self._folders.pop(name, None)
        if before is None:
            return []
        gone = [f"{name}/{file}" for file in before.files]
        for folder in before.folders:
            gone += self._drop(f"{name}/{folder}")
        return gone


def _other(here: Folder, before: Folder | None) -> Iterator[str]:
    """Of the files of a folder those that are new, lie under another inode, or were warm."""
    if before is None:
        return iter(here.files)
    known, warm = before.files, before.warm
    return (name for name, inode in here.files.items() if known.get(name) != inode or name in warm)
