"""Kills and cuts at random, one thing at a time and several together. What it does in which round follows from the seed alone."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable

from .gate import Gate
from .house import House, wait_for
from .ledger import Ledger

WEB, WEB_PROCESS, WORKER = "web server", "web process", "worker"
DATABASE, BACKEND, CUTS = "database server", "database backend", "connections cut"
KINDS = (WEB, WEB_PROCESS, WORKER, DATABASE, BACKEND, CUTS)
HEARD = 20  # acknowledged requests between one round and the next, however slow the machine
CUT_SHARE = 0.15  # of the requests, while connections are cut
ALONE, LONGEST = 0.6, 4  # how often only one thing happens, and how many at most


class Killer:
    def __init__(self, house: House, gate: Gate, book: Ledger, seed: int, seconds: float) -> None:
        self.done: Counter[str] = Counter()
        self._house, self._gate, self._book, self._seed, self._seconds = house, gate, book, seed, seconds
        self._ways: dict[str, Callable[[random.Random], None]] = {
            WEB: lambda rng: house.kill_web(),
            WEB_PROCESS: lambda rng: house.kill_web_process(rng.choice),
            WORKER: lambda rng: house.kill_worker(rng.choice),
            DATABASE: lambda rng: house.kill_database(),
            BACKEND: lambda rng: house.kill_backend(rng.choice),
            CUTS: lambda rng: self._cut(),
        }

    def _cut(self) -> None:
        self._gate.cutting = CUT_SHARE

    def round(self, number: int) -> list[str]:
        """First people are heard again; then blows fall while they work, and everything is mended. The blows, in order."""
        rng = random.Random(f"{self._seed} {number}")
        heard = self._book.acknowledged
        wait_for(f"work before round {number}", lambda: self._book.acknowledged >= heard + HEARD)
        count = 1 if rng.random() < ALONE else rng.randint(2, LONGEST)
        blows = rng.sample(KINDS, count)
        for blow in blows:
            time.sleep(rng.random() * self._seconds / count)
            self._ways[blow](rng)
            self.done[blow] += 1
        time.sleep(rng.random() * self._seconds / 4)  # a while in ruins
        self._house.wait_until_whole()
        self._gate.cutting = 0.0
        return blows
