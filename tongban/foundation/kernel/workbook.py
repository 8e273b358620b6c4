"""A workbook as it lies, made plain: merged cells taken apart, formulas by the value last worked out, all of it told."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException

MOST_ROWS = 60_000  # of one sheet; ten thousand items have some materials each
MOST_COLUMNS = 200
TOLD = 5  # examples named in a note; the rest is a number
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BROKEN = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, InvalidFileException, KeyError, ValueError, TypeError,
    AttributeError, IndexError, EOFError, OSError, RecursionError, NotImplementedError, AssertionError,
)  # fmt: skip


class Unusable(ValueError):
    """A file nothing can be read from; `code` says why, `word` which part."""

    def __init__(self, code: str, word: Any = "") -> None:
        self.code, self.word = code, str(word)[:80]
        super().__init__(code)


@dataclass(frozen=True)
class Note:
    """Something people should know that keeps nothing from being read: what, where, how often, and some of the places."""

    code: str
    sheet: str
    count: int
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class Damaged:
    """A cell without a value one could use: an error (#REF!) or a formula that was never worked out."""

    code: str
    word: str


@dataclass
class Grid:
    """One sheet: the number of each line that says something, and its cells from column A."""

    name: str
    lines: list[tuple[int, list[Any]]] = field(default_factory=list)


@dataclass
class Book:
    sheets: list[Grid]
    notes: list[Note]


@dataclass
class _Marks:
    """What the values alone do not tell of a sheet."""

    merged: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)


def open_book(data: bytes) -> Book:
    """Read an XLSX file that has been found free of bombs and programs, or raise `Unusable`. Nothing in it is run."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            marks = {name: _marks(archive, part) for name, part in _parts(archive)}
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        try:
            sheets = [_grid(sheet, marks.get(sheet.title, _Marks())) for sheet in book.worksheets]
        finally:
            book.close()
    except Unusable:
        raise
    except BROKEN:
        raise Unusable("broken") from None
    return Book(sheets, [note for name, found in marks.items() for note in _notes(name, found)])


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the member of the archive it lies in."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - expat limits entities
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in book.iter():
        target = targets.get(sheet.get(RELATION), "") if sheet.tag.endswith("}sheet") else ""
        if "worksheets/" in target:
            yield sheet.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _marks(archive: zipfile.ZipFile, part: str) -> _Marks:
    found, place = _Marks(), ""
    with archive.open(part) as stream:
        for event, element in ElementTree.iterparse(stream, events=("start", "end")):  # noqa: S314
            tag = element.tag.rpartition("}")[2]
            if event == "start":
                place = element.get("r", place) if tag == "c" else place
                continue
            _mark(found, tag, element, place)
            if tag in ("row", "mergeCell"):
                element.clear()
    return found


def _mark(found: _Marks, tag: str, element: Any, place: str) -> None:
    if tag == "f":
        found.formulas[place] = element.text or ""
    elif tag == "mergeCell":
        found.merged.append(element.get("ref", ""))
    elif tag == "row" and element.get("hidden") in ("1", "true") and len(element):
        found.hidden.append(element.get("r", ""))


def _notes(name: str, marks: _Marks) -> Iterator[Note]:
    for code, places in (("merged", marks.merged), ("hidden_rows", marks.hidden), ("formulas", list(marks.formulas))):
        if places:
            yield Note(code, name, len(places), tuple(places[:TOLD]))


def _grid(sheet: Any, marks: _Marks) -> Grid:
    sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
    grid = Grid(sheet.title)
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), start=1):
        values = [_value(cell, marks) for cell in cells]
        while values and values[-1] in (None, ""):
            values.pop()
        if values:
            grid.lines.append((number, values))
        if len(grid.lines) > MOST_ROWS:
            raise Unusable("too_many_rows", sheet.title)
    _take_apart(grid, marks.merged)
    return grid


def _value(cell: Any, marks: _Marks) -> Any:
    value = cell.value
    if getattr(cell, "data_type", "") == "e":
        return Damaged("error_cell", str(value))
    if value is None and marks.formulas and hasattr(cell, "coordinate") and cell.coordinate in marks.formulas:
        return Damaged("formula_empty", f"={marks.formulas[cell.coordinate]}")
    return value


def _take_apart(grid: Grid, merged: list[str]) -> None:
    """Write the value of merged cells into each of them, as far as there are lines."""
    lines = dict(grid.lines)
    last = grid.lines[-1][0] if grid.lines else 0
    for reference in merged:
        if not re.fullmatch(r"[A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7}", reference):
            continue
        left, top, right, bottom = range_boundaries(reference)
        corner = lines.get(top, [])
        value = corner[left - 1] if len(corner) >= left else None
        if value in (None, ""):
            continue
        for number in range(top, min(bottom, last, top + MOST_ROWS) + 1):
            cells = lines.setdefault(number, [])
            cells.extend([None] * (min(right, MOST_COLUMNS) - len(cells)))
            cells[left - 1 : min(right, MOST_COLUMNS)] = [value] * (min(right, MOST_COLUMNS) - left + 1)
    grid.lines = sorted(lines.items())


def cell_name(sheet: str, column: int, line: int) -> str:
    """`材料!D7`; columns count from 0."""
    return f"{sheet}!{get_column_letter(column + 1)}{line}"
