"""PostgreSQL's log by the names of its segments: where one lies, which follows, where one is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

SEGMENT = re.compile(r"[0-9A-F]{24}(\.partial)?")
HISTORY = re.compile(r"[0-9A-F]{8}\.history")


def position(lsn: str) -> int:
    high, low = lsn.split("/")
    return (int(high, 16) << 32) + int(low, 16)


def number(segment: str, size: int) -> int:
    """Which segment of the log it is, on whatever timeline."""
    return int(segment[8:16], 16) * (0x1_0000_0000 // size) + int(segment[16:24], 16)


def name(timeline: int, of: int, size: int) -> str:
    per_file = 0x1_0000_0000 // size
    return f"{timeline:08X}{of // per_file:08X}{of % per_file:08X}"


@dataclass(frozen=True)
class Reach:
    """The segments that can be replayed without a break, and the break there is, if any."""

    names: tuple[str, ...]
    gap: tuple[str, str] | None = None


def reach(names: Iterable[str], *, start: str, end: str, timeline: int, size: int) -> Reach:
    """What of an archive carries on from a backup. The backup holds the segments from `start` to `end` itself."""
    after = (position(end) - 1) // size
    first = position(start) // size
    known: dict[int, list[str]] = {}
    for segment in names:
        if SEGMENT.fullmatch(segment) and number(segment, size) >= first:
            known.setdefault(number(segment, size), []).append(segment)
    last = after
    while last + 1 in known:
        last += 1
    usable = sorted(segment for of, found in known.items() if of <= last for segment in found)
    beyond = [of for of in known if of > last]
    if not beyond:
        return Reach(tuple(usable))
    return Reach(tuple(usable), (name(timeline, last, size), known[min(beyond)][0]))
