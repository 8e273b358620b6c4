"""The wire passes everything on, and cuts where it is told to."""

from __future__ import annotations

import contextlib
import random
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .gate import AFTER, BEFORE, IN_THE_ANSWER, PLACES, Gate
from .house import wait_for


class Always(random.Random):
    """Cuts every request, in one place."""

    place = BEFORE

    def random(self) -> float:
        return 0.0

    def choice(self, seq):
        return self.place if seq is PLACES else super().choice(seq)


class Counting(BaseHTTPRequestHandler):
    heard: list[bytes] = []

    def do_POST(self) -> None:
        self.heard.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"done" * 100)

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            super().handle()

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture
def house() -> Iterator[ThreadingHTTPServer]:
    Counting.heard.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()


def said(gate: Gate) -> bytes:
    line = HTTPConnection("127.0.0.1", gate.port, timeout=10)
    try:
        line.request("POST", "/", b"x" * 50)
        return line.getresponse().read()
    finally:
        line.close()


def test_what_is_not_cut_goes_through(house) -> None:
    gate = Gate(house.server_port, random.Random(1))
    assert (said(gate), gate.cuts) == (b"done" * 100, 0)
    gate.close()


@pytest.mark.parametrize("place", PLACES)
def test_a_request_is_cut_in_every_place(house, place: str) -> None:
    rng = Always()
    rng.place = place
    gate = Gate(house.server_port, rng)
    gate.cutting = 1.0
    with pytest.raises((OSError, HTTPException)):
        said(gate)
    gate.close()
    assert gate.cuts == 1
    if place in (AFTER, IN_THE_ANSWER):
        wait_for("the house has heard it", lambda: Counting.heard == [b"x" * 50], 10)
    else:
        assert b"x" * 50 not in Counting.heard
