"""Files as departments hand them in: any encoding, odd sheets, broken lines. What cannot be read is told with its place."""

from __future__ import annotations

import json
import resource
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from openpyxl import Workbook

from tongban.data.gathering.errors import SourceAway, SourceUnreadable
from tongban.data.gathering.gateways import Page, texts
from tongban.data.gathering.gateways.folders import Files
from tongban.data.gathering.rules import header

ROWS = "姓名,住址\n李华,清渠镇人民路一号\n王芳,河东街道解放路二号\n"
TRADITIONAL = "姓名,住址\n李華,臺北市中正區重慶南路\n王芳,高雄市左營區自由路\n"


@pytest.fixture
def inbox(tmp_path: Path, settings: Any) -> Path:
    settings.GATHERING_ROOT = str(tmp_path)
    (tmp_path / "office").mkdir()
    return tmp_path / "office"


def read(inbox: Path, table: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Names of the columns, and the rows with what of them could not be read."""
    with closing(Files({"folder": "office"}, {})) as source:
        names = list(source.columns(table))
        source.write(table, Page(names), inbox / "part", 1)
    columns = ", ".join(f'"{name}"' for name in [*names, "_reject"])
    with duckdb.connect() as duck:
        return names, duck.execute(f"select {columns} from read_parquet('{inbox / 'part'}')").fetchall()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ROWS, "utf-8"),
        (ROWS, "utf-8-sig"),
        (ROWS, "utf-16"),
        (ROWS, "utf-16-le"),
        (ROWS, "utf-16-be"),
        (ROWS, "utf-32"),
        (ROWS, "gb18030"),
        ("\ufeff" + ROWS, "gb18030"),
        (TRADITIONAL, "big5"),
    ],
)
def test_every_encoding_says_the_same(inbox: Path, text: str, encoding: str) -> None:
    (inbox / "people.csv").write_bytes(text.encode(encoding))
    names, rows = read(inbox, "people.csv")
    assert names == ["姓名", "住址"]
    assert [row[:2] for row in rows] == [tuple(line.split(",")) for line in text.splitlines()[1:]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize(
    ("name", "text"),
    [("a.json", '[{"姓名": "李华"},\n{"姓名": "王芳"}]\n'), ("a.ndjson", '{"姓名": "李华"}\n{"姓名": "王芳"}\n')],
)
def test_every_encoding_of_json_says_the_same(inbox: Path, name: str, text: str, encoding: str) -> None:
    (inbox / name).write_bytes(text.encode(encoding))
    assert read(inbox, name) == (["姓名"], [("李华", None), ("王芳", None)])


def test_mixed_encodings_are_told_with_their_line(inbox: Path) -> None:
    (inbox / "people.csv").write_bytes(ROWS.encode() * 9_000 + "赵六,解放路".encode("gb18030") + b"\xff\n")
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, "people.csv")
    assert "people.csv" in told.value.reasons[0].text
    assert "第27001行" in told.value.reasons[0].text


def test_one_endless_line_is_refused_without_being_held(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONGEST_LINE", 1 << 16)
    (inbox / "people.csv").write_bytes(ROWS.encode() + b"x" * (1 << 18))
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, "people.csv")
    assert [reason.code for reason in told.value.reasons] == ["long_line"]


def test_a_list_on_one_long_line_is_read(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "LONGEST_LINE", 1 << 10)
    (inbox / "people.json").write_text(json.dumps([{"姓名": f"示例{number}"} for number in range(1000)]))
    _names, rows = read(inbox, "people.json")
    assert len(rows) == 1000
    (inbox / "people.ndjson").write_bytes((inbox / "people.json").read_bytes())
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, "people.ndjson")
    assert [reason.code for reason in told.value.reasons] == ["long_line"]


def test_a_gigabyte_on_one_line_is_refused_at_once(inbox: Path) -> None:
    with (inbox / "people.csv").open("wb") as opened:
        opened.write(ROWS.encode())
        opened.truncate(1 << 30)  # a hole of zeros: nothing of it is on the disk
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, "people.csv")
    assert "第4行" in told.value.reasons[0].text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 << 10, "kB: a few pieces, not the line"


def test_another_encoding_after_the_first_piece_is_told_by_whoever_reads(inbox: Path) -> None:
    (inbox / "people.ndjson").write_bytes('{"姓名":"李华"}\n'.encode() * 30_000 + '{"姓名":"王芳"}\n'.encode("gb18030"))
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, "people.ndjson")
    assert "第30001行" in told.value.reasons[0].text


def test_a_file_that_is_changed_while_it_is_read_is_not_taken_in(inbox: Path) -> None:
    source = inbox / "people.csv"
    source.write_text(ROWS)
    with closing(Files({"folder": "office"}, {})) as reader:
        names = list(reader.columns("people.csv"))
        source.write_text(ROWS + "赵六,建设路三号\n")
        with pytest.raises(SourceAway) as told:
            reader.write("people.csv", Page(names), inbox / "part", 1)
        assert [reason.code for reason in told.value.reasons] == ["changed"]
    assert len(read(inbox, "people.csv")[1]) == 3, "the next reading begins anew"


def test_a_line_that_does_not_fit_is_kept_apart_as_it_stands(inbox: Path) -> None:
    (inbox / "people.csv").write_text(ROWS + "赵六\n钱七,解放路,三号,多了\n孙八,建设路\n")
    _names, rows = read(inbox, "people.csv")
    assert [row[0] for row in rows if row[2] is None] == ["李华", "王芳", "孙八"]
    assert [row[2] for row in rows if row[2]] == ["4: 赵六", "5: 钱七,解放路,三号,多了"]


def book(path: Path, fill: Callable[[Any], None]) -> None:
    made = Workbook()
    fill(made.active)
    made.save(path)


def test_a_sheet_with_a_title_merged_headers_dates_and_formulas(inbox: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.title = "名册"
        for row in (
            ["人员名册"], ["姓名", "住址", None, "出生日期", "号码"], [None, "街道", "门牌", None, None],
            ["李华", "人民路", 1, date(1990, 3, 7), "110101199003070011"], ["王芳", "解放路", 2.5, "=TODAY()", 110101198501210022],
        ):  # fmt: skip
            sheet.append(row)
        for cells in ("A1:E1", "A2:A3", "B2:C2", "D2:D3", "E2:E3"):
            sheet.merge_cells(cells)

    book(inbox / "people.xlsx", fill)
    names, rows = read(inbox, "people.xlsx")
    assert names == ["姓名", "住址_街道", "住址_门牌", "出生日期", "号码"]
    assert rows[0] == ("李华", "人民路", "1", "1990-03-07", "110101199003070011", None)
    assert rows[1][:3] == ("王芳", "解放路", "2.5")
    assert rows[1][5] == "名册!D5 名册!E5", "a formula never worked out, and a number that has lost its last digits"


@pytest.mark.parametrize(("code", "data"), [("locked", b"\xd0\xcf\x11\xe0" + b"x" * 600), ("broken", b"PK nothing")])
def test_a_workbook_that_cannot_be_opened_is_told_why(inbox: Path, code: str, data: bytes) -> None:
    (inbox / "people.xlsx").write_bytes(data)
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, "people.xlsx")
    assert [reason.code for reason in told.value.reasons] == [code]


def test_a_zip_bomb_is_not_unpacked(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tongban.data.gathering.gateways.books.LARGEST_OPEN", 1 << 20)
    with zipfile.ZipFile(inbox / "people.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (2 << 20))
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, "people.xlsx")
    assert [reason.code for reason in told.value.reasons] == ["bomb"]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([["a", "b"], ["1", "2"]], (1, ["a", "b"])),
        ([["表"], ["a", "b"], ["1", "2"]], (2, ["a", "b"])),
        ([["a", "", "a"], ["1", "2", "3"]], (1, ["a", "列2", "a_2"])),
        ([["a"], ["1"]], (1, ["a"])),
    ],
)
def test_where_a_header_ends(lines: list[list[str]], found: tuple[int, list[str]]) -> None:
    assert header(lines) == found


def test_every_sheet_of_a_workbook_is_a_table(inbox: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.title = "一月"
        sheet.append(["姓名", "住址"])
        sheet.append(["李华", "人民路"])
        other = sheet.parent.create_sheet("二月")
        other.append(["姓名", "电话"])
        other.append(["王芳", "0826"])

    book(inbox / "people.xlsx", fill)
    book(inbox / "single.xlsx", lambda sheet: sheet.append(["姓名", "住址"]))
    (inbox / "broken.xlsx").write_bytes(b"PK nothing")
    with closing(Files({"folder": "office"}, {})) as source:
        assert [one.name for one in source.tables()] == [
            "broken.xlsx",
            "people.xlsx#一月",
            "people.xlsx#二月",
            "single.xlsx",
        ]
    assert read(inbox, "people.xlsx#二月") == (["姓名", "电话"], [("王芳", "0826", None)])
    assert read(inbox, "people.xlsx")[0] == ["姓名", "住址"], "as it was named when the first was all that was read"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("people.ndjson", '{"id": 1}\n{"id": x}\n{"id": 3}\n', "文件“people.ndjson”：第2行读不出来。"),
        ("people.json", '[{"id": 1}, {"id": x}]', "文件“people.json”：第2条读不出来。"),
        ("people.json", " [ ]\n", "文件“people.json”是空的"),
        ("people.csv", "", "文件“people.csv”是空的"),
        ("people.parquet", "PAR1" + "x" * 5000 + "PAR1", "文件“people.parquet”不是完好的 Parquet 文件"),
    ],
)
def test_what_is_broken_is_told_with_file_and_place(inbox: Path, name: str, text: str, said: str) -> None:
    (inbox / name).write_text(text)
    with pytest.raises(SourceUnreadable) as told:
        read(inbox, name)
    assert str(told.value.reasons[0].text).startswith(said)
