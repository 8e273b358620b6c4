"""From the description of pages to what both formats draw: set lines, strokes, boxes, pictures and dots. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tongban.foundation.kernel.codes import qr_code

from .lines import ASCENT, PITCH, Measure, clean, fitted, line_of
from .pages import Fault

PT = 25.4 / 72  # mm
BLACK = "#000000"
TURN = -30.0  # degrees: how a tiled text leans
TILED_COLOUR, TILED_SIZE, TILED_OPACITY = "#808080", 14.0, 0.25
QUIET = 2  # modules of white around a code: paper is white around it, too

Widths = Callable[[str, str, bool], float | None]  # of a character in a font, bold or not, in ems; None: nobody has it


@dataclass(frozen=True)
class Words:
    """One line of type: its baseline begins at (x, y)."""

    x: float
    y: float
    text: str
    size: float  # pt
    advances: tuple[float, ...]  # mm
    indent: float = 0.0  # mm: an opening mark at the beginning hangs out by its blank half
    font: str = "song"
    bold: bool = False
    colour: str = BLACK
    turn: float = 0.0  # degrees, around the beginning of the baseline, clockwise
    opacity: float = 1.0

    @property
    def width(self) -> float:
        return sum(self.advances)


@dataclass(frozen=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    colour: str


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    w: float
    h: float
    width: float
    colour: str
    fill: str | None


@dataclass(frozen=True)
class Picture:
    x: float
    y: float
    w: float
    h: float
    png: bytes
    alt: str = ""


@dataclass(frozen=True)
class Dots:
    """A QR code as dark runs in its grid: (column, row, length), `side` modules wide."""

    x: float
    y: float
    w: float
    side: int
    runs: tuple[tuple[int, int, int], ...]
    text: str


Mark = Words | Stroke | Box | Picture | Dots


@dataclass(frozen=True)
class Sheet:
    width: float
    height: float
    marks: list[Mark] = field(default_factory=list)


def drawn(pages: Sequence[Mapping[str, Any]], widths: Widths) -> tuple[list[Sheet], list[Fault]]:
    """The sheets to draw, and which texts do not fit their box even in the smallest type. `pages` must be without fault."""
    sheets, overflowing = [], []
    for place, page in enumerate(pages):
        width, height = page["size"]
        sheet = Sheet(float(width), float(height))
        for order, mark in enumerate(page["marks"]):
            marks, overflows = _of_mark(mark, sheet, widths)
            sheet.marks.extend(marks)
            if overflows:
                overflowing.append(Fault("does_not_fit", f"pages.{place}.marks.{order}", mark["text"][:40]))
        sheets.append(sheet)
    return sheets, overflowing


def _of_mark(mark: Mapping[str, Any], sheet: Sheet, widths: Widths) -> tuple[list[Mark], bool]:
    kind = mark["kind"]
    if kind == "text":
        return _text(mark, widths)
    if kind == "tiled":
        return list(_tiled(mark, sheet, widths)), False
    return [_SIMPLE[kind](mark)], False


def _shown(text: str, font: str, bold: bool, widths: Widths) -> tuple[str, Measure]:
    """The text as it can be shown, and how to measure it. A character that no font here has stands as its number."""

    def has(one: str) -> bool:
        return one == "\n" or widths(one, font, bold) is not None

    shown = "".join(one if has(one) else f"〔U+{ord(one):04X}〕" for one in clean(text))
    return shown, lambda one: widths(one, font, bold) or 0.0


def _text(mark: Mapping[str, Any], widths: Widths) -> tuple[list[Mark], bool]:
    font, bold = mark.get("font", "song"), mark.get("bold", False)
    text, measure = _shown(mark["text"], font, bold, widths)
    fit = fitted(text, width_pt=mark["w"] / PT, height_pt=mark["h"] / PT, size=float(mark["size"]), measure=measure)
    em = fit.size * PT
    share = {"left": 0.0, "center": 0.5, "right": 1.0}[mark.get("align", "left")]
    lines: list[Mark] = [
        Words(
            x=mark["x"] + share * (mark["w"] - line.width * em),
            y=mark["y"] + em * (ASCENT + PITCH * row),
            text=line.text,
            size=fit.size,
            advances=tuple(advance * em for advance in line.advances),
            indent=line.indent * em,
            font=font,
            bold=bold,
            colour=mark.get("colour", BLACK),
        )
        for row, line in enumerate(fit.lines)
        if line.text.strip()
    ]
    return lines, fit.overflows


def _tiled(mark: Mapping[str, Any], sheet: Sheet, widths: Widths) -> Iterator[Words]:
    """The text again and again over the whole page, every other row shifted, leaning."""
    size = float(mark.get("size", TILED_SIZE))
    em = size * PT
    text, measure = _shown(mark["text"], "hei", False, widths)
    line = line_of(text.replace("\n", " ").strip(), measure)
    if not line.text:
        return
    width = sum(line.advances) * em
    lean = math.radians(TURN)
    across, down = max(width + 4 * em, 40), max(5 * em, 20)
    most = math.hypot(sheet.width, sheet.height)
    rows, columns = math.ceil(most / down), math.ceil(most / across)
    for row in range(-rows, rows + 1):
        for column in range(-columns, columns + 1):
            along, aside = column * across + (across / 2 if row % 2 else 0), row * down
            x = sheet.width / 2 + along * math.cos(lean) - aside * math.sin(lean)
            y = sheet.height / 2 + along * math.sin(lean) + aside * math.cos(lean)
            if -width < x < sheet.width and 0 < y < sheet.height + width / 2:
                yield Words(
                    x=x,
                    y=y,
                    text=line.text,
                    size=size,
                    advances=tuple(advance * em for advance in line.advances),
                    indent=line.indent * em,
                    font="hei",
                    colour=mark.get("colour", TILED_COLOUR),
                    turn=TURN,
                    opacity=TILED_OPACITY,
                )


def _code(mark: Mapping[str, Any]) -> Dots:
    rows = [bytes(row) for row in qr_code(mark["text"]).matrix]
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 1
            while x + length < len(row) and row[x + length] == row[x]:
                length += 1
            if row[x]:
                runs.append((x + QUIET, y + QUIET, length))
            x += length
    return Dots(mark["x"], mark["y"], mark["w"], len(rows) + 2 * QUIET, tuple(runs), mark["text"])


_SIMPLE: dict[str, Callable[[Mapping[str, Any]], Mark]] = {
    "line": lambda m: Stroke(m["x1"], m["y1"], m["x2"], m["y2"], m.get("width", 0.25), m.get("colour", BLACK)),
    "rect": lambda m: Box(m["x"], m["y"], m["w"], m["h"], m.get("width", 0.25), m.get("colour", BLACK), m.get("fill")),
    "picture": lambda m: Picture(m["x"], m["y"], m["w"], m["h"], m["png"], m.get("alt", "")),
    "qr": _code,
}
