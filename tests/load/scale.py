"""Whether pages cost the same at ten million cases as at one: two cities, each served by a process of its own, asked in turns.

`make bench ONLY=scale` takes `.data/scale-1m` and `.data/scale-10m`, or makes what is missing of them (minutes, and an hour; 30 GB). Each
page is asked of the one city and then of the other, again and again, so that whatever else the machine does strikes both alike.
`TONGBAN_SCALE=100000,1000000` measures smaller ones.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.load.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 1.2  # of what it takes with a tenth of the cases
ROUNDS, TIMES = 12, 10


def sizes() -> tuple[int, int]:
    small, large = (int(size) for size in os.environ.get("TONGBAN_SCALE", "1000000,10000000").split(","))
    return small, large


def home_of(size: int) -> Path:
    named = f"{size // 10**6}m" if size >= 10**6 else f"{size // 1000}k"
    return ROOT / ".data" / f"scale-{named}"


class City:
    """A process that answers what it is asked, with a database of its own."""

    def __init__(self, size: int) -> None:
        environment = {
            **os.environ,
            "TONGBAN_HOME": str(home_of(size)),
            "DJANGO_SETTINGS_MODULE": "tongban.config.settings",
        }
        environment.pop("DATABASE_URL", None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.load.scale_city", str(size)], env=environment, cwd=ROOT, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def ask(self, what: dict[str, Any]) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith("= "):
                return json.loads(line[2:])
        raise SystemExit("the city has died")

    def end(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait()


@contextmanager
def city(size: int) -> Iterator[City]:
    found = City(size)
    try:
        yield found
    finally:
        found.end()


def measure() -> list[Figure]:
    small, large = sizes()
    with ExitStack() as both:
        cities = [both.enter_context(city(size)) for size in (small, large)]
        names = [one.ask({"do": "pages"}) for one in cities]
        assert names[0] == names[1]
        took: dict[str, list[list[float]]] = {name: [[], []] for name in names[0]}
        for _ in range(ROUNDS):
            for name in names[0]:
                for place, one in enumerate(cities):
                    took[name][place] += one.ask({"do": "ask", "page": name, "times": TIMES})
        touched = {name: [one.ask({"do": "touched", "page": name}) for one in cities] for name in names[0]}
    return [_figure(name, took[name], touched[name]) for name in names[0]]


def _figure(name: str, took: list[list[float]], touched: list[int]) -> Figure:
    of_small, of_large = (statistics.median(times) for times in took)
    worst = [sorted(times)[len(times) * 99 // 100] for times in took]
    note = (
        f"p50 {of_small:.1f} → {of_large:.1f} ms, p99 {worst[0]:.1f} → {worst[1]:.1f} ms; "
        f"pages of the database touched {touched[0]} → {touched[1]}"
    )
    return Figure(f"{name}: p50 at ten times the cases to p50", round(of_large / of_small, 2), "", LIMIT, note=note)
