"""Definitions as a workbook: the province's template, and sheets for what it has no room for, linked by the item's code."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from .cells import LONGEST_CELL, NO, YES, Column, Words, shown
from .columns import (
    _TEMPLATE,
    CHECKS,
    COLUMNS_OF,
    ELEMENTS,
    FIELDS,
    FIRST_EXTENDED,
    ROWS,
    SITUATIONS,
    STAGES,
    TEMPLATE,
    TEMPLATE_COLUMNS,
)
from .grouped import check_rows, field_rows, situation_rows, stage_rows

FORMAT = "tongban.items/1"
Definition = Mapping[str, Any]
SPREAD = frozenset({"by_law", "situations", "extension", "flow", "form", "letters"}) | {
    name for name, _ in ROWS.values()
}


class TooLongForCell(ValueError):
    """An element longer than a spreadsheet's cell; JSON takes it."""

    def __init__(self, code: str, title: str) -> None:
        self.code, self.title = code, title
        super().__init__(f"{code}: {title}")


def at(value: Any, path: str) -> Any:
    """The element at a dotted path, None where it leads nowhere."""
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def rest_of(item: Mapping[str, Any], columns: tuple[Column, ...], also: frozenset[str] = frozenset()) -> dict[str, Any]:
    """What an item or a row says beyond the columns there are, so that nothing is lost on the way."""
    known = {column.path.partition(".")[0] for column in columns} | also
    return {name: value for name, value in item.items() if name not in known and value not in (None, "", [], {})}


def summaries(item: Definition, words: Words) -> dict[str, Any]:
    """The template's columns that repeat, in words, what further sheets say row by row."""
    laws, materials, results, fees = item["by_law"], item["materials"], item["results"], item["fees"]
    places = item["locations"]
    return {
        "": None,
        "doc_no": next((law["doc_no"] for law in laws if law.get("doc_no")), None),
        "publisher": item["department"],
        "address": f"/items/{item['code']}/",
        "basis": _joined(f"《{law['law']}》{law['clause']}：{law['text']}" for law in laws),
        "materials": _joined(f"{place}. {material['name']}" for place, material in enumerate(materials, start=1)),
        "stages": _joined(["受理", *(stage["name"] for stage in item["flow"]["stages"])]),
        "hours": _joined(dict.fromkeys(place["hours"] for place in places)),
        "addresses": _joined(dict.fromkeys(f"{place['hall']}：{place['address']}" for place in places)),
        "result_names": _joined(result["name"] for result in results),
        "result_samples": (YES if all(result.get("sample") for result in results) else NO) if results else None,
        "result_types": _joined(str(words.write("code:result_type", result["type"])) for result in results),
        "result_delivery": _joined(
            dict.fromkeys(str(words.write("delivery", result.get("delivery", [])) or "") for result in results)
        ),
        "online": YES if {"2", "4"} <= set(item["online_depth"]) else NO,
        "charged": YES if fees else NO,
        "charges": _joined(f"{fee['name']}：{fee['standard']}（{fee['basis']}）" for fee in fees),
        "special": _joined(special["name"] for special in item["special_procedures"]),
    }


def _joined(parts: Iterable[str]) -> str | None:
    return "\n".join(part for part in parts if part) or None


def template_row(item: Definition, words: Words) -> list[Any]:
    told = summaries(item, words)
    return [
        words.write(column.kind, at(item, column.path)) if column.path else told[column.kind]
        for column in TEMPLATE_COLUMNS
    ]


def elements_row(item: Definition, words: Words) -> list[Any]:
    rest = rest_of(item, (*TEMPLATE_COLUMNS, *ELEMENTS), SPREAD | {"dept_code"})
    for name in ("form", "flow", "letters"):
        kept = {key: value for key, value in item[name].items() if key not in KEPT[name]}
        if kept:
            rest[name] = kept
    return [item["code"], *(words.write(column.kind, at(item, column.path)) for column in ELEMENTS),
            words.write("json", rest)]  # fmt: skip


KEPT = {"form": {"title", "groups", "checks"}, "flow": {"accept", "stages"}, "letters": {"abbreviation"}}


def list_rows(item: Definition, name: str, words: Words) -> Iterator[list[Any]]:
    element, columns = ROWS[name]
    for row in item[element]:
        cells = [words.write(column.kind, at(row, column.path)) for column in columns]
        yield [item["code"], *cells, words.write("json", rest_of(row, columns))]


def grouped_rows(item: Definition, name: str, words: Words) -> Iterator[list[Any]]:
    columns, rows = {
        "情形": (SITUATIONS, situation_rows(item["situations"])),
        "表单": (FIELDS, field_rows(item["form"])),
        "表单核对": (CHECKS, check_rows(item["form"])),
        "流程": (STAGES, stage_rows(item["flow"]["stages"])),
    }[name]
    for row in rows:
        yield [item["code"], *(words.write(column.kind, row.get(column.path)) for column in columns)]


def rows_of(item: Definition, name: str, words: Words) -> Iterable[list[Any]]:
    """The rows of one item on one sheet."""
    if name == TEMPLATE:
        return [template_row(item, words)]
    if name == "要素":
        return [elements_row(item, words)]
    return list_rows(item, name, words) if name in ROWS else grouped_rows(item, name, words)


def book_of(items: Sequence[Definition], words: Words) -> bytes:
    """Complete definitions as an XLSX file. Raises `TooLongForCell` rather than cut anything off."""
    book = Workbook(write_only=True)
    for name, columns in COLUMNS_OF.items():
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "D3" if name == TEMPLATE else "B2"
        for number in range(len(columns)):
            sheet.column_dimensions[_letter(number)].width = 18
        for heading in headings(name):
            sheet.append([_heading(sheet, text) for text in heading])
        for item in items:
            for row in rows_of(item, name, words):
                _refuse_too_long(item["code"], columns, row)
                sheet.append([shown(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def headings(name: str) -> list[list[str]]:
    """The first rows of a sheet; the template's are as the province publishes them."""
    if name != TEMPLATE:
        return [[column.title for column in COLUMNS_OF[name]]]
    first = [row[0] if place < FIRST_EXTENDED else TEMPLATE_COLUMNS[place].title for place, row in enumerate(_TEMPLATE)]
    return [first, [row[1] for row in _TEMPLATE[:FIRST_EXTENDED]]]


def _letter(number: int) -> str:
    return (chr(64 + number // 26) if number >= 26 else "") + chr(65 + number % 26)


def _heading(sheet: Any, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8F1F9")
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _refuse_too_long(code: str, columns: tuple[Column, ...], row: list[Any]) -> None:
    for column, value in zip(columns, row, strict=True):
        if isinstance(value, str) and len(value) >= LONGEST_CELL:
            raise TooLongForCell(code, column.title)


def json_of(items: Sequence[Definition]) -> bytes:
    """Definitions as they are, one document."""
    kept = [{name: value for name, value in item.items() if name != "dept_code"} for item in items]
    return json.dumps({"format": FORMAT, "items": kept}, ensure_ascii=False, indent=1).encode()
