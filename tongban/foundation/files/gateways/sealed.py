"""A sealed file: what it begins with, and its plain bytes piece by piece.

Mark, id of the data key, salt; then pieces of 64 KiB closed with a key of this file and this name alone (`kernel/pieces.py`). Any
part is read without what lies before it; one piece at a time is in memory.
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterable, Iterator
from typing import IO, Any

from django.conf import settings

from tongban.foundation.files.errors import DataKeyMissing, FileDamaged
from tongban.foundation.kernel.pieces import TAG, Altered, closed, opened
from tongban.foundation.kernel.secrets import file_cipher

log = logging.getLogger(__name__)
MARK = b"TBFILE1\n"
KEY_ID, SALT = 16, 16
HEAD = len(MARK) + KEY_ID + SALT
PIECE = 64 * 1024


def _key_field(key_id: str) -> bytes:
    return key_id.encode().ljust(KEY_ID, b"\0")


def has_mark(head: bytes) -> bool:
    return head.startswith(MARK)


def is_current(head: bytes) -> bool:
    """Whether a file with this beginning was sealed with the key that is current."""
    return head.startswith(MARK + _key_field(settings.DATA_KEY_CURRENT))


def sealed(name: str, plain: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes of the sealed file, to be written one after the other."""
    salt = os.urandom(SALT)
    yield MARK + _key_field(settings.DATA_KEY_CURRENT) + salt
    yield from closed(file_cipher(settings.DATA_KEY_CURRENT, salt, name), plain, PIECE)


def damaged(name: str) -> FileDamaged:
    """Told to the operators by the name it has in the store, which says nothing of anybody."""
    log.error("stored file is damaged: %s", name)
    return FileDamaged()


class Unsealed(io.RawIOBase):
    """The plain bytes of a sealed file that lies open. Raises at the first piece that is not as it was written."""

    def __init__(self, lying: IO[Any], name: str) -> None:
        self._lying, self._name = lying, name
        lying.seek(0)
        head = lying.read(HEAD)
        lying.seek(0, os.SEEK_END)
        body = lying.tell() - HEAD
        self._pieces = max(1, -(-body // (PIECE + TAG)))
        self.size = body - self._pieces * TAG
        if self.size < 0:
            raise damaged(name)
        try:
            key_id = head[len(MARK) : -SALT].rstrip(b"\0").decode()
            self._cipher = file_cipher(key_id, head[-SALT:], name)
        except (KeyError, UnicodeDecodeError):
            log.error("no such data key for stored file: %s", name)
            raise DataKeyMissing from None
        self._at, self._held, self._plain = 0, -1, b""

    def _piece(self, number: int) -> bytes:
        if number != self._held:
            self._lying.seek(HEAD + number * (PIECE + TAG))
            piece = self._lying.read(PIECE + TAG)
            try:
                plain = opened(self._cipher, number, piece, PIECE, last=number == self._pieces - 1)
            except Altered:
                raise damaged(self._name) from None
            self._held, self._plain = number, plain
        return self._plain

    def readinto(self, into: Any) -> int:
        # The last piece is opened also where nothing is left to read: it alone proves that the file ends here.
        number = min(self._at // PIECE, self._pieces - 1)
        start = self._at - number * PIECE
        part = self._piece(number)[start : start + len(into)]
        into[: len(part)] = part
        self._at += len(part)
        return len(part)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._lying.close()
        super().close()


class Poured(io.RawIOBase):
    """Bytes that come one after the other, as a file to read once: what storages take."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts, self._rest = iter(parts), b""

    def readinto(self, into: Any) -> int:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        part, self._rest = self._rest[: len(into)], self._rest[len(into) :]
        into[: len(part)] = part
        return len(part)

    def readable(self) -> bool:
        return True
