"""How a licence looks on paper: its type's own pages with their gaps filled, or a page any licence can have (standards §11.3).

Pages are those of `layouts`, in mm. `{…}` in a text is a gap: a field of the type, or one of `GAPS`. A mark of kind `seal` says
where the middle of the seal stands.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from math import ceil
from typing import Any

GAPS = frozenset(
    {"name", "number", "identifier", "holder", "holder_number", "issuer", "issued_on", "valid_from", "valid_until", "credential"}
)  # fmt: skip
GAP = re.compile(r"\{(\w+)\}")
TEXTS = frozenset({"text", "qr", "tiled"})
COLOURS = {"red": "#b3202c", "blue": "#1d4fa4", "green": "#1b6b3a", "gold": "#8a6100"}
INK, GREY = "#1c1c1c", "#666666"

Line = tuple[str, str]  # label and value
Page = dict[str, Any]
Place = tuple[int, float, float]  # page from 0, the middle of the seal

WIDTH, HEIGHT, EDGE = 210.0, 297.0, 10.0
FIRST, LAST = 78.0, 214.0  # where the lines stand on the first page
LABEL_X, LABEL_W, VALUE_X, VALUE_W = 26.0, 44.0, 74.0, 110.0
SIZE = 13.0  # pt
HIGH, SPACE = SIZE * 0.3528 * 1.45, 4.6  # mm: a line of text, and what is between two values
SAMPLE = "示例证照，不具有法律效力"
SEAL: Place = (0, 153.0, 244.0)


def gaps_in(pages: Iterable[Mapping[str, Any]]) -> set[str]:
    """The gaps the pages of a type have."""
    marks = [mark for page in pages for mark in page.get("marks", []) if isinstance(mark, Mapping)]
    return {gap for mark in marks for gap in GAP.findall(str(mark.get("text", "")))}


def without_seals(pages: Iterable[Mapping[str, Any]]) -> list[Page]:
    """The pages as `layouts` knows them: the seal's place is a mark of ours only."""
    return [
        {**page, "marks": [mark for mark in page.get("marks", []) if not _is_seal(mark)]}
        if _has_marks(page)
        else dict(page)
        for page in pages
    ]


def with_pictures(pages: Iterable[Mapping[str, Any]]) -> list[Page]:
    """The pages with their pictures as bytes; in a definition, which is JSON, they stand in base64."""
    return [
        {**page, "marks": [_as_bytes(mark) for mark in page["marks"]]} if _has_marks(page) else dict(page)
        for page in pages
    ]


def _as_bytes(mark: Any) -> Any:
    if not isinstance(mark, Mapping) or not isinstance(mark.get("png"), str):
        return mark
    try:
        return {**mark, "png": b64decode(mark["png"], validate=True)}
    except ValueError:
        return mark


def seals_off_page(pages: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a place for the seal is said badly, or the seal would hang over the edge of its page."""
    half = 21.0  # mm: the largest seal is 42 wide
    return any(
        not all(isinstance(mark.get(side), int | float) and half <= mark[side] <= page["size"][number] - half
                for number, side in enumerate("xy"))
        for page in pages for mark in page["marks"] if _is_seal(mark)
    )  # fmt: skip


def _has_marks(page: Mapping[str, Any]) -> bool:
    return isinstance(page.get("marks"), list)


def _is_seal(mark: Any) -> bool:
    return isinstance(mark, Mapping) and mark.get("kind") == "seal"


def filled(pages: Sequence[Mapping[str, Any]], values: Mapping[str, str]) -> tuple[list[Page], Place]:
    """The type's own pages with every gap filled, and where the seal goes. What was never said leaves its gap empty."""
    made: list[Page] = [{"size": list(page["size"]), "marks": []} for page in pages]
    place: Place = (len(pages) - 1, pages[-1]["size"][0] - 55.0, pages[-1]["size"][1] - 50.0)
    for number, page in enumerate(pages):
        for mark in page["marks"]:
            if mark["kind"] == "seal":
                place = (number, mark["x"], mark["y"])
            elif said := _said(mark, values):
                made[number]["marks"].append(said)
    return made, place


def _said(mark: Mapping[str, Any], values: Mapping[str, str]) -> Page | None:
    """A mark with its gaps filled; None for one that would say nothing, such as the code of a page without one."""
    copy = deepcopy(dict(mark))
    if copy["kind"] in TEXTS:
        copy["text"] = GAP.sub(lambda gap: values.get(gap[1], ""), copy["text"])
        return copy if copy["text"] else None
    return dict(_as_bytes(copy))


def standard(
    title: str, lines: Sequence[Line], values: Mapping[str, str], colour: str, *, sample: bool = False
) -> tuple[list[Page], Place]:
    """The page of a licence whose type has none of its own: title, number, lines, code, and room for the seal."""
    ink = COLOURS.get(colour, COLOURS["red"])
    sheets: list[list[Page]] = [_head(title, values, ink)]
    at, last = FIRST, LAST
    for label, value in lines:
        high = _height(value)
        if at + high > last:
            sheets.append(_frame(ink))
            at, last = 30.0, 270.0
        sheets[-1] += _row(label, value, at, high)
        at += high + SPACE
    sheets[0] += _foot(values)
    if sample:
        sheets[0].append(_text(SAMPLE, 20, 279.5, 170, 4.5, size=7.5, font="hei", colour=GREY, align="center"))
    if len(sheets) > 1:
        for number, marks in enumerate(sheets, 1):
            marks.append(_text(f"第{number}页　共{len(sheets)}页", 80, 17, 50, 4, size=8, colour=GREY, align="center"))
    return [{"size": [WIDTH, HEIGHT], "marks": marks} for marks in sheets], SEAL


def _text(words: str, x: float, y: float, w: float, h: float, *, size: float = SIZE, **other: Any) -> Page:
    return {"kind": "text", "x": x, "y": y, "w": w, "h": h, "text": words, "size": size, "colour": INK, **other}


def _frame(ink: str) -> list[Page]:
    """A double line around the page."""
    outer = {
        "kind": "rect",
        "x": EDGE,
        "y": EDGE,
        "w": WIDTH - 2 * EDGE,
        "h": HEIGHT - 2 * EDGE,
        "width": 1.1,
        "colour": ink,
    }
    inner = {
        "kind": "rect",
        "x": EDGE + 2.2,
        "y": EDGE + 2.2,
        "w": WIDTH - 24.4,
        "h": HEIGHT - 24.4,
        "width": 0.3,
        "colour": ink,
    }
    return [outer, inner]  # fmt: skip


def _head(title: str, values: Mapping[str, str], ink: str) -> list[Page]:
    """The title, spread as such titles are, and the number below it."""
    spread = "　".join(title) if len(title) <= 6 else title
    size = 34.0 if len(title) <= 10 else 27.0
    rule = {"kind": "line", "x1": 26, "y1": 69, "x2": 184, "y2": 69, "width": 0.4, "colour": ink}
    return [
        *_frame(ink),
        _text(spread, 22, 30, 166, 18, size=size, font="song", bold=True, align="center", colour=ink),
        _text(f"编号：{values['number']}", 26, 57, 158, 8, size=12, font="hei", align="center"),
        rule,
    ]


def _height(value: str) -> float:
    """How high a value stands: a full-width character is as wide as it is high, any other about half of that."""
    em = SIZE * 0.3528
    wide = [sum(1.0 if ord(char) > 0x2E7F else 0.6 for char in line) * em for line in value.split("\n")]
    return sum(max(1, ceil(width / (VALUE_W - em))) for width in wide) * HIGH


def _row(label: str, value: str, at: float, high: float) -> list[Page]:
    many = len(label) > 9
    name = _text(
        label, LABEL_X, at, LABEL_W, HIGH * (2 if many else 1), font="hei", size=10.5 if many else 12, colour=GREY
    )
    return [name, _text(value, VALUE_X, at, VALUE_W, high)]


def _foot(values: Mapping[str, str]) -> list[Page]:
    """The code anybody can check, who issued it and when, the identifier."""
    return [
        {"kind": "qr", "x": 26, "y": 222, "w": 40, "text": values["credential"]},
        _text("扫码核验真伪和现在的状态", 20, 263.5, 52, 5, size=8.5, font="hei", colour=GREY, align="center"),
        _text(values["issuer"], 118, 236, 70, 8, size=13, align="center"),
        _text(values["issued_on"], 118, 246, 70, 8, size=13, align="center"),
        _text(
            f"证照标识：{values['identifier']}", 20, 275, 170, 4.5, size=7.5, font="hei", colour=GREY, align="center"
        ),
    ]


def as_copy(pages: Sequence[Page], *, heading: str, watermark: str) -> list[Page]:
    """The same pages, each headed as a copy and covered by what it may be used for."""
    banner = [
        _text(heading, 14, 13.5, pages[0]["size"][0] - 28, 9, size=9, font="hei", colour="#8a1c1c", align="center")
    ]
    tiled = {"kind": "tiled", "text": watermark, "size": 13, "colour": "#b3202c"}
    return [{"size": page["size"], "marks": [*page["marks"], *banner, tiled]} for page in pages]
