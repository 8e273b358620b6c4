"""The serial numbers of licences: taken from the database a hundred at a time, so that issuing asks it nothing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

from tongban.foundation.kernel.statements import one_row

BLOCK = 100  # the increment of the sequence; its twin is in `migrations/0002_serials`
_lock = threading.Lock()
_blocks: dict[int, Iterator[int]] = {}  # by process: a child that was forked takes a block of its own


def next_serial() -> int:
    """A number no licence has had. Some are never used: a process that stops takes the rest of its block with it."""
    with _lock:
        block = _blocks.get(os.getpid(), iter(()))
        serial = next(block, None)
        if serial is None:
            row = one_row("select nextval('licences_serial')", [])
            assert row is not None
            block = _blocks[os.getpid()] = iter(range(int(row[0]), int(row[0]) + BLOCK))
            serial = next(block)
        return serial
