"""Where a department's files lie: a folder of the inbox, one on an SFTP server, a bucket that speaks S3. One contract."""

from __future__ import annotations

import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tongban.data.gathering.errors import SourceAway, SourceUnreadable
from tongban.data.lake.errors import NoRoom
from tongban.foundation.kernel.errors import Reason

from .reach import below

MOST_LISTED = 100_000  # files in one folder
LARGEST_FETCHED = 10 << 30  # bytes of one file that comes over the network


@dataclass(frozen=True)
class Found:
    """A file: its bytes, when it was last changed (seconds since 1970), and `look`, which is another one when the file is."""

    name: str
    size: int
    at: float
    look: str


class Store(ABC):
    """One folder of files, without those below it. What stands in the way is told as `SourceAway`, with what to do."""

    @abstractmethod
    def listing(self) -> Iterator[Found]:
        """Every file, in no order, as it comes: nothing is held."""

    @abstractmethod
    def found(self, name: str) -> Found:
        """One by its name. Raises `SourceAway` when it is not there."""

    @abstractmethod
    def fetched(self, one: Found, folder: Path) -> Path:
        """The file as one of this machine, whole; a copy is made in `folder`. Raises `SourceAway` when it changed meanwhile."""

    def beginning(self, one: Found, size: int) -> bytes | None:
        """Its first bytes; None: it can be read where it lies."""
        return None

    def rest(self, one: Found) -> Found:
        """The file once nobody seems to be writing to it any more."""
        return one

    def is_still(self, one: Found) -> bool:
        """Whether what `fetched` gave is what it was. A copy is."""
        return True

    def close(self) -> None:  # noqa: B027  a folder holds nothing
        """Let go of it."""


class Folder(Store):
    """A department's folder on this machine: read where it lies."""

    def __init__(self, place: Mapping[str, Any], secret: Mapping[str, Any]) -> None:
        self.folder = below(str(place["folder"]))
        self.folder.mkdir(parents=True, exist_ok=True)

    def listing(self) -> Iterator[Found]:
        for path in self.folder.iterdir():
            if path.is_file():
                with suppress(FileNotFoundError):  # gone since it was listed
                    yield _of(path)

    def found(self, name: str) -> Found:
        path = (self.folder / name).resolve()
        if path.parent != self.folder or not path.is_file():
            raise no_file(name)
        return _of(path)

    def fetched(self, one: Found, folder: Path) -> Path:
        if not self.is_still(one):
            raise changed(one.name)
        return self.folder / one.name

    def is_still(self, one: Found) -> bool:
        with suppress(FileNotFoundError):
            return _of(self.folder / one.name).look == one.look
        return False


def _of(path: Path) -> Found:
    told = path.stat()
    return Found(path.name, told.st_size, told.st_mtime, f"{told.st_ino}-{told.st_size}-{told.st_mtime_ns}")


def copied(one: Found, folder: Path, write: Callable[[Any], None]) -> Path:
    """A copy of a file from elsewhere, refused before a byte is read when it is too large or there is no room for it."""
    if one.size > LARGEST_FETCHED:
        text = _("文件“%(file)s”超过10GB，不能这样读取，请分成几个文件。") % {"file": one.name}
        raise SourceUnreadable(reasons=[Reason("too_big", text, "")])
    if shutil.disk_usage(folder).free < one.size:
        raise NoRoom
    path = folder / one.name
    with path.open("wb") as new:
        write(new)
    if path.stat().st_size != one.size:
        raise changed(one.name)
    return path


def no_file(name: str) -> SourceAway:
    return SourceAway(reasons=[Reason("no_file", _("文件夹里没有“%(file)s”这个文件了。") % {"file": name}, "")])


def changed(name: str) -> SourceAway:
    text = _("文件“%(file)s”在读取时被改动。这次没有读入；改完后会重新读取。") % {"file": name}
    return SourceAway(reasons=[Reason("changed", text, "")])


def too_many() -> SourceUnreadable:
    text = _("这个文件夹里的文件超过10万个，请对方按月分到下级文件夹，再分别连接。")
    return SourceUnreadable(reasons=[Reason("too_many", text, "folder")])
