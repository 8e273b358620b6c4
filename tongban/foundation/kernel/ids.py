"""Time-ordered identifiers (UUID version 7, RFC 9562), so that keys sort and partition by the moment of making."""

from __future__ import annotations

import os
import time
import uuid
from datetime import datetime


def uuid7() -> uuid.UUID:
    """A new identifier: 48 bits of milliseconds, then chance."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return uuid.UUID(int=value & ~(0x3 << 62) | 0x2 << 62)


def first_at(moment: datetime) -> uuid.UUID:
    """The lowest identifier of a moment: `id__gte=first_at(then)` finds what was made since, by the primary key."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)
