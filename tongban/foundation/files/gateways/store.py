"""The file store: nothing lies in it but sealed, each file whole or not at all, in a folder or any S3."""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, storages

from tongban.foundation.files.errors import DataKeyMissing, FileDamaged
from tongban.foundation.kernel.durable import PART, whole_file

from .sealed import HEAD, PIECE, Poured, Unsealed, damaged, has_mark, is_current, sealed


class WholeFiles(FileSystemStorage):
    """A folder in which a file is there whole or not at all, whatever is killed while it is written, and is on the disk when we say so."""

    def _save(self, name: str, content: File) -> str:
        with whole_file(Path(self.path(name))) as part:
            super()._save(str(part), content)
        return name


def _is_its_name(name: str, lying: File) -> bool:
    return hashlib.file_digest(lying, "sha256").hexdigest() == name.rpartition("/")[2]


# The folders files lie in, and how one that was kept before there was sealing shows that it is one, and no damaged sealed one.
PLAIN: dict[str, Callable[[str, File], bool]] = {
    "content": _is_its_name,
    "previews": lambda name, lying: lying.read(4) == b"RIFF",
    "letters": lambda name, lying: lying.read(5) == b"%PDF-",
    "months": lambda name, lying: False,  # there never were any
}


class SealedFiles(Storage):
    """A storage whose files are sealed in another, `within`. Who saves and opens knows nothing of it."""

    def __init__(self, within: dict[str, Any]) -> None:
        self.within: Storage = storages.create_storage(within)

    def _save(self, name: str, content: File) -> str:
        poured = io.BufferedReader(Poured(sealed(name, content.chunks(PIECE))), PIECE)
        return cast(str, self.within._save(name, File(poured, name)))  # type: ignore[attr-defined]

    def _open(self, name: str, mode: str = "rb") -> File:
        if mode != "rb":
            raise ValueError(f"stored files are read and saved, not opened for {mode}")
        lying = self.within.open(name)
        try:
            return self._plain(name, lying)
        except (FileDamaged, DataKeyMissing):
            lying.close()
            raise

    def _plain(self, name: str, lying: File) -> File:
        if has_mark(lying.read(HEAD)):
            return File(io.BufferedReader(Unsealed(lying, name), PIECE), name)
        lying.seek(0)
        is_old = PLAIN.get(name.partition("/")[0])
        if is_old is None or not is_old(name, lying):
            raise damaged(name)
        lying.seek(0)
        return lying

    def size(self, name: str) -> int:
        with self.open(name) as plain:
            return plain.seek(0, os.SEEK_END)

    def names(self) -> Iterator[str]:
        """Every file that is there."""
        for folder in PLAIN:
            yield from self._names_in(folder)

    def _names_in(self, folder: str) -> Iterator[str]:
        try:
            folders, files = self.within.listdir(folder)
        except FileNotFoundError:
            return
        yield from (f"{folder}/{name}" for name in files if not name.endswith(PART))
        for name in folders:
            yield from self._names_in(f"{folder}/{name}")

    def is_sealed(self, name: str) -> bool:
        """With the current key."""
        with self.within.open(name) as lying:
            return is_current(lying.read(HEAD))

    def seal(self, name: str) -> None:
        """What lies there plain, or sealed with a key from before, is sealed anew, in its place: whole or not at all, as ever."""
        with self.open(name) as plain:
            self._save(name, plain)

    def delete(self, name: str) -> None:
        self.within.delete(name)

    def exists(self, name: str) -> bool:
        return self.within.exists(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self.within.listdir(path)

    def path(self, name: str) -> str:
        return self.within.path(name)

    def get_modified_time(self, name: str) -> datetime:
        return self.within.get_modified_time(name)


def the_store() -> SealedFiles:
    """The store by setting, for those who look after it as a whole."""
    return cast(SealedFiles, storages["default"])
