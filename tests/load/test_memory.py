"""The scales that `make soak` weighs with: a planted leak is seen, a process that keeps its size is not blamed."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.load.memory import Weight, courses, descendants, read, watch

LEAKS = "import time\nkept = []\nwhile True:\n    kept.append(bytearray(b'x' * 300_000)); time.sleep(0.05)"
IDLES = "import time\nwhile True:\n    time.sleep(0.05)"


def test_a_planted_leak_is_seen_and_its_neighbour_is_not_blamed(tmp_path: Path) -> None:
    started = [subprocess.Popen([sys.executable, "-S", "-c", code]) for code in (LEAKS, IDLES)]
    try:
        names = {started[0].pid: "leaks", started[1].pid: "idles"}
        book = tmp_path / "memory.jsonl"
        watch(lambda: names, book, every=0.1, until=time.monotonic() + 2.5, over=time.sleep)
    finally:
        for process in started:
            process.kill()
            process.wait()
    found = {one.name: one for one in courses(read(book))}
    assert found["leaks"].slope > 1000
    assert not found["leaks"].is_flat(4)
    assert found["idles"].is_flat(4)


def test_only_who_lived_through_the_second_half_is_judged() -> None:
    def line(name: str, first: int, last: int, each: float) -> list[Weight]:
        return [Weight(at * 10.0, 1, name, 100 + each * at, 200) for at in range(first, last)]

    weights = [*line("grows", 0, 100, 1 / 36), *line("came late", 70, 100, 1), *line("went", 0, 80, 1)]
    found = {one.name: one for one in courses(weights)}
    assert set(found) == {"grows"}
    assert found["grows"].slope == pytest.approx(10)
    assert (found["grows"].first, found["grows"].most) == (100, pytest.approx(102.75))


def test_the_children_of_children_are_found() -> None:
    shell = subprocess.Popen(["sh", "-c", "sleep 5 & wait"])
    try:
        time.sleep(0.2)
        assert len(descendants(shell.pid)) == 2
    finally:
        for pid in reversed(descendants(shell.pid)):
            subprocess.run(["kill", str(pid)], check=False)
        shell.wait()
