"""The description of a page: marks on paper in mm from the top left. What is wrong is told at once, each with its place."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FONTS = ("song", "hei", "kai", "fangsong")
ALIGNS = ("left", "center", "right")
MOST_PAGES = 200
MOST_MARKS = 1000  # a page
LONGEST_TEXT = 20_000
MOST_PICTURE = 5 << 20  # bytes
MOST_PIXELS = 40_000_000
LARGEST_PAGE = 1200.0  # mm: A0 and a little
SMALLEST, LARGEST = 3.0, 200.0  # pt
MOST_QR = 1200  # bytes of UTF-8: beyond it no phone reads the code on paper
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
PNG = b"\x89PNG\r\n\x1a\n"

Check = Callable[[Any], str]  # the code of the fault, or ""


@dataclass(frozen=True)
class Fault:
    """What is wrong: a code, where (`pages.0.marks.3.w`), and the word it is about."""

    code: str
    path: str
    word: str = ""


def _number(low: float, high: float) -> Check:
    def check(value: Any) -> str:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            return "not_a_number"
        return "" if low <= value <= high else "out_of_range"

    return check


def _one_of(*values: str) -> Check:
    return lambda value: "" if value in values else "unknown_value"


def _colour(value: Any) -> str:
    return "" if isinstance(value, str) and COLOUR.match(value) else "not_a_colour"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "unknown_value"


def _text(value: Any) -> str:
    if not isinstance(value, str) or any("\ud800" <= one <= "\udfff" for one in value):
        return "not_text"
    return "too_long" if len(value) > LONGEST_TEXT else ""


def _coded(value: Any) -> str:
    if _text(value) or not value:
        return "not_text"
    return "too_long" if len(value.encode()) > MOST_QR else ""


def _png(value: Any) -> str:
    if not isinstance(value, bytes) or not value.startswith(PNG) or len(value) < 33:
        return "not_a_png"
    width, height = int.from_bytes(value[16:20]), int.from_bytes(value[20:24])
    fits = len(value) <= MOST_PICTURE and 0 < width * height <= MOST_PIXELS
    return "" if fits else "picture_too_big"


PLACE, LENGTH, STROKE = _number(0, LARGEST_PAGE), _number(0.1, LARGEST_PAGE), _number(0.01, 50)
CORNER = {"x": PLACE, "y": PLACE}
# kind → (what it must have, what it may have)
KINDS: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
    "text": (
        {**CORNER, "w": LENGTH, "h": LENGTH, "text": _text, "size": _number(SMALLEST, LARGEST)},
        {"font": _one_of(*FONTS), "align": _one_of(*ALIGNS), "bold": _flag, "colour": _colour},
    ),
    "line": ({"x1": PLACE, "y1": PLACE, "x2": PLACE, "y2": PLACE}, {"width": STROKE, "colour": _colour}),
    "rect": ({**CORNER, "w": LENGTH, "h": LENGTH}, {"width": STROKE, "colour": _colour, "fill": _colour}),
    "picture": ({**CORNER, "w": LENGTH, "h": LENGTH, "png": _png}, {"alt": _text}),
    "qr": ({**CORNER, "w": LENGTH, "text": _coded}, {}),
    "tiled": ({"text": _text}, {"size": _number(SMALLEST, LARGEST), "colour": _colour}),
}


def faults_of(pages: Any) -> list[Fault]:
    """Everything that is wrong with a description of pages; empty when it can be drawn."""
    if not isinstance(pages, list) or not pages:
        return [Fault("no_pages", "pages")]
    if len(pages) > MOST_PAGES:
        return [Fault("too_many", "pages", str(MOST_PAGES))]
    return [fault for place, page in enumerate(pages) for fault in _faults_of_page(page, f"pages.{place}")]


def _faults_of_page(page: Any, path: str) -> Iterator[Fault]:
    if not isinstance(page, Mapping) or set(page) - {"size", "marks"}:
        yield Fault("shape", path)
        return
    size, marks = page.get("size"), page.get("marks")
    right_size = isinstance(size, Sequence) and len(size) == 2 and not any(_number(10, LARGEST_PAGE)(n) for n in size)
    if not right_size:
        yield Fault("page_size", f"{path}.size", str(size)[:40])
    if not isinstance(marks, list):
        yield Fault("shape", f"{path}.marks")
    elif len(marks) > MOST_MARKS:
        yield Fault("too_many", f"{path}.marks", str(MOST_MARKS))
    else:
        for place, mark in enumerate(marks):
            yield from _faults_of_mark(mark, f"{path}.marks.{place}", size if right_size else None)


def _faults_of_mark(mark: Any, path: str, size: Sequence[float] | None) -> Iterator[Fault]:
    kind = mark.get("kind") if isinstance(mark, Mapping) else None
    if not isinstance(mark, Mapping) or not isinstance(kind, str) or kind not in KINDS:
        yield Fault("unknown_kind", path, str(kind)[:40])
        return
    must, may = KINDS[kind]
    found = [Fault("missing", f"{path}.{key}", key) for key in must if key not in mark]
    for key, value in mark.items():
        if key == "kind":
            continue
        check = must.get(key) or may.get(key)
        code = check(value) if check else "unknown_part"
        if code:
            found.append(Fault(code, f"{path}.{key}", str(key)[:40]))
    yield from found
    if not found and size is not None and not _on_page(mark, size):
        yield Fault("off_page", path, kind)


def _on_page(mark: Mapping[str, Any], size: Sequence[float]) -> bool:
    slack = 0.05  # mm: sums of decimals
    xs = [mark.get("x", 0) + mark.get("w", 0), mark.get("x1", 0), mark.get("x2", 0)]
    ys = [mark.get("y", 0) + mark.get("h", mark.get("w", 0)), mark.get("y1", 0), mark.get("y2", 0)]
    return max(xs) <= size[0] + slack and max(ys) <= size[1] + slack
