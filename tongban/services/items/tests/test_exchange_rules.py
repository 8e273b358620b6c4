"""Cells and workbooks: what is understood, what is told, what is refused."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from tongban.services.items.queries.items import packaged_tables
from tongban.services.items.rules.defaults import complete
from tongban.services.items.rules.exchange import Unusable, book_of, open_book, read_book, read_json
from tongban.services.items.rules.exchange.cells import Misread, Words, plain, shown
from tongban.services.items.rules.exchange.columns import TEMPLATE, TEMPLATE_COLUMNS
from tongban.services.items.rules.exchange.writing import headings

from .factories import a_definition

WORDS = Words(packaged_tables())
TITLES = {column.path or column.kind: place for place, column in enumerate(TEMPLATE_COLUMNS, start=1)}


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def exported(*items) -> Workbook:
    return load_workbook(io.BytesIO(book_of([complete(item) for item in items], WORDS)))


def a_template(*rows: dict) -> Workbook:
    """The province's template alone, filled in as a department would."""
    book = Workbook()
    sheet = book.active
    sheet.title = TEMPLATE
    for heading in headings(TEMPLATE):
        sheet.append(heading)
    for number, row in enumerate(rows, start=3):
        for name, value in row.items():
            sheet.cell(number, TITLES[name], value)
    return book


def read_back(book: Workbook):
    return read_book(open_book(saved(book)), WORDS)


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("int", "3", 3), ("int", 3.0, 3), ("int", "３", 3), ("int", " 12 ", 12),
        ("bool", "是", True), ("bool", "不支持", False), ("bool", True, True), ("bool", 0, False),
        ("day", "2026-01-05", "2026-01-05"), ("day", "2026/1/5", "2026-01-05"), ("day", "2026年1月5日", "2026-01-05"),
        ("day", 20260105, "2026-01-05"),
        ("limit", "20个工作日", {"days": 20, "unit": "1"}), ("limit", "30天", {"days": 30, "unit": "2"}),
        ("limit", "5 工作日（自受理之日起（含））", {"days": 5, "unit": "1", "explain": "自受理之日起（含）"}),
        ("limit", "当场办结", {"days": 0, "unit": "1"}),
        ("code:task_type", "行政许可", "01"), ("code:task_type", "01", "01"), ("code:task_type", 1, "01"),
        ("code:use_level", "县级", "4"), ("code:use_level", 4, "4"),
        ("codes:server_type", "自然人、企业法人", ["1", "2"]), ("codes:server_type", "1^2", ["1", "2"]),
        ("codes:server_type", "9 其他组织", ["9"]),
        ("topics", "个人：准营准办、职业资格；法人：设立变更", {"person": ["准营准办", "职业资格"], "company": ["设立变更"]}),
        ("applicants", "自然人、法人", ["person", "company"]), ("delivery", "网上、窗口", ["online", "counter"]),
    ],
)  # fmt: skip
def test_a_cell_means_what_people_mean_by_it(kind, cell, value):
    assert WORDS.read(kind, cell) == value


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("int", "三", "not_a_number"), ("int", "3.5", "not_a_number"), ("bool", "也许", "not_yes_or_no"),
        ("day", "去年", "not_a_day"), ("day", "2026-02-30", "not_a_day"), ("limit", "很快", "not_a_limit"),
        ("code:task_type", "行政奖惩", "unknown_word"), ("codes:server_type", "自然人、仙人", "unknown_word"),
        ("topics", "准营准办", "not_topics"), ("json", "{", "not_json"), ("delivery", "鸽子", "unknown_word"),
    ],
)  # fmt: skip
def test_a_cell_that_means_nothing_is_refused_with_its_reason(kind, cell, code):
    with pytest.raises(Misread) as misread:
        WORDS.read(kind, cell)
    assert misread.value.code == code


@given(st.text(max_size=80))
def test_any_text_goes_into_a_cell_and_comes_back(text):
    kept = shown(text)
    assert not kept.startswith(("=", "@", "+", "-", "\t", "\r"))
    if text == text.strip() and text.isprintable() and not text.startswith("'"):
        assert plain(kept) == text


def test_the_first_rows_are_the_provinces_own():
    first, second = headings(TEMPLATE)
    assert (len(first), len(second)) == (56, 15)
    assert (first[0], first[20], second[1]) == ("libNum", "篇扩设定依据/pkbasis", "目录编号")


def test_merged_cells_are_taken_apart_and_told():
    book = a_template({"task_name": "甲", "department": "区卫健局"}, {"task_name": "乙"})
    column = TEMPLATE_COLUMNS[TITLES["department"] - 1]
    letter = book[TEMPLATE].cell(1, TITLES["department"]).column_letter
    book[TEMPLATE].merge_cells(f"{letter}3:{letter}4")
    reads, notes = read_back(book)
    assert [read.content["department"] for read in reads] == ["区卫健局", "区卫健局"], column
    assert [(note.code, note.count, note.places) for note in notes] == [("merged", 1, (f"{letter}3:{letter}4",))]


def test_hidden_rows_are_read_and_told():
    book = a_template({"task_name": "甲"}, {"task_name": "乙"})
    book[TEMPLATE].row_dimensions[4].hidden = True
    reads, notes = read_back(book)
    assert [read.name for read in reads] == ["甲", "乙"]
    assert [(note.code, note.places) for note in notes] == [("hidden_rows", ("4",))]


def test_a_formula_never_worked_out_keeps_its_row_out():
    book = a_template({"task_name": "=A1&B1", "catalog_code": "000123009000"})
    (read,), notes = read_back(book)
    assert [problem.code for problem in read.problems] == ["formula_empty"]
    assert read.problems[0].place == f"{TEMPLATE}!C3"
    assert [note.code for note in notes] == ["formulas"]


def test_an_error_cell_keeps_its_row_out_and_no_other():
    book = a_template({"task_name": "甲", "visits": 1}, {"task_name": "乙"})
    cell = book[TEMPLATE].cell(3, TITLES["visits"])
    cell.value, cell.data_type = "#REF!", "e"
    first, second = read_back(book)[0]
    assert [problem.code for problem in first.problems] == ["error_cell"]
    assert second.problems == []


def test_a_code_that_became_a_number_gets_its_noughts_back_and_is_told():
    (read,), _ = read_back(a_template({"task_name": "甲", "catalog_code": 123009000}))
    assert read.content["catalog_code"] == "000123009000"
    assert [(problem.code, problem.stop) for problem in read.problems] == [("number_as_text", False)]


def test_the_template_is_known_by_its_headings_wherever_they_stand():
    book = a_template({"task_name": "甲", "task_type": "行政许可"})
    sheet = book[TEMPLATE]
    sheet.title = "Sheet1"
    sheet.insert_rows(1, 2)
    sheet["A1"] = "广安区权责清单（2026年）"
    (read,), _ = read_back(book)
    assert (read.name, read.content["task_type"], read.whole) == ("甲", "01", False)


def test_running_text_of_the_template_becomes_lists():
    row = {"task_name": "甲", "basis": "《公共场所卫生管理条例》第四条：国家实行许可制度。\n《实施细则》第二十二条：应当申请。",
           "materials": "1. 平面图\n2、检测报告", "result_names": "卫生许可证", "result_types": "证照",
           "result_samples": "是", "charged": "否"}  # fmt: skip
    content = read_back(a_template(row))[0][0].content
    assert [(law["law"], law["clause"]) for law in content["by_law"]] == [
        ("公共场所卫生管理条例", "第四条"), ("实施细则", "第二十二条")]  # fmt: skip
    assert [material["name"] for material in content["materials"]] == ["平面图", "检测报告"]
    assert content["results"] == [{"name": "卫生许可证", "sample": True, "type": "10"}]
    assert content["fees"] == []


def test_where_two_sheets_differ_it_is_told_which_one_counts():
    book = exported(a_definition())
    book[TEMPLATE].cell(3, TITLES["materials"]).value = "1. 别的材料"
    (read,), _ = read_back(book)
    assert [(problem.code, problem.word, problem.stop) for problem in read.problems] == [
        ("summary_differs", "材料", False)
    ]
    assert read.content["materials"][0]["name"] == "平面图"


def test_a_row_of_an_unknown_item_is_told_and_not_lost():
    book = exported(a_definition())
    book["材料"].append(["another", "x", "某材料"])
    reads, _ = read_back(book)
    assert [(read.place, read.problems[0].code, read.problems[0].word) for read in reads[1:]] == [
        ("材料!5", "no_such_item", "another")]  # fmt: skip


def test_a_fault_is_led_back_to_its_cell():
    (read,), _ = read_back(exported(a_definition()))
    assert read.place_of("materials.water.name") == "材料!C3"
    assert read.place_of("materials.1.name") == "材料!C3"
    assert read.place_of("promise.days") == f"{TEMPLATE}!AA3"
    assert read.place_of("form.groups.venue.fields.name") == "表单"


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", b"not a workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600]
)
def test_what_is_no_workbook_is_unusable(data):
    with pytest.raises(Unusable):
        open_book(data)


def test_a_zip_that_only_looks_like_a_workbook_is_unusable():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<a/>")
        archive.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(Unusable) as unusable:
        open_book(out.getvalue())
    assert unusable.value.code == "broken"


def test_a_workbook_of_something_else_is_told_apart():
    book = Workbook()
    book.active.append(["姓名", "电话"])
    with pytest.raises(Unusable) as unusable:
        read_back(book)
    assert (unusable.value.code, unusable.value.word) == ("no_template", "Sheet")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not_json"), ('{"items": 3}', "no_items"), ('{"a": 1, "a": 2}', "repeated_key"), ("[NaN]", "no_json_value"),
        ("[" + "9" * 5000 + "]", "not_json"),
        ("[" * 100_000, "too_deep"), ('[{"a":' + "[" * 80 + "]" * 80 + "}]", "too_deep"),
    ],
)  # fmt: skip
def test_json_that_cannot_be_items_is_unusable(text, code):
    with pytest.raises(Unusable) as unusable:
        read_json(text.encode())
    assert unusable.value.code == code


def test_json_is_read_row_by_row_and_cleaned_of_what_cannot_be_kept():
    first, second = read_json('[{"code": "a", "task_name": "甲\\u0000乙\\ud800"}, 7]'.encode())
    assert first.content["task_name"] == "甲乙"
    assert [problem.code for problem in second.problems] == ["not_an_item"]
