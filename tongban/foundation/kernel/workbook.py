"""A workbook as it lies, made plain: merged cells taken apart, formulas by the value last worked out, all of it told."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from python_calamine import CalamineError, CalamineWorkbook

MOST_ROWS = 60_000  # of one sheet; ten thousand items have some materials each
MOST_COLUMNS = 200
DENSE = 4_000_000  # cells between A1 and the last: the quick reader holds room for each of them, said or not
EXACT = 10**15  # a number below it that has no fraction is a whole number
TOLD = 5  # examples named in a note; the rest is a number
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BROKEN = (
    CalamineError, expat.ExpatError,
    zipfile.BadZipFile, zlib.error, SyntaxError, InvalidFileException, KeyError, ValueError, TypeError,
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
    """What the values alone do not tell of a sheet. `rows` and `columns`: as far as it says something."""

    merged: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    formulas: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0

    @property
    def is_dense(self) -> bool:
        return self.rows * self.columns <= DENSE

    def by_row(self) -> dict[int, dict[int, Damaged]]:
        """Line → column (from 0) → what stands in the place of a value; of a formula only where none was worked out."""
        found: dict[int, dict[int, Damaged]] = {}
        told = [(place, Damaged("formula_empty", f"={text}")) for place, text in self.formulas.items()]
        for place, damaged in [*told, *((place, Damaged("error_cell", text)) for place, text in self.errors.items())]:
            line, column = coordinate_to_tuple(place)
            found.setdefault(line, {})[column - 1] = damaged
        return found


def open_book(data: bytes) -> Book:
    """Read an XLSX file that has been found free of bombs and programs, or raise `Unusable`. Nothing in it is run."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            marks = {name: _marks(archive, part) for name, part in _parts(archive)}
        is_dense = bool(marks) and all(found.is_dense for found in marks.values())
        sheets = _read_quickly(data, marks) if is_dense else _read_sparsely(data, marks)
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


class _Passing:
    """One pass over a sheet's XML: what the values do not tell, and how far they go."""

    def __init__(self) -> None:
        self.marks, self.parser = _Marks(), expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.begins, self.ends
        self.parser.StartDoctypeDeclHandler = self.refuses
        self.line = self.column = 0
        self.place = self.kind = ""
        self.hidden, self.texts = False, list[str]()

    def refuses(self, *_declared: Any) -> None:
        raise Unusable("broken")  # no workbook has a document type; what one could do with it is no good

    def begins(self, tag: str, told: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "c":
            self._cell(told.get("r", ""), told.get("t", ""))
        elif tag == "row":
            self.line, self.column = int(told.get("r") or self.line + 1), 0
            self.hidden = told.get("hidden") in ("1", "true")
        elif tag == "mergeCell":
            self.marks.merged.append(told.get("ref", ""))
        elif tag == "f" or (tag == "v" and self.kind == "e"):
            self.texts = []
            self.parser.CharacterDataHandler = self.texts.append

    def _cell(self, place: str, kind: str) -> None:
        if place:
            self.line, self.column = coordinate_to_tuple(place)
        else:
            self.column += 1
            place = f"{get_column_letter(self.column)}{self.line}"
        self.place, self.kind = place, kind
        if self.hidden:
            self.marks.hidden.append(str(self.line))
            self.hidden = False
        self.marks.rows, self.marks.columns = max(self.marks.rows, self.line), max(self.marks.columns, self.column)

    def ends(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "f":
            self.marks.formulas[self.place] = "".join(self.texts)
        elif tag == "v" and self.kind == "e":
            self.marks.errors[self.place] = "".join(self.texts)
        else:
            return
        self.parser.CharacterDataHandler = None


def _marks(archive: zipfile.ZipFile, part: str) -> _Marks:
    passing = _Passing()
    with archive.open(part) as stream:
        passing.parser.ParseFile(stream)
    return passing.marks


def _notes(name: str, marks: _Marks) -> Iterator[Note]:
    for code, places in (("merged", marks.merged), ("hidden_rows", marks.hidden), ("formulas", list(marks.formulas))):
        if places:
            yield Note(code, name, len(places), tuple(places[:TOLD]))


def _read_quickly(data: bytes, marks: dict[str, _Marks]) -> list[Grid]:
    """By calamine, which holds a whole sheet with every cell up to its last."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return [_grid(name, _quick_rows(book, name, found), found) for name, found in marks.items()]
    except BaseException as fault:
        if type(fault).__name__ == "PanicException":  # how its machinery says that it met what it did not think of
            raise Unusable("broken") from None
        raise


def _quick_rows(book: CalamineWorkbook, name: str, marks: _Marks) -> Iterator[list[Any]]:
    damaged = marks.by_row()
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    for number, row in enumerate(rows, start=1):
        values = [_plain(value) for value in row[:MOST_COLUMNS]]
        for column, instead in damaged.get(number, {}).items():
            if column < MOST_COLUMNS:
                values.extend([None] * (column + 1 - len(values)))
                values[column] = instead if instead.code == "error_cell" or values[column] is None else values[column]
        yield values


def _plain(value: Any) -> Any:
    """As the other reader has it: nothing for nothing, a day as its first moment, a whole number as one."""
    if value == "":
        return None
    if isinstance(value, float) and abs(value) < EXACT and value.is_integer():
        return int(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value


def _read_sparsely(data: bytes, marks: dict[str, _Marks]) -> list[Grid]:
    """By openpyxl, slowly, a row at a time: a cell said far out costs nothing but the time to get there."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        return [_grid(sheet.title, _sparse_rows(sheet, found), found)
                for sheet in book.worksheets for found in [marks.get(sheet.title, _Marks())]]  # fmt: skip
    finally:
        book.close()


def _sparse_rows(sheet: Any, marks: _Marks) -> Iterator[list[Any]]:
    sheet.reset_dimensions()  # what a sheet says of its own size is often wrong
    for cells in sheet.iter_rows(max_col=MOST_COLUMNS):
        yield [_value(cell, marks) for cell in cells]


def _grid(name: str, rows: Iterable[list[Any]], marks: _Marks) -> Grid:
    grid = Grid(name)
    for number, values in enumerate(rows, start=1):
        while values and values[-1] in (None, ""):
            values.pop()
        if values:
            grid.lines.append((number, values))
        if len(grid.lines) > MOST_ROWS:
            raise Unusable("too_many_rows", name)
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
