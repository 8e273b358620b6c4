"""What a measurement says: a value, its unit, and the limit it is held against."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One line of docs/benchmarks.md. `limit` None: told, not held against anything."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def is_kept(self) -> bool:
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def milliseconds(work: Callable[[], Any], *, times: int = 60, warm: int = 5) -> list[float]:
    """How long each of so many calls took, sorted; the first few are not counted."""
    for _ in range(warm):
        work()
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


@dataclass(frozen=True)
class Round:
    """The middle of some calls of one kind made in a row: as the clock on the wall saw them, and what the processor spent here."""

    wall: float
    processor: float


def in_rounds(
    works: Mapping[str, Callable[[], Any]], *, rounds: int = 9, times: int = 15, warm: int = 5
) -> dict[str, list[Round]]:
    """Each work so many times in a row, then the next, and all of it again: what else the machine does strikes all of them alike."""
    for work in works.values():
        for _ in range(warm):
            work()
    found = [{name: _round(work, times) for name, work in works.items()} for _ in range(rounds)]
    return {name: [one[name] for one in found] for name in works}


def _round(work: Callable[[], Any], times: int) -> Round:
    wall, processor = [], []
    for _ in range(times):
        began, began_to_work = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - began)
        processor.append(time.process_time() - began_to_work)
    return Round(round(statistics.median(wall) * 1000, 1), round(statistics.median(processor) * 1000, 1))


def median_and_worst(what: str, rounds: list[Round], limit: float, note: str) -> list[Figure]:
    """Two lines, both held against the limit: a typical round, and the worst of all with every round beside it."""
    wall = [one.wall for one in rounds]
    processor = statistics.median(one.processor for one in rounds)
    told = " ".join(f"{ms:g}" for ms in wall)
    return [
        Figure(
            f"{what}, p50", statistics.median(wall), "ms", limit, note=f"{note}; {processor:g} ms of processor time"
        ),
        Figure(f"{what}, p50 of the worst round", max(wall), "ms", limit, note=f"rounds: {told}"),
    ]


def p50(took: list[float]) -> float:
    return round(statistics.median(took), 1)


def p99(took: list[float]) -> float:
    return round(took[min(len(took) - 1, len(took) * 99 // 100)], 1)


def put_between(page: Path, begin: str, end: str, lines: Iterable[str]) -> None:
    """Replace what stands between two marks of a page."""
    before, _, rest = page.read_text().partition(begin)
    page.write_text("\n".join([before + begin, "", *lines, "", end + rest.partition(end)[2]]))
