"""The XML files of an OFD package (GB/T 33190-2016): what each says. Lengths are mm, colours `r g b`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from .drawing import PT, Box, Dots, Mark, Picture, Sheet, Stroke, Words

NAMESPACE = "http://www.ofdspec.org/2016"
MAIN = "OFD.xml"
FOLDER = "Doc_0"
DOCUMENT = f"{FOLDER}/Document.xml"
SIGNATURES = f"{FOLDER}/Signs/Signatures.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


def tag(name: str, inner: str = "", **attributes: Any) -> str:
    """One element; `inner` is XML already."""
    told = "".join(f" {key}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<ofd:{name}{told}>{inner}</ofd:{name}>" if inner else f"<ofd:{name}{told}/>"


def words(name: str, text: str, **attributes: Any) -> str:
    return tag(name, escape(text), **attributes)


def root(name: str, inner: str, **attributes: Any) -> bytes:
    told = {"xmlns:ofd": NAMESPACE, **attributes}
    return (HEAD + tag(name, inner, **told)).encode()


def number(value: float) -> str:
    """To the micrometre, without idle zeros."""
    return f"{value + 0.0:.3f}".rstrip("0").rstrip(".") if abs(value) >= 0.0005 else "0"


def numbers(*values: float) -> str:
    return " ".join(number(value) for value in values)


def colour(value: str) -> str:
    return " ".join(str(int(value[place : place + 2], 16)) for place in (1, 3, 5))


# -- one page ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """Characters of one line that one font shows."""

    font_id: int
    text: str
    x: float  # mm from the beginning of the line
    advances: tuple[float, ...]


@dataclass(frozen=True)
class Resources:
    """How a page finds what it needs, and numbers its objects: every object of a document has a number of its own."""

    next_id: Callable[[], int]
    font_id: Callable[[str, str, bool], int]  # of a character in a font of ours, bold or not
    picture_id: Callable[[bytes], int]


def page(sheet: Sheet, resources: Resources) -> bytes:
    objects = "".join(_object(mark, resources) for mark in sheet.marks)
    area = tag("Area", words("PhysicalBox", numbers(0, 0, sheet.width, sheet.height)))
    layer = tag("Layer", objects, ID=resources.next_id(), Type="Body")
    return root("Page", area + tag("Content", layer))


def runs_of(line: Words, resources: Resources) -> list[Run]:
    found, place, x = [], 0, line.indent
    fonts = [resources.font_id(one, line.font, line.bold) for one in line.text]
    for font_id, group in groupby(fonts):
        length = len(list(group))
        advances = line.advances[place : place + length]
        found.append(Run(font_id, line.text[place : place + length], x, advances))
        place, x = place + length, x + sum(advances)
    return found


def deltas(advances: Iterable[float]) -> str:
    """The steps between characters; the same step again and again is written once (`g 5 4.233`)."""
    told = []
    for step, group in groupby(number(advance) for advance in advances):
        count = len(list(group))
        told.append(f"g {count} {step}" if count > 2 else " ".join([step] * count))
    return " ".join(told)


def _words(line: Words, resources: Resources) -> str:
    return "".join(_run(run, line, resources) for run in runs_of(line, resources) if run.text.strip())


def _run(run: Run, line: Words, resources: Resources) -> str:
    em = line.size * PT
    steps = {"DeltaX": deltas(run.advances[:-1])} if len(run.text) > 1 else {}
    width, lean = sum(run.advances) + em, math.radians(line.turn)
    cos, sin = math.cos(lean), math.sin(lean)
    # Corners of the line as it leans, from the beginning of its baseline.
    corners = [(x * cos - y * sin, x * sin + y * cos) for x in (0, width) for y in (-em, 0.4 * em)]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    start_x, start_y = line.x + run.x * cos, line.y + run.x * sin
    placed = {"Boundary": numbers(start_x + left, start_y + top, right - left, bottom - top)}
    code = {"X": number(-left), "Y": number(-top)}
    if line.turn:
        placed["CTM"] = f"{cos:.6f} {sin:.6f} {-sin:.6f} {cos:.6f} {numbers(-left, -top)}"
        code = {"X": "0", "Y": "0"}
    if line.bold:
        placed["Weight"] = "700"
    if line.opacity < 1:
        placed["Alpha"] = str(round(line.opacity * 255))
    fill = tag("FillColor", Value=colour(line.colour))
    text = words("TextCode", run.text, **code, **steps)
    return tag("TextObject", fill + text, ID=resources.next_id(), Font=run.font_id, Size=number(em), **placed)


def _stroke(line: Stroke, resources: Resources) -> str:
    edge = line.width
    left, top = min(line.x1, line.x2) - edge, min(line.y1, line.y2) - edge
    size = (abs(line.x1 - line.x2) + 2 * edge, abs(line.y1 - line.y2) + 2 * edge)
    data = f"M {numbers(line.x1 - left, line.y1 - top)} L {numbers(line.x2 - left, line.y2 - top)}"
    return _path((left, top, *size), data, resources, LineWidth=number(line.width), stroke=line.colour)


def _box(box: Box, resources: Resources) -> str:
    edge = box.width
    near, far = (edge, edge), (edge + box.w, edge + box.h)
    data = f"M {numbers(*near)} L {numbers(far[0], near[1])} L {numbers(*far)} L {numbers(near[0], far[1])} C"
    place = (box.x - edge, box.y - edge, box.w + 2 * edge, box.h + 2 * edge)
    return _path(place, data, resources, LineWidth=number(edge), stroke=box.colour, fill=box.fill)


def _dots(code: Dots, resources: Resources) -> str:
    side = code.w / code.side
    data = " ".join(
        f"M {numbers(x * side, y * side)} L {numbers((x + length) * side, y * side)}"
        f" L {numbers((x + length) * side, (y + 1) * side)} L {numbers(x * side, (y + 1) * side)} C"
        for x, y, length in code.runs
    )
    return _path((code.x, code.y, code.w, code.w), data, resources, fill="#000000")


def _path(
    place: Iterable[float],
    data: str,
    resources: Resources,
    *,
    stroke: str | None = None,
    fill: str | None = None,
    **attributes: str,
) -> str:
    colours = tag("StrokeColor", Value=colour(stroke)) if stroke else ""
    colours = (tag("FillColor", Value=colour(fill)) if fill else "") + colours
    drawn = {"Stroke": str(stroke is not None).lower(), "Fill": str(fill is not None).lower()}
    told = {"ID": resources.next_id(), "Boundary": numbers(*place), **drawn, **attributes}
    return tag("PathObject", colours + words("AbbreviatedData", data), **told)


def _picture(picture: Picture, resources: Resources) -> str:
    place = numbers(picture.x, picture.y, picture.w, picture.h)
    matrix = f"{number(picture.w)} 0 0 {number(picture.h)} 0 0"
    picture_id = resources.picture_id(picture.png)
    return tag("ImageObject", ID=resources.next_id(), Boundary=place, CTM=matrix, ResourceID=picture_id)


_DRAW: dict[type, Callable[[Any, Resources], str]] = {
    Words: _words,
    Stroke: _stroke,
    Box: _box,
    Picture: _picture,
    Dots: _dots,
}


def _object(mark: Mark, resources: Resources) -> str:
    return _DRAW[type(mark)](mark, resources)


# -- the files around the pages ------------------------------------------------------------------------------------------


def main(*, document_id: str, title: str, made_on: str, metadata: Mapping[str, str]) -> bytes:
    """`OFD.xml`: what the document is, and the metadata of a licence (GB/T 36903) as its CustomDatas."""
    custom = "".join(words("CustomData", str(value), Name=name) for name, value in metadata.items())
    told = (
        words("DocID", document_id)
        + words("Title", title)
        + (words("Author", metadata["ZZBFJG"]) if metadata.get("ZZBFJG") else "")
        + words("CreationDate", made_on)
        + words("Creator", "Tongban")
        + (tag("CustomDatas", custom) if custom else "")
    )
    body = tag("DocBody", tag("DocInfo", told) + words("DocRoot", DOCUMENT))
    return root("OFD", body, Version="1.1", DocType="OFD")


def document(sheets: list[Sheet], page_ids: list[int], last_id: int) -> bytes:
    first = sheets[0]
    common = (
        words("MaxUnitID", str(last_id))
        + tag("PageArea", words("PhysicalBox", numbers(0, 0, first.width, first.height)))
        + words("PublicRes", "PublicRes.xml")
        + words("DocumentRes", "DocumentRes.xml")
    )
    pages = "".join(tag("Page", ID=one, BaseLoc=page_file(place)) for place, one in enumerate(page_ids))
    return root("Document", tag("CommonData", common) + tag("Pages", pages))


def page_file(place: int) -> str:
    """Where a page stands, seen from the document's folder."""
    return f"Pages/Page_{place}/Content.xml"


def public_resources(fonts: Iterable[tuple[int, str, bool, str]]) -> bytes:
    """`PublicRes.xml`: (number, family, bold, file) of each font."""
    told = "".join(
        tag(
            "Font",
            words("FontFile", file),
            ID=one,
            FontName=family,
            FamilyName=family,
            **({"Bold": "true"} if bold else {}),
        )
        for one, family, bold, file in fonts
    )
    return root("Res", tag("Fonts", told) if told else "", BaseLoc="Res")


def document_resources(pictures: Iterable[tuple[int, str]]) -> bytes:
    """`DocumentRes.xml`: (number, file) of each picture."""
    told = "".join(
        tag("MultiMedia", words("MediaFile", file), ID=one, Type="Image", Format="PNG") for one, file in pictures
    )
    return root("Res", tag("MultiMedias", told) if told else "", BaseLoc="Res")
