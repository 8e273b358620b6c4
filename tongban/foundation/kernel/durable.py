"""Writing a file for good: it is there whole and on the disk when we say so, or not at all, whatever is killed meanwhile."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SAID_FULL = ("No space left", "Disk quota", "File too large", "max_temp_directory_size")
PART = ".part"  # the ending of what is still being written


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Gives a place beside it to write to. What is written there takes its name, and that of one before, when all went well."""
    make_folder(path.parent)
    part = path.with_name(f"{path.name}.{uuid4().hex}{PART}")
    try:
        yield part
        to_disk(part)
        part.replace(path)
        to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)


def write_once(path: Path, content: bytes) -> None:
    """For keys: readable by its owner alone. Of several who write at once one wins; the others, and later ones, get `FileExistsError`."""
    part = path.with_name(f"{path.name}.{uuid4().hex}{PART}")
    try:
        with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new:
            new.write(content)
        to_disk(part)
        os.link(part, path)
        to_disk(path.parent)
    finally:
        part.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """With those above it, each of whose names is on the disk, too."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        to_disk(folder.parent)


def is_full(fault: BaseException) -> bool:
    """Whether this says that there was no room on the disk, be it of the system or in the words of a library."""
    return (isinstance(fault, OSError) and fault.errno in FULL) or any(said in str(fault) for said in SAID_FULL)


def to_disk(path: Path) -> None:
    """A file's bytes, or a folder's names."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
