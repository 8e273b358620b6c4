"""What a PDF from anywhere says of its signatures, read by `pdf_reader` in a process of its own: the file may be hostile."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SECONDS = 20
CPU_SECONDS = 10
MOST_BYTES = 30 << 20
READERS = 2  # files read at a time: each may take a whole processor and a gigabyte
READER = Path(__file__).parent / "pdf_reader.py"
_turns = threading.BoundedSemaphore(READERS)
_waiting: list[_Reader] = []


def read(pdf: bytes) -> dict[str, Any]:
    """`fault` when it cannot be read; else `keywords`, `pages`, `damaged` and `signatures` in turn. Never raises for what it reads."""
    if len(pdf) > MOST_BYTES:
        return {"fault": "too_big"}
    if not _turns.acquire(timeout=SECONDS):
        return {"fault": "too_slow"}
    try:
        reader = _one_that_waits() or _Reader()
        told = reader.ask(pdf)
        if reader.ended or _waiting:
            reader.end()
        else:
            _waiting.append(reader)
        return told
    finally:
        _turns.release()


def _one_that_waits() -> _Reader | None:
    try:
        reader = _waiting.pop()
    except IndexError:
        return None
    return reader if reader.is_there() else None


class _Reader:
    """A reader with all it needs in memory, which gives every file a child of its own. One waits for the next file."""

    def __init__(self) -> None:
        self.ended = False
        self._process = subprocess.Popen(
            [sys.executable, "-I", str(READER), str(CPU_SECONDS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that it is ended with the child that reads
        )

    def ask(self, pdf: bytes) -> dict[str, Any]:
        """What `read` tells. A reader that did not answer in time has ended, and its child with it."""
        limit = threading.Timer(SECONDS, self.end)
        limit.start()
        try:
            return self._answer(pdf)
        except (OSError, struct.error, ValueError):  # it ended, before it answered or meanwhile
            self.end()
            return {"fault": "too_slow"}
        finally:
            limit.cancel()

    def _answer(self, pdf: bytes) -> dict[str, Any]:
        to, back = self._process.stdin, self._process.stdout
        assert to
        assert back
        to.write(struct.pack(">I", len(pdf)))
        to.write(pdf)
        to.flush()
        code, length = struct.unpack(">iI", back.read(8))
        told = back.read(length)
        if code:
            return {"fault": "too_slow" if code < 0 else "unreadable"}
        found: dict[str, Any] = json.loads(told)
        return found

    def is_there(self) -> bool:
        """Whether nobody has killed it since the last file."""
        return self._process.poll() is None

    def end(self) -> None:
        """It and what it started are killed."""
        if not self.ended:
            self.ended = True
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()


def _begin_anew() -> None:
    """A process split from this one has readers of its own."""
    global _turns
    _waiting.clear()
    _turns = threading.BoundedSemaphore(READERS)


os.register_at_fork(after_in_child=_begin_anew)
