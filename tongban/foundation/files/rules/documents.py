"""PDF: encrypted ones, broken ones, bombs, and documents that start programs."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError

MOST_PAGES = 500
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 500
MOST_STREAMS = 20_000
PIECE = 64 * 1024
RATIO_FROM = 20 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_LAYERED = re.compile(rb"/Filter\s*\[\s*/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?")
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)[\s/(<\[]")


def pdf_faults(data: bytes) -> Iterator[str]:
    """Codes of what is wrong: `bomb`, `active_content`, `encrypted`, `broken`, `no_pages`, `too_many_pages`."""
    if is_bomb(data):
        yield "bomb"
        return
    if _ACTIVE.search(data):
        yield "active_content"
    pages, fault = count_pages(data)
    if fault:
        yield fault
    elif pages == 0:
        yield "no_pages"
    elif pages > MOST_PAGES:
        yield "too_many_pages"


def is_bomb(data: bytes) -> bool:
    """Whether its packed streams would unpack to far more than a document needs. They are unpacked in small pieces and dropped.

    Every place that could begin a stream is tried, for a false beginning must not hide a true one; what all of them yield
    together is limited, so nested ones cost no more than one.
    """
    if _LAYERED.search(data):
        return True  # packed twice: no honest program writes that, and it squares the ratio
    total, tried, view = 0, 0, memoryview(data)
    for found in _STREAM.finditer(data):
        start = found.end()
        if data[start : start + 1] != b"\x78":
            continue
        tried += 1
        size, used = _unpacked(view[start:], MOST_UNPACKED - total)
        total += size
        if tried > MOST_STREAMS or total >= MOST_UNPACKED or (size > RATIO_FROM and size > MOST_RATIO * used):
            return True
    return False


def _unpacked(packed: memoryview, most: int) -> tuple[int, int]:
    """How many bytes come out of a packed stream, and of how many; no further than `most`."""
    unpacker, size, used = zlib.decompressobj(), 0, 0
    try:
        while not unpacker.eof and size < most and used < len(packed):
            piece = bytes(packed[used : used + PIECE])
            used += len(piece)
            while piece and size < most and not unpacker.eof:  # at its end a stream may name a rest for ever
                size += len(unpacker.decompress(piece, 16 * PIECE))
                piece = unpacker.unconsumed_tail
    except zlib.error:
        pass  # a damaged stream is the reader's business
    return size, used


def count_pages(data: bytes) -> tuple[int, str]:
    """Pages, and what keeps us from counting them: `encrypted` (needs a password to open) or `broken`."""
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        # Many banks forbid changes with an owner's password only; such a file opens for everybody.
        if reader.is_encrypted and not reader.decrypt(""):
            return 0, "encrypted"
        return len(reader.pages), ""
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        IndexError,
        RecursionError,
        NotImplementedError,
        OSError,
    ):
        return 0, "broken"
