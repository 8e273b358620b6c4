"""The reader of PDFs: one that waits, a child for every file, and limits that no file gets past."""

from __future__ import annotations

import contextlib
import os
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from tongban.foundation.layouts.gateways import pdf_reading


def made(content: bytes, *, shown: int = 1) -> bytes:
    """A page that shows a packed stream, as often as is said."""
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[" + b"4 0 R " * shown + b"]>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(content), content),
    )
    pdf, places = b"%PDF-1.7\n", []
    for number, said in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, said)
    listed = b"".join(b"%010d 00000 n \n" % place for place in places)
    return pdf + b"xref\n0 5\n0000000000 65535 f \n%btrailer\n<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        listed,
        len(pdf),
    )


PLAIN = made(zlib.compress(b"0 0 m"))
ENDLESS = made(zlib.compress(bytes(30 << 20)), shown=3000)
GREEDY = made(zlib.compress(bytes(1 << 30), 1))


@pytest.fixture(autouse=True)
def _readers_of_its_own() -> Iterator[None]:
    """No reader from before, none left behind."""
    end_all()
    yield
    end_all()


def end_all() -> None:
    while pdf_reading._waiting:
        pdf_reading._waiting.pop().end()


def waiting() -> list[int]:
    return [reader._process.pid for reader in pdf_reading._waiting]


def running_in(group: int) -> list[str]:
    """Processes of a group that are more than a name somebody has still to strike out."""
    running = []
    for told in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _parent, its_group = told.read_text().rpartition(")")[2].split()[:3]
            running += [told.parent.name] if int(its_group) == group and state not in "ZX" else []
    return running


def test_one_reader_reads_file_after_file_and_nothing_stays():
    first = pdf_reading.read(PLAIN)
    assert first == {"keywords": "", "pages": 1, "damaged": [], "signatures": []}
    reader = waiting()
    for _time in range(3):
        assert pdf_reading.read(b"%PDF-1.7")["fault"] == "unreadable"
        assert pdf_reading.read(PLAIN) == first
    assert waiting() == reader
    assert len(reader) == 1


def test_a_file_without_end_takes_the_seconds_there_are_and_the_reader_goes_on(monkeypatch):
    monkeypatch.setattr(pdf_reading, "CPU_SECONDS", 1)
    assert pdf_reading.read(ENDLESS) == {"fault": "too_slow"}
    reader = waiting()
    assert pdf_reading.read(PLAIN)["pages"] == 1
    assert waiting() == reader


def test_one_that_does_not_answer_is_killed_with_its_child_and_the_next_file_has_another(monkeypatch):
    assert pdf_reading.read(PLAIN)["pages"] == 1
    [hanging] = waiting()
    monkeypatch.setattr(pdf_reading, "SECONDS", 0.5)
    assert pdf_reading.read(ENDLESS) == {"fault": "too_slow"}
    assert waiting() == []
    while running_in(hanging):  # a kill on its way
        time.sleep(0.05)
    monkeypatch.undo()
    assert pdf_reading.read(PLAIN)["pages"] == 1


def test_a_page_that_would_fill_the_memory_is_damaged_and_the_next_file_is_read():
    assert len(GREEDY) < pdf_reading.MOST_BYTES
    assert pdf_reading.read(GREEDY).get("damaged") == [1]
    assert pdf_reading.read(PLAIN)["damaged"] == []


def test_a_reader_that_was_killed_between_files_is_replaced():
    pdf_reading.read(PLAIN)
    [reader] = waiting()
    os.kill(reader, 9)
    os.waitid(os.P_PID, reader, os.WEXITED | os.WNOWAIT)
    assert pdf_reading.read(PLAIN)["pages"] == 1


def test_a_process_split_off_has_a_reader_of_its_own():
    pdf_reading.read(PLAIN)
    child = os.fork()
    if not child:
        os._exit(len(pdf_reading._waiting))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(waiting()) == 1
