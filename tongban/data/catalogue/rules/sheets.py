"""The template of a department's catalogue: three sheets, read and written with names where the catalogue holds codes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from openpyxl.utils import get_column_letter

from tongban.foundation.kernel.cells import typed
from tongban.foundation.kernel.workbook import Damaged, Unusable

from .content import Fault, fault
from .fields import FIELDS, Field

Tables = Mapping[str, Mapping[str, str]]
Line = tuple[int, list[Any]]
# Sheet → (kind, its own first columns: key and heading). Items name their resource.
SHEETS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "信息系统": ("system", (("code", "系统编号"),)),
    "数据资源": ("resource", (("code", "资源代码"),)),
    "数据项": ("item", (("resource", "资源名称"), ("key", "标识"))),
}
HEAD_LINES, MOST_LINES, LONGEST = 5, 60_000, 4000
ENOUGH = 3  # headings that say what a sheet is
MARKS = " *＊\n（必填）(必填)"
_SEPARATORS = str.maketrans({"；": "、", ";": "、", "\n": "、", "，": "、", ",": "、"})


@dataclass
class Row:
    """One line of a sheet as a text of the catalogue; `columns` says where each field stands."""

    kind: str
    sheet: str
    line: int
    own: dict[str, str]
    content: dict[str, Any]
    columns: dict[str, int] = field(default_factory=dict)

    def place(self, name: str) -> tuple[str, int, str]:
        column = self.columns.get(name)
        return self.sheet, self.line, get_column_letter(column + 1) if column is not None else ""


@dataclass(frozen=True)
class Misread:
    """What cannot be read, and where: sheet, line, column."""

    fault: Fault
    place: tuple[str, int, str]
    kind: str = "resource"  # of the text whose field it is


def headings(kind: str) -> list[tuple[str, str]]:
    """(key, heading) of each column of a sheet."""
    own = next(first for of, first in SHEETS.values() if of == kind)
    return [*own, *((one.name, one.title) for one in FIELDS[kind])]


def read_rows(sheet: str, lines: Sequence[Line], tables: Tables) -> tuple[list[Row], list[Misread]]:
    """The rows of one sheet; what kind it is, its headings say. A sheet that is none of ours gives nothing."""
    head, kind, columns = _headed(lines)
    if not kind:
        return [], []
    rows, misread = [], []
    for number, cells in lines[head + 1 :]:
        row = Row(kind, sheet, number, {}, {}, columns)
        for name, column in columns.items():
            cell = cells[column] if column < len(cells) else None
            misread += [Misread(one, row.place(name)) for one in _put(row, name, cell, tables)]
        if any(row.own.values()) or any(row.content.values()):
            rows.append(row)
    number, words = lines[head]
    known = set(columns.values())
    misread += [
        Misread(fault("heading_unknown", "", value=_text(word)[:40]), (sheet, number, get_column_letter(column + 1)))
        for column, word in enumerate(words)
        if column not in known and _text(word).strip(MARKS)
    ]
    missing = [one for one in FIELDS[kind] if one.required and one.name not in columns]
    misread += [Misread(fault("column_missing", one.name, value=one.title), (sheet, number, "")) for one in missing]
    return rows, misread


def _headed(lines: Sequence[Line]) -> tuple[int, str, dict[str, int]]:
    """Where the headings stand, of which sheet they are, and which column is what."""
    best: tuple[int, str, dict[str, int]] = (0, "", {})
    for place, (_number, cells) in enumerate(lines[:HEAD_LINES]):
        words = {_text(cell).strip(MARKS): column for column, cell in reversed(list(enumerate(cells)))}
        for kind in FIELDS:
            found = {name: words[title] for name, title in headings(kind) if title in words}
            if len(found) >= max(ENOUGH, len(best[2]) + 1):
                best = (place, kind, found)
    return best


def _put(row: Row, name: str, cell: Any, tables: Tables) -> Iterator[Fault]:
    if isinstance(cell, Damaged):
        yield fault("damaged", name, value=cell.word)
        return
    text = _text(cell)[:LONGEST]
    column = next((one for one in FIELDS[row.kind] if one.name == name), None)
    if column is None:
        row.own[name] = text
        return
    row.content[name] = _value(column, text, tables)


def _value(column: Field, text: str, tables: Tables) -> Any:
    """Names become codes; what is neither stays as it is, and the rules will say so."""
    if column.kind == "list":
        return [one.strip() for one in text.replace("；", "\n").replace(";", "\n").splitlines() if one.strip()]
    if not column.table:
        return text
    table = tables.get(column.table, {})
    codes = {name: code for code, name in table.items()} | {code: code for code in table}
    if column.kind == "many":
        return [codes.get(one.strip(), one.strip()) for one in text.translate(_SEPARATORS).split("、") if one.strip()]
    return codes.get(text, text)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return typed(str(cell).strip())


def as_utf8(data: bytes) -> bytes:
    """Text in UTF-16, as spreadsheets save “Unicode text”, in UTF-8; anything else as it is."""
    return data.decode("utf-16", "replace").encode() if data[:2] in (b"\xff\xfe", b"\xfe\xff") else data


def read_csv(data: bytes) -> list[Line]:
    """A sheet as separated text, in UTF-8, UTF-16 with its mark, or GB 18030."""
    text = _decoded(as_utf8(data))
    delimiter = max(",\t;", key=text[:4000].count)
    try:
        reader = enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), start=1)
        lines: list[Line] = [(number, list(cells)) for number, cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        raise Unusable("broken") from None
    if len(lines) > MOST_LINES:
        raise Unusable("too_many_rows")
    return lines


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable("not_text")


def shown(column: Field, value: Any, tables: Tables, *, between: str = "、") -> str:
    """A value as people read it: names for codes, those of several with `between` between them."""
    table = tables.get(column.table, {})
    if column.is_list:
        return ("\n" if column.kind == "list" else between).join(table.get(one, one) for one in value or [])
    return str(table.get(value, value) or "")


def sheet_lines(
    kind: str, rows: Iterable[tuple[Mapping[str, str], Mapping[str, Any]]], tables: Tables
) -> Iterator[list[str]]:
    """A sheet line by line, its headings first; each row gives its own columns and its content."""
    own = next(first for of, first in SHEETS.values() if of == kind)
    yield [title for _name, title in headings(kind)]
    for first, content in rows:
        yield [
            *(str(first.get(key, "")) for key, _title in own),
            *(shown(column, content.get(column.name), tables) for column in FIELDS[kind]),
        ]
