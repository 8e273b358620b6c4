"""Whether processes keep their size: each is weighed now and then, and a line is laid through the second half of what was found."""

from __future__ import annotations

import contextlib
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

MB = 1024.0  # of the kilobytes that Linux counts in


@dataclass(frozen=True)
class Weight:
    """One process at one moment. `own` is its anonymous memory: heap and stacks, without files and shared buffers."""

    at: float
    pid: int
    name: str
    own: float  # MB
    resident: float  # MB


def weigh(pid: int, name: str, at: float) -> Weight | None:
    """None when it has gone."""
    try:
        rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return None
    kept = {key: int(size) for key, size in re.findall(r"^(\w+):\s+(\d+) kB", rolled, re.MULTILINE)}
    return (
        Weight(round(at, 1), pid, name, round(kept["Anonymous"] / MB, 3), round(kept["Rss"] / MB, 3)) if kept else None
    )


def descendants(pid: int) -> list[int]:
    """A process and all it started, and they in turn."""
    with contextlib.suppress(OSError):
        started = [
            int(c) for task in Path(f"/proc/{pid}/task").iterdir() for c in (task / "children").read_text().split()
        ]
        return [pid, *(one for child in started for one in descendants(child))]
    return []


def watch(
    processes: Callable[[], Mapping[int, str]],
    book: Path,
    *,
    every: float,
    until: float,
    over: Callable[[float], object],
) -> None:
    """Weigh all there are, again and again, into a file of one line each; `over` waits."""
    began = time.monotonic()
    with book.open("w") as lines:
        while time.monotonic() < until:
            for pid, name in processes().items():
                if found := weigh(pid, name, time.monotonic() - began):
                    lines.write(json.dumps(asdict(found)) + "\n")
            lines.flush()
            over(every)


def read(book: Path) -> list[Weight]:
    return [Weight(**json.loads(line)) for line in book.read_text().splitlines()]


@dataclass(frozen=True)
class Course:
    """How the size of one process went: the line through the second half of the run, in MB an hour."""

    name: str
    pid: int
    samples: int
    first: float
    last: float
    most: float
    resident: float
    slope: float

    def is_flat(self, limit: float) -> bool:
        return self.slope <= limit


def courses(weights: Iterable[Weight]) -> list[Course]:
    """Of every process that lived through the second half; those that came or went in it have none."""
    of_each: dict[tuple[str, int], list[Weight]] = defaultdict(list)
    for weight in weights:
        of_each[weight.name, weight.pid].append(weight)
    end = max((one.at for seen in of_each.values() for one in seen), default=0.0)
    found = []
    for (name, pid), seen in sorted(of_each.items()):
        late = [one for one in seen if one.at >= end / 2]
        if seen[0].at <= end / 2 and len(late) > 2 and late[-1].at >= end * 0.95:
            sizes = [one.own for one in seen]
            slope = _slope([(one.at / 3600, one.own) for one in late])
            found.append(Course(name, pid, len(seen), sizes[0], sizes[-1], max(sizes), seen[-1].resident, slope))
    return found


def _slope(points: list[tuple[float, float]]) -> float:
    """Of the line with the least squares."""
    x_mean, y_mean = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)
