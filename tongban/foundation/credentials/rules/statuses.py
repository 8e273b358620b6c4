"""The status list: two bits for each credential, in the manner of the W3C Bitstring Status List 1.0.

A list is long and places in it are drawn by lot, so that whoever fetches it does not tell which credential he looks at.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from typing import Any

LENGTH = 131_072  # entries: what the W3C text asks for at least
FULL = LENGTH // 2  # a list half full is closed, so that a free place is found at once
BITS = 2
VALID, SUSPENDED, REVOKED, SUPERSEDED = range(4)
MESSAGES = ("valid", "suspended", "revoked", "superseded")
SIZE = LENGTH * BITS // 8


def compressed(states: Mapping[int, int]) -> str:
    """Place → state, those not named being valid, as the list is published: `u`, then base64url of gzip."""
    bits = bytearray(SIZE)
    for place, state in states.items():
        bits[place // 4] |= state << (6 - place % 4 * BITS)  # the first entry is the leftmost bits of the first byte
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return "u" + base64.urlsafe_b64encode(packer.compress(bytes(bits)) + packer.flush()).decode().rstrip("=")


def expanded(encoded: Any) -> bytes | None:
    """The bits of a published list; None when it is none. Never more than a list is long, whatever a bomb unpacks to."""
    if not isinstance(encoded, str) or not encoded.startswith("u") or len(encoded) > SIZE * 2:
        return None
    try:
        raw = base64.urlsafe_b64decode(encoded[1:] + "=" * (-(len(encoded) - 1) % 4))
        bits = zlib.decompressobj(31).decompress(raw, SIZE + 1)
    except (binascii.Error, ValueError, zlib.error):
        return None
    return bits if len(bits) == SIZE else None


def state_at(bits: bytes, place: int) -> int | None:
    """One entry; None beyond the end."""
    return bits[place // 4] >> (6 - place % 4 * BITS) & 3 if 0 <= place < LENGTH else None
