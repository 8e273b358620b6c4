"""What a format demands, what a file of codes may hold."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.data.standards.rules import (
    SURE,
    Code,
    Known,
    code_faults,
    codes_of,
    content_faults,
    likely,
    limits_of,
    names_of,
    step_faults,
)

FORMATS = [
    ("an18", ("an", 18, 18, 0)),
    ("an..18", ("an", 0, 18, 0)),
    ("n8", ("n", 8, 8, 0)),
    ("a..30", ("a", 0, 30, 0)),
    ("ul", ("ul", 0, None, 0)),
    ("n..16,2", ("n", 0, 16, 2)),
    ("n6..12", ("n", 6, 12, 0)),
    ("n12..6", None),
    ("an..", None),
    ("x5", None),
    ("", None),
]


@pytest.mark.parametrize(("said", "means"), FORMATS, ids=[said for said, _ in FORMATS])
def test_a_format_says_how_long_and_of_which_signs(said: str, means: Any) -> None:
    found = limits_of(said)
    assert (found and (found["signs"], found["least"], found["most"], found["places"])) == means


def test_codes_come_from_our_own_files_and_from_china_divisions() -> None:
    ours, faults = codes_of([["代码", "名称", "备注"], ["1", "男性", ""], ["2", "女性", "甲"], ["", "", ""]])
    assert (ours, faults) == ([Code("1", "男性"), Code("2", "女性", "", "甲")], [])
    header = ["code", "name", "streetCode", "provinceCode", "cityCode", "areaCode"]
    theirs, _ = codes_of([header, ["511602001001", "某社区", "511602001", "51", "5116", "511602"]])
    assert theirs == [Code("511602001001", "某社区", "511602001")]


def test_everything_wrong_with_a_file_is_told_at_once() -> None:
    lines = [["代码", "名称"], ["1", "男"], ["1", "女"], ["2", ""], ["x" * 41, "长"]]
    assert [fault for fault, _ in codes_of(lines)[1]] == ["twice", "incomplete", "too_long"]
    assert codes_of([["a", "b"]])[1] == [("no_header", {})]
    assert codes_of([])[1] == [("no_header", {})]
    assert code_faults([]) == [("empty", {})]
    assert code_faults([Code("1", "甲", "1")])[0][0] == "own_parent"


@given(st.lists(st.lists(st.text(max_size=8), max_size=6), max_size=8))
def test_no_table_breaks_it(lines: list[list[str]]) -> None:
    codes, faults = codes_of(lines)
    assert faults or codes


def test_an_element_says_what_it_must() -> None:
    good = {"name": "性别", "definition": "人的性别", "data_type": "text", "format": "n1", "code_set": "GB/T 2261.1"}
    known = frozenset({"GB/T 2261.1"})
    assert content_faults("element", good, known_sets=known) == []
    bad = {"name": "", "data_type": "colour", "format": "zz", "code_set": "?", "colour": "red"}
    assert set(content_faults("element", bad, known_sets=known)) == {
        ("name", "missing"), ("definition", "missing"), ("data_type", "data_type"), ("format", "format"),
        ("code_set", "code_set"), ("colour", "unknown"),
    }  # fmt: skip


def test_nobody_agrees_to_his_own() -> None:
    assert step_faults("agree", status="in_review", is_own=True, is_empty=False) == ["own"]
    assert step_faults("agree", status="draft", is_own=False, is_empty=True) == ["moved", "empty"]
    assert step_faults("withdraw", status="published", is_own=True, is_empty=False) == []


def test_what_an_item_is_probably_written_by() -> None:
    number = Known(1, "element", "DE00001", ("公民身份号码", "身份证号"), "gmsfhm")
    sex = Known(2, "element", "DE00003", ("性别代码",), "xbdm")
    codes = Known(3, "code_set", "GB/T 2261.1", ("人的性别代码",))
    phone = Known(4, "element", "DE00009", ("联系电话",))
    every = (codes, phone, sex, number)

    def told(**item: str) -> list[tuple[int, bool]]:
        return [(one.id, score >= SURE) for one, score in likely(item, every)]

    assert told(name="身份证号")[0] == (1, True), "by another name it has"
    assert told(name="性别", code_set="GB/T 2261.1")[:2] == [(2, True), (3, False)], "the element before its code set"
    assert told(name="号", element="DE00009")[0] == (4, True), "what the item says of itself"
    assert told(name="证件", english="GMSFHM") == [(1, False)]
    assert told(name="备注") == []
    assert names_of({"name": "姓名", "synonyms": "名字、称呼，"}) == ("姓名", "名字", "称呼")
