"""A stream in pieces of one size, each closed by itself with AES-256-GCM.

The nonce counts the pieces and marks the last (the STREAM construction, as in age), so that a piece cannot be altered, left out,
moved, or cut off unseen. The cipher's key must be of this one stream alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TAG = 16


class Altered(Exception):
    """A piece is not as it was written, or not in its place."""


class CutShort(Altered):
    """A piece that is whole, and was not the last that was written."""


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _in_pieces(source: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of one size, the last of any; and whether it is the last."""
    held = bytearray()
    for part in source:
        held += part
        while len(held) > size:
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True


def closed(cipher: AESGCM, source: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The stream as pieces of `size` bytes and a tag each; an empty one is one empty piece."""
    for number, (piece, last) in enumerate(_in_pieces(source, size)):
        yield cipher.encrypt(_nonce(number, last=last), piece, None)


def opened(cipher: AESGCM, number: int, piece: bytes, size: int, *, last: bool) -> bytes:
    """One piece, of a stream that was closed with this `size`; `last`: nothing follows it."""
    try:
        return cipher.decrypt(_nonce(number, last=last), piece, None)
    except (InvalidTag, ValueError):
        pass
    if last and len(piece) in (0, size + TAG) and (not piece or _opens(cipher, number, piece)):
        raise CutShort
    raise Altered


def _opens(cipher: AESGCM, number: int, piece: bytes) -> bool:
    try:
        cipher.decrypt(_nonce(number, last=False), piece, None)
    except InvalidTag:
        return False
    return True
