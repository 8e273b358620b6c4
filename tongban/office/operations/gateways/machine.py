"""What the machine says of itself: memory of this process, room on the disk, whether its clock follows a time server."""

from __future__ import annotations

import ctypes
import os
import shutil
import struct
from pathlib import Path
from typing import Any

UNSYNCHRONISED = 5  # what adjtimex answers then
NANOSECONDS = 0x2000
LAYOUT = {"offset": 8, "status": 40}  # of `struct timex` on 64-bit Linux


def resident_bytes() -> int:
    """Memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def room(folder: Path) -> dict[str, int]:
    """Free and total bytes of the disk a folder lies on; nothing while the folder is not there."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return {}
    return {"free": usage.free, "total": usage.total}


def clock() -> dict[str, Any]:
    """Whether the kernel's clock is held by a time server, and its offset from it; nothing where it cannot be asked."""
    said = ctypes.create_string_buffer(512)
    try:
        state = ctypes.CDLL(None).adjtimex(said)
    except (OSError, AttributeError):
        return {}
    if state < 0:
        return {}
    (offset,) = struct.unpack_from("q", said, LAYOUT["offset"])
    (status,) = struct.unpack_from("i", said, LAYOUT["status"])
    per_ms = 1e6 if status & NANOSECONDS else 1e3
    return {"synchronised": state != UNSYNCHRONISED, "offset_ms": round(offset / per_ms, 3)}
