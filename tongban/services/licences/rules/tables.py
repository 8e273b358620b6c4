"""A table of old licences, whoever made it: where its headings are, which column is what, each cell as it came."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from tongban.foundation.kernel.workbook import Damaged, Note, Unusable, open_book

MOST_ROWS = 20_000
HEAD_LINES = 12  # a title and notes may stand above the headings
LONGEST_CELL = 2_000
# key → what its column may be called; the first is what our template says.
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("证照编号", "证书编号", "证件编号", "许可证编号", "证号", "编号", "ZZBH"),
    "holder_name": ("持证人", "持证主体", "持证主体名称", "持证人姓名", "姓名", "单位名称", "CZZT"),
    "holder_number": ("持证人证件号码", "持证主体代码", "公民身份号码", "身份证号", "身份证号码", "统一社会信用代码",
                      "证件号码", "CZZTDM"),
    "issued_on": ("颁发日期", "发证日期", "签发日期", "ZZBFRQ"),
    "valid_from": ("有效期起", "有效期起始日期", "有效期自", "ZZYXQQSRQ"),
    "valid_until": ("有效期至", "有效期截止日期", "有效期止", "ZZYXQJZRQ"),
    "state": ("证照状态", "状态", "ZZZT"),
    "identifier": ("证照标识", "电子证照标识", "ZZBS"),
    "scan": ("扫描件", "扫描件文件名", "附件"),
    "line": ("行号",),
}  # fmt: skip
NEEDED = ("number", "holder_name", "holder_number", "issued_on")
OWN = ("结果", "说明")  # columns of our own report, not of the list
ROUNDED = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d{1,2}")
EXACT_DIGITS = 15  # a spreadsheet keeps no more of a number
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Cell:
    """One cell as it came. `odd` says what cannot be trusted about it: `digits_lost`, `error_cell`, `formula_empty`."""

    heading: str
    key: str
    text: str
    odd: str = ""


@dataclass
class Table:
    """The lines of one sheet by their numbers, and what people should be told of the file as a whole."""

    lines: list[tuple[int, list[Cell]]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def headings_of(definitions: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """(key, heading) of every column of the template."""
    base = [(key, names[0]) for key, names in HEADINGS.items() if key != "line"]
    taken = {heading for _key, heading in base}
    return base + [(row["key"], _own(row, taken)) for row in definitions]


def _own(definition: Mapping[str, Any], taken: Iterable[str]) -> str:
    return f"照面{definition['label']}" if definition["label"] in taken else str(definition["label"])


def table_of(data: bytes, *, is_csv: bool, definitions: Sequence[Mapping[str, Any]]) -> Table:
    """The table in a file, or `Unusable` with a code: `columns_missing` names those that are not there."""
    sheets, notes = ([("", _csv_lines(data))], []) if is_csv else _book_lines(data)
    names = _names(definitions)
    best: tuple[int, dict[int, str], list[tuple[int, list[Any]]]] = (0, {}, [])
    for _sheet, lines in sheets:
        found = _headed(lines, names)
        if len(found[1]) > best[0]:
            best = (len(found[1]), found[1], lines[found[0] :])
    columns = best[1]
    missing = [HEADINGS[key][0] for key in NEEDED if key not in columns.values()]
    if missing:
        raise Unusable("columns_missing", "、".join(missing))
    return _table(columns, best[2], notes)


def _table(columns: Mapping[int, str], lines: Sequence[tuple[int, list[Any]]], notes: list[Note]) -> Table:
    headings = [_text(cell)[0] for cell in lines[0][1]]
    unknown = [name for place, name in enumerate(headings) if name and place not in columns and name not in OWN]
    if unknown:
        notes = [*notes, Note("columns_unknown", "", len(unknown), tuple(unknown[:20]))]
    rows = []
    for number, values in lines[1:]:
        texts = [_text(value) for value in values[: len(headings)]]
        cells = [
            Cell(headings[place], columns.get(place, ""), text, odd)
            for place, (text, odd) in enumerate(texts)
            if headings[place] and (text or odd)
        ]
        if any(cell.key not in ("", "line") for cell in cells):
            rows.append((number, cells))
    if not rows:
        raise Unusable("no_rows")
    if len(rows) > MOST_ROWS:
        raise Unusable("too_many_rows", str(MOST_ROWS))
    return Table(rows, notes)


def _book_lines(data: bytes) -> tuple[list[tuple[str, list[tuple[int, list[Any]]]]], list[Note]]:
    book = open_book(data)
    return [(grid.name, grid.lines) for grid in book.sheets], book.notes


def _csv_lines(data: bytes) -> list[tuple[int, list[Any]]]:
    text = _decoded(data)
    head = text[:4000]
    delimiter = max((",", "\t", ";"), key=head.count)
    lines = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            if any(cell.strip() for cell in cells):
                lines.append((number, cells))
            if len(lines) > MOST_ROWS + HEAD_LINES:
                raise Unusable("too_many_rows", str(MOST_ROWS))
    except csv.Error:
        raise Unusable("broken") from None
    return lines


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unusable("not_text")


def _names(definitions: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Heading → key. What our template says comes first, then the type's own labels, then what others write."""
    names = {alias: key for key, aliases in HEADINGS.items() for alias in aliases}
    for row in definitions:
        names |= {row["label"]: row["key"], row["key"]: row["key"], f"KZ_{row['key']}": row["key"]}
    return names | {heading: key for key, heading in headings_of(definitions)} | {HEADINGS["line"][0]: "line"}


def _headed(lines: Sequence[tuple[int, list[Any]]], names: Mapping[str, str]) -> tuple[int, dict[int, str]]:
    """Where the headings stand and which column is what; a name that comes twice counts once."""
    best: tuple[int, dict[int, str]] = (0, {})
    for place, (_number, cells) in enumerate(lines[:HEAD_LINES]):
        found: dict[int, str] = {}
        for column, cell in enumerate(cells):
            key = names.get(re.sub(r"[\s*＊]|[（(]必填[)）]", "", _text(cell)[0]))
            if key and key not in found.values():
                found[column] = key
        if len(found) > len(best[1]):
            best = (place, found)
    return best


def _text(value: Any) -> tuple[str, str]:
    """A cell as text, and what cannot be trusted about it."""
    if isinstance(value, Damaged):
        return value.word[:LONGEST_CELL], value.code
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()
    if isinstance(value, date):
        return value.isoformat(), ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = UNPRINTABLE.sub("", "" if value is None else str(value)).strip()[:LONGEST_CELL]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    lost = (number and len(text.lstrip("-")) > EXACT_DIGITS) or ROUNDED.fullmatch(text)
    return text, "digits_lost" if lost else ""
