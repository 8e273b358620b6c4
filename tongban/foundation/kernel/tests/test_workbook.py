"""Two readers of workbooks say the same; a cell far out, a document type and a torn part harm neither."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook

from tongban.foundation.kernel import workbook
from tongban.foundation.kernel.workbook import Damaged, Unusable, open_book


def made(fill: Callable[[Any], None]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    fill(book.active)
    book.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, change: Callable[[str], str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()).encode() if name == part else text)
    return out.getvalue()


def everything(sheet: Any) -> None:
    """From B3 on, so that nothing begins where a reader might guess it does."""
    values = (
        "字", " 空 格 ", "两\n行", 3, 3.5, 0.1 + 0.2, -7, 1e300, 123456789012345678, True, date(2026, 1, 2),
        datetime.fromisoformat("2026-01-02T03:04:05"), time(3, 4), timedelta(hours=30), "#REF!", "=1+1", "00012", None, "",
    )  # fmt: skip
    for line, value in enumerate(values, 3):
        sheet.cell(line, 2, value)
    sheet.cell(3, 4, "合并")
    sheet.merge_cells("D3:E4")
    sheet.row_dimensions[5].hidden = True
    sheet.cell(40, 3, "远")


def slowly(data: bytes, monkeypatch: pytest.MonkeyPatch) -> Any:
    with monkeypatch.context() as patched:
        patched.setattr(workbook, "DENSE", 0)
        return open_book(data)


def test_both_readers_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(everything)
    book = open_book(data)
    assert book == slowly(data, monkeypatch)
    lines = dict(book.sheets[0].lines)
    assert lines[3][1:5] == ["字", None, "合并", "合并"]
    assert (lines[6][1], type(lines[6][1])) == (3, int)
    assert lines[13][1] == datetime.fromisoformat("2026-01-02")
    assert lines[17][1] == Damaged("error_cell", "#REF!")
    assert lines[18][1] == Damaged("formula_empty", "=1+1")
    assert lines[19][1] == "00012"
    assert max(lines) == 40
    assert {note.code: note.count for note in book.notes} == {"merged": 1, "hidden_rows": 1, "formulas": 1}


def test_a_formula_is_read_by_the_value_last_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(lambda sheet: sheet.append(["=1+1", "x"]))
    data = changed(
        data, "xl/worksheets/sheet1.xml", lambda text: text.replace("<v></v>", "<v>2</v>").replace("<v />", "<v>2</v>")
    )
    book = open_book(data)
    assert book.sheets[0].lines == [(1, [2, "x"])]
    assert book == slowly(data, monkeypatch)


def test_cells_that_do_not_say_where_they_stand_follow_one_another(monkeypatch: pytest.MonkeyPatch) -> None:
    data = made(lambda sheet: [sheet.append(row) for row in (["甲", 1], ["乙", 2])])
    for place in ("A1", "B1", "A2", "B2"):
        data = changed(data, "xl/worksheets/sheet1.xml", lambda text, place=place: text.replace(f' r="{place}"', ""))
    assert open_book(data).sheets[0].lines == [(1, ["甲", 1]), (2, ["乙", 2])]
    assert open_book(data) == slowly(data, monkeypatch)


def test_a_cell_far_out_costs_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*_asked: Any) -> None:
        raise AssertionError("the quick reader would hold every cell between")

    data = made(lambda sheet: sheet.append(["甲"]))
    far = '<row r="900"><c r="XFD900"><v>1</v></c></row></sheetData>'
    data = changed(data, "xl/worksheets/sheet1.xml", lambda text: text.replace("</sheetData>", far))
    monkeypatch.setattr(workbook, "_read_quickly", refuses)
    assert open_book(data).sheets[0].lines[0] == (1, ["甲"])


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (
            "xl/worksheets/sheet1.xml",
            lambda text: text.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1),
        ),
        ("xl/worksheets/sheet1.xml", lambda text: text[: len(text) // 2]),
        ("xl/worksheets/sheet1.xml", lambda text: text.replace('r="A1"', 'r="1A"')),
        ("xl/workbook.xml", lambda text: text[:60]),
        ("xl/styles.xml", lambda text: text[: len(text) // 2]),
    ],
)
def test_what_is_torn_is_unusable(part: str, change: Callable[[str], str]) -> None:
    with pytest.raises(Unusable):
        open_book(changed(made(lambda sheet: sheet.append(["甲"])), part, change))


def test_its_machinery_giving_up_is_a_broken_file(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    def gives_up(*_asked: Any) -> None:
        raise PanicException

    monkeypatch.setattr(workbook, "_quick_rows", gives_up)
    with pytest.raises(Unusable):
        open_book(made(lambda sheet: sheet.append(["甲"])))


def test_too_many_rows_are_told_with_their_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    with pytest.raises(Unusable) as told:
        open_book(made(lambda sheet: [sheet.append([n]) for n in range(4)]))
    assert (told.value.code, told.value.word) == ("too_many_rows", "Sheet")
