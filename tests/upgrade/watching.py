"""What people notice of it: a page asked for ten times a second, and what became of every request that changes something."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException

from tests.torture.ledger import ACKNOWLEDGED, REFUSED, Request

EVERY_S = 0.1
PAGES = ("/", "/items/", "/health/ready")


@dataclass
class Phase:
    """A stretch of time with a name; `took`: the switch within it."""

    name: str
    began: float
    ended: float = 0.0
    took: float = 0.0


@dataclass
class Watch:
    port: int
    phases: list[Phase] = field(default_factory=list)
    asked: list[tuple[float, float, int]] = field(default_factory=list)  # when, seconds, status (0: no answer)

    @contextmanager
    def watching(self) -> Iterator[None]:
        over = threading.Event()
        thread = threading.Thread(target=self._ask, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _ask(self, over: threading.Event) -> None:
        number = 0
        while not over.wait(EVERY_S):
            number += 1
            when, began = time.time(), time.monotonic()
            line = HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                line.request("GET", PAGES[number % len(PAGES)])
                status = line.getresponse().status
            except (OSError, HTTPException):
                status = 0
            finally:
                line.close()
            self.asked.append((when, time.monotonic() - began, status))

    @contextmanager
    def phase(self, name: str) -> Iterator[Phase]:
        phase = Phase(name, time.time())
        self.phases.append(phase)
        yield phase
        phase.ended = time.time()

    def rows(self, requests: list[Request]) -> list[str]:
        """A line for each phase: pages, requests that change something, and the longest anybody waited."""
        lines = []
        for phase in self.phases:
            pages = [one for one in self.asked if phase.began <= one[0] < phase.ended]
            mine = [one for one in requests if phase.began <= one.sent_at < phase.ended]
            told = Counter(one.outcome for one in mine)
            lost = sum(told.values()) - told[ACKNOWLEDGED] - told[REFUSED]
            missed = sum(status != 200 for _, _, status in pages)
            waits = [one[1] for one in pages] + [one.answered_at - one.sent_at for one in mine if one.answered_at]
            lines.append(
                f"| {phase.name} | {phase.took or phase.ended - phase.began:.0f} | {len(pages)}, {missed} | "
                f"{told[ACKNOWLEDGED]} | {told[REFUSED]} | {lost} | {max(waits, default=0):.1f} |"
            )
        return lines
