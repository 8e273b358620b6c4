"""What a measurement says: a value, its unit, and the limit it is held against."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
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


def p50(took: list[float]) -> float:
    return round(statistics.median(took), 1)


def p99(took: list[float]) -> float:
    return round(took[min(len(took) - 1, len(took) * 99 // 100)], 1)
