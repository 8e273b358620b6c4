"""What every client sent and what it was told: one line before each request and one after it, on disk before the client goes on.

The checker believes this file and the database, and nothing else. Four things may be said of a request: `sent` (and never answered: the
driver itself died), `acknowledged` (2xx or a redirect), `refused` (4xx: the house says that it did nothing), `unknown` (cut off, or 5xx:
it may have been done or not).
"""

from __future__ import annotations

import itertools
import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ACKNOWLEDGED, REFUSED, UNKNOWN, SENT = "acknowledged", "refused", "unknown", "sent"


@dataclass
class Request:
    """One request: who did what, under which key or with which mark in its words; then what came of it."""

    n: int
    who: str  # name of the player; his person or account is `by`
    by: str
    act: str  # apply, accept, pay, rate …
    key: str = ""  # Idempotency-Key, where the act has one: the same in every attempt
    mark: str = ""  # words that only this act carries into the database
    about: str = ""  # id of the case, bill, message … that it is about
    more: dict[str, Any] = field(default_factory=dict)
    sent_at: float = 0.0
    outcome: str = SENT
    status: int = 0
    answered_at: float = 0.0
    told: dict[str, Any] = field(default_factory=dict)


class Ledger:
    """A file that only grows; any number of threads write to it."""

    def __init__(self, path: Path) -> None:
        self.path, self.acknowledged = path, 0
        self._file = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_TRUNC, 0o644)
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def sent(self, **what: Any) -> Request:
        with self._lock:
            request = Request(n=next(self._numbers), sent_at=time.time(), **what)
            self._write(asdict(request))
        return request

    def answered(self, request: Request, outcome: str, status: int = 0, told: dict[str, Any] | None = None) -> None:
        request.outcome, request.status, request.told = outcome, status, told or {}
        request.answered_at = time.time()
        last = {"outcome": outcome, "status": status, "told": request.told, "answered_at": request.answered_at}
        with self._lock:
            self.acknowledged += outcome == ACKNOWLEDGED
            self._write({"n": request.n, **last})

    def _write(self, line: dict[str, Any]) -> None:
        os.write(self._file, (json.dumps(line, ensure_ascii=False) + "\n").encode())

    def sync(self) -> None:
        os.fsync(self._file)

    def close(self) -> None:
        os.close(self._file)


def read(path: Path) -> list[Request]:
    """Every request of a ledger in the order of sending, with the last that was said about it."""
    found: dict[int, Request] = {}
    for line in _lines(path):
        if line["n"] in found:
            for name, value in line.items():
                setattr(found[line["n"]], name, value)
        else:
            found[line["n"]] = Request(**line)
    return list(found.values())


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open() as file:
        for line in file:
            if line.endswith("\n"):  # the driver may have died in the middle of one
                yield json.loads(line)
