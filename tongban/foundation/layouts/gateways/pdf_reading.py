"""What a PDF from anywhere says of its signatures, read by `pdf_reader` in a process of its own: the file may be hostile."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

SECONDS = 20
MOST_BYTES = 30 << 20
_turns = threading.BoundedSemaphore(2)  # files read at a time: each may take a whole processor and a gigabyte
READER = Path(__file__).parent / "pdf_reader.py"


def read(pdf: bytes) -> dict[str, Any]:
    """`fault` when it cannot be read; else `keywords`, `pages`, `damaged` and `signatures` in turn. Never raises for what it reads."""
    if len(pdf) > MOST_BYTES:
        return {"fault": "too_big"}
    if not _turns.acquire(timeout=SECONDS):
        return {"fault": "too_slow"}
    try:
        done = subprocess.run([sys.executable, "-I", str(READER)], input=pdf, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return {"fault": "too_slow"}
    finally:
        _turns.release()
    if done.returncode:
        return {"fault": "too_slow" if done.returncode < 0 else "unreadable"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found
