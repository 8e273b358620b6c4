"""Lines of Chinese text: where a line may break, how wide it is, and how far text shrinks so that it fits its box.

Breaking follows the custom of GB/T 15834 (标点符号用法): no line begins with a closing mark or ends with an opening one. Of two
marks side by side the blank half of one goes (标点挤压), as does the blank half at either end of a line: the way our
typesetter does it, so that a line is as wide in OFD as in PDF.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

Measure = Callable[[str], float]  # width of one character in ems

OPENING = frozenset("《（『「【〖〔〈［｛“‘")
CLOSING = frozenset("，。．、：；？！》）』」】〗〕〉］｝”’")
NOT_FIRST = CLOSING | frozenset("…—～·%％℃!?,.:;)]}")
NOT_LAST = OPENING | frozenset("([{￥$")
HALF = 0.5
PITCH = 1.35  # from baseline to baseline, in ems
ASCENT = 0.88  # of the em square of Chinese type
STEP = 0.95  # each time text shrinks
FLOOR = 4.5  # pt: smaller is not read on paper


@dataclass(frozen=True)
class Line:
    text: str
    advances: tuple[float, ...]  # ems from each character to the next
    indent: float = 0.0  # ems: negative when an opening mark begins the line

    @property
    def width(self) -> float:
        return self.indent + sum(self.advances)


@dataclass(frozen=True)
class Fitted:
    size: float  # pt
    lines: list[Line]
    overflows: bool  # even the smallest size is too large: nothing is cut, the rest stands below the box


def _is_seen(one: str) -> bool:
    """Not a control, a format character, a variation selector or a code point that is no character at all."""
    code = ord(one)
    selector = 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF
    no_character = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
    return not selector and not no_character and unicodedata.category(one) not in ("Cc", "Cf", "Cs")


def clean(text: str) -> str:
    """What can be set in type; tabs are spaces, every line end is `\\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(one for one in text if one == "\n" or _is_seen(one))


def _is_word(one: str) -> bool:
    """Part of a word or number that stays in one piece."""
    return one.isascii() and not one.isspace()


def pieces(text: str) -> list[str]:
    """The text in pieces between which a line may break."""
    found: list[str] = []
    for one in text:
        before = found[-1][-1] if found else ""
        joined = before and (
            one in NOT_FIRST or before in NOT_LAST or one.isspace() or (_is_word(one) and _is_word(before))
        )
        if joined:
            found[-1] += one
        else:
            found.append(one)
    return found


def line_of(text: str, measure: Measure) -> Line:
    """One line with the blank halves of its marks taken out."""
    advances = [measure(one) for one in text]
    for place, (one, after) in enumerate(itertools.pairwise(text)):
        if (one in CLOSING and after in CLOSING | OPENING) or (one in OPENING and after in OPENING):
            advances[place] -= HALF
    if text and text[-1] in CLOSING:
        advances[-1] -= HALF
    return Line(text, tuple(advances), -HALF if text and text[0] in OPENING else 0.0)


def wrapped(text: str, width: float, measure: Measure) -> list[Line]:
    """The text in lines of at most so many ems; only a single character wider than that stands out."""
    found: list[Line] = []
    for paragraph in text.split("\n"):
        found += _paragraph(paragraph.rstrip(), width, measure)
    return found


def _paragraph(text: str, width: float, measure: Measure) -> list[Line]:
    whole = line_of(text, measure)
    if whole.width <= width:
        return [whole]
    found: list[Line] = []
    current = ""
    for piece in pieces(text):
        if line_of((current + piece).rstrip(), measure).width <= width:
            current += piece
            continue
        if current:
            found.append(line_of(current.rstrip(), measure))
        *full, current = _cut(piece, width, measure)
        found += [line_of(part, measure) for part in full]
    return [*found, line_of(current.rstrip(), measure)]


def _cut(piece: str, width: float, measure: Measure) -> list[str]:
    """A piece too wide for any line, cut where it must be."""
    parts = [""]
    for one in piece:
        if parts[-1] and line_of(parts[-1] + one, measure).width > width:
            parts.append("")
        parts[-1] += one
    return parts


def fitted(text: str, *, width_pt: float, height_pt: float, size: float, measure: Measure) -> Fitted:
    """Wrap at the box's width; while the lines are higher than the box, make the type smaller, down to `FLOOR`.

    A box too low for even one line at the wished size shrinks that line in the same way.
    """
    text = clean(text)
    least = min(FLOOR, size)
    while True:
        lines = wrapped(text, width_pt / size, measure)
        height = size * (1 + PITCH * (len(lines) - 1))
        wide = max((line.width for line in lines), default=0) * size
        fits = height <= height_pt + 0.01 and wide <= width_pt + 0.01
        if fits or size <= least:
            return Fitted(size, lines, overflows=not fits)
        size = max(size * STEP, least)
