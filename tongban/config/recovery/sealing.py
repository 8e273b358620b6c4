"""Streams closed with the operator's key: compressed, then AES-256-GCM piece by piece, each bound to its name and place.

A sealed stream is a mark, the key's id, a salt, and pieces of one mebibyte (`kernel/pieces.py`).
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tongban.foundation.kernel.durable import write_once
from tongban.foundation.kernel.pieces import TAG, Altered, CutShort, closed, opened

from . import faults

MARK = b"TONGBAN1"
PIECE = 1 << 20
SALT = 16
KEY_LINE = "tongban-backup-key-1"


class Key:
    """The one secret that opens backups. Its file is a line an operator can print and type: mark, key, check."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self.id = hashlib.sha256(b"tongban backup key id" + secret).digest()[:8]

    @classmethod
    def make(cls, path: Path) -> Key:
        key = cls(os.urandom(32))
        try:
            write_once(path, f"{KEY_LINE} {key._secret.hex()} {key.id.hex()}\n".encode())
        except FileExistsError:
            raise faults.key_exists(path) from None
        return key

    @classmethod
    def read(cls, path: Path) -> Key:
        try:
            mark, secret, check = path.read_text().split()
            key = cls(bytes.fromhex(secret))
        except FileNotFoundError:
            raise faults.no_key() from None
        except (ValueError, UnicodeDecodeError):
            raise faults.not_a_key(path) from None
        if mark != KEY_LINE or check != key.id.hex():
            raise faults.not_a_key(path)
        return key

    def name_of(self, *parts: object) -> str:
        """A name that tells an outsider nothing, the same for the same parts."""
        return hashlib.blake2b("\0".join(map(str, parts)).encode(), key=self._secret, digest_size=20).hexdigest()

    def cipher(self, name: str, salt: bytes) -> AESGCM:
        derive = HKDF(hashes.SHA256(), 32, salt=salt, info=b"tongban backup stream " + name.encode())
        return AESGCM(derive.derive(self._secret))


def _compressed(source: Iterable[bytes]) -> Iterator[bytes]:
    squeeze = zlib.compressobj(1)
    for part in source:
        yield squeeze.compress(part)
    yield squeeze.flush()


def seal(key: Key, name: str, source: Iterable[bytes], out: BinaryIO) -> None:
    salt = os.urandom(SALT)
    cipher = key.cipher(name, salt)
    out.write(MARK + key.id + salt)
    for piece in closed(cipher, _compressed(source), PIECE):
        out.write(piece)


def _opened_pieces(key: Key, name: str, sealed: BinaryIO) -> Iterator[bytes]:
    head = sealed.read(len(MARK) + len(key.id) + SALT)
    if len(head) < len(MARK) + len(key.id) + SALT:
        raise faults.truncated(name)
    if not head.startswith(MARK):
        raise faults.altered(name)
    if head[len(MARK) : -SALT] != key.id:
        raise faults.wrong_key(name)
    cipher, number = key.cipher(name, head[-SALT:]), 0
    piece = sealed.read(PIECE + TAG)
    while following := sealed.read(PIECE + TAG):
        yield _opened(cipher, number, piece, name, last=False)
        piece, number = following, number + 1
    yield _opened(cipher, number, piece, name, last=True)


def _opened(cipher: AESGCM, number: int, piece: bytes, name: str, *, last: bool) -> bytes:
    try:
        return opened(cipher, number, piece, PIECE, last=last)
    except CutShort:
        raise faults.truncated(name) from None
    except Altered:
        raise faults.altered(name) from None


def open_(key: Key, name: str, sealed: BinaryIO) -> Iterator[bytes]:
    """The plain stream; raises at the first piece that is not as it was written."""
    expand = zlib.decompressobj()
    for piece in _opened_pieces(key, name, sealed):
        while piece:  # what compresses well comes out in parts, not all at once
            yield expand.decompress(piece, PIECE)
            piece = expand.unconsumed_tail
    yield expand.flush()
