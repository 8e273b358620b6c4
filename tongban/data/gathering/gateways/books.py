"""Sheets of workbooks as plain tables: merged cells taken apart, header rows joined, each cell a text; nothing in them is run."""

from __future__ import annotations

import csv
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from tongban.data.gathering.errors import SourceUnreadable
from tongban.data.gathering.rules import header
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.workbook import BROKEN, Damaged, Grid, Unusable, cell_name, open_book

LARGEST, LARGEST_OPEN = 50 << 20, 500 << 20  # bytes of the file, and of all that is packed into it
LARGEST_LIST = 1 << 20  # bytes of the list of sheets
OLD_OFFICE = b"\xd0\xcf\x11\xe0"  # how a workbook begins that is locked by a password, and one from before 2007
EXACT = 10**15  # a number beyond has lost digits: Excel keeps fifteen
REJECT = "_reject"


def sheets_of(path: Path) -> list[str]:
    """The names of a workbook's sheets in their order; none of one that cannot be opened, which is told when it is read."""
    try:
        with zipfile.ZipFile(path) as packed, packed.open("xl/workbook.xml") as opened:
            found = fromstring(opened.read(LARGEST_LIST))
    except (*BROKEN, DefusedXmlException):
        return []
    return [name for one in found.iter() if one.tag.endswith("}sheet") and (name := one.get("name"))]


def sheet_as_csv(path: Path, sheet: str, folder: Path) -> Path:
    """A sheet (empty: the first that says something) as a CSV file, with a column `_reject` that names damaged cells."""
    grid = _grid(path, sheet)
    lines = [[_text(value) for value in cells] for _number, cells in grid.lines]
    skipped, names = header(lines)
    target = folder / f"{path.stem}.csv"
    with target.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow([*names, REJECT])
        for (number, cells), texts in zip(grid.lines[skipped:], lines[skipped:], strict=True):
            damaged = [cell_name(grid.name, place, number) for place, value in enumerate(cells) if _is_damaged(value)]
            beyond = [cell_name(grid.name, place, number) for place in range(len(names), len(texts)) if texts[place]]
            padded = [*texts[: len(names)], *[""] * (len(names) - len(texts))]
            rows.writerow([*padded, " ".join([*damaged, *beyond])])
    return target


def _grid(path: Path, sheet: str) -> Grid:
    faults = _faults(path)
    if faults:
        raise SourceUnreadable(reasons=[Reason(faults, str(_told(faults)) % {"file": path.name}, "")])
    try:
        book = open_book(path.read_bytes())
    except Unusable as fault:
        raise SourceUnreadable(reasons=[Reason(fault.code, _told("broken") % {"file": path.name}, "")]) from None
    found = next((one for one in book.sheets if one.lines and (one.name == sheet or not sheet)), None)
    if found is None:
        code = "no_sheet" if sheet and sheet not in [one.name for one in book.sheets] else "empty"
        named = f"{path.name}#{sheet}" if sheet else path.name
        raise SourceUnreadable(
            reasons=[Reason(code, _told(code) % {"file": path.name, "sheet": sheet, "named": named}, "")]
        )
    return found


def _faults(path: Path) -> str:
    with path.open("rb") as opened:
        if opened.read(4) == OLD_OFFICE:
            return "locked"
    try:
        with zipfile.ZipFile(path) as packed:
            if path.stat().st_size > LARGEST or sum(one.file_size for one in packed.infolist()) > LARGEST_OPEN:
                return "bomb"
    except zipfile.BadZipFile:
        return "broken"
    return ""


def _told(code: str) -> str:
    return {
        "locked": _("“%(file)s”设了打开密码，或者是旧版 XLS。请去掉密码，另存为 XLSX。"),
        "bomb": _("“%(file)s”展开后大得不正常，不能读。请另存为 CSV。"),
        "broken": _("“%(file)s”不是完好的 XLSX 文件，或者行数太多。请重新导出，或另存为 CSV。"),
        "no_sheet": _("工作簿“%(file)s”里没有“%(sheet)s”这张表了，可能改了名字。请对方改回来，或者另选一张来归集。"),
        "empty": _("“%(named)s”是空的，没有表头，也没有数据。"),
    }[code]


def _is_damaged(value: Any) -> bool:
    """An error, a formula never worked out, or a number that has lost digits, as ID numbers do when typed as numbers."""
    return isinstance(value, Damaged) or (isinstance(value, int | float) and abs(value) >= EXACT)


def _text(value: Any) -> str:
    if value is None or _is_damaged(value):
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(Decimal(repr(value)))
    if isinstance(value, date | time):
        return value.isoformat()
    return str(int(value)) if isinstance(value, bool) else str(value)
