"""Codes, what a text must say, differences, searching, the template: no database."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.data.catalogue.queries.tables import packaged_tables
from tongban.data.catalogue.rules import codes, lifecycle
from tongban.data.catalogue.rules.content import faults_of_resource, faults_of_system, grade_of
from tongban.data.catalogue.rules.differences import changes_between
from tongban.data.catalogue.rules.fields import FIELDS, blank
from tongban.data.catalogue.rules.searching import terms, twos
from tongban.data.catalogue.rules.sheets import headings, read_csv, read_rows, sheet_lines
from tongban.foundation.kernel.ids import uuid7

from .factories import KEY_ITEM, NAME_ITEM, RESOURCE, SYSTEM

TODAY = date(2026, 11, 22)
TABLES = packaged_tables()
NO_SHARE = {"share_type": "3", "share_condition": "", "share_ground_kind": "1", "share_review_on": "2027-11-21"}
CLAUSE = "《中华人民共和国统计法》第二十八条"


def found(**fields: Any) -> set[tuple[str, str]]:
    content = blank("resource") | RESOURCE | {"name": "老年人优待信息"} | fields
    return {(one.code, one.path) for one in faults_of_resource(content, TABLES, today=TODAY)}


def test_a_sound_text_has_no_faults() -> None:
    assert found() == set()
    assert not faults_of_system(blank("system") | SYSTEM | {"name": "养老服务系统"}, TABLES)


@pytest.mark.parametrize(
    ("fields", "code", "path"),
    [
        ({"name": ""}, "missing", "name"),
        ({"name": "名" * 101}, "too_long", "name"),
        ({"cycle": "hourly"}, "not_in_table", "cycle"),
        ({"entry": "15"}, "entry_shape", "entry"),
        ({"detail": "A1"}, "detail_shape", "detail"),
        ({"share_type": "1"}, "condition_needless", "share_condition"),
        ({"share_condition": ""}, "condition_missing", "share_condition"),
        ({"share_modes": []}, "modes_missing", "share_modes"),
        (NO_SHARE | {"share_ground": "内部规定"}, "ground_clause", "share_ground"),
        (NO_SHARE | {"share_ground": "《统计法》"}, "ground_clause", "share_ground"),
        (NO_SHARE | {"share_ground": CLAUSE, "share_ground_kind": ""}, "ground_kind_missing", "share_ground_kind"),
        (NO_SHARE | {"share_ground": CLAUSE, "share_review_on": ""}, "review_missing", "share_review_on"),
        (NO_SHARE | {"share_ground": CLAUSE, "share_review_on": "2027-11-23"}, "review_day", "share_review_on"),
        (NO_SHARE | {"share_ground": CLAUSE, "share_review_on": "2026-11-22"}, "review_day", "share_review_on"),
        (NO_SHARE | {"share_ground": CLAUSE, "open_type": "conditional", "open_condition": "实名"}, "open_not_shared", "open_type"),
        ({"open_type": "conditional"}, "open_condition_missing", "open_condition"),
        ({"open_ground": ""}, "open_ground_missing", "open_ground"),
        ({"open_type": "unconditional"}, "open_too_sensitive", "open_type"),
        ({"share_type": "1", "share_condition": "", "items": [KEY_ITEM | {"grade": "4"}]}, "share_too_sensitive", "share_type"),
        ({"item_results": []}, "no_item", "no_item_reason"),
        ({"items": []}, "no_items", "items"),
        ({"items": [NAME_ITEM]}, "no_key", "items"),
        ({"items": [KEY_ITEM, NAME_ITEM | {"english": "gmsfhm"}]}, "twice", "items.name.english"),
        ({"items": [KEY_ITEM, NAME_ITEM | {"english": "姓名"}]}, "english_shape", "items.name.english"),
        ({"items": [KEY_ITEM, NAME_ITEM | {"length": ""}]}, "length_shape", "items.name.length"),
        ({"items": [KEY_ITEM | {"nullable": "1"}]}, "key_nullable", "items.number.nullable"),
        ({"items": [KEY_ITEM, NAME_ITEM | {"type": "X"}]}, "not_in_table", "items.name.type"),
    ],
)  # fmt: skip
def test_each_rule_says_what_is_wrong_and_where(fields: dict[str, Any], code: str, path: str) -> None:
    assert (code, path) in found(**fields)


@pytest.mark.parametrize("ground", [CLAUSE, "《政府信息公开条例》第14条", "国务院决定，国发〔2016〕51号"])
def test_a_ground_in_law_stands(ground: str) -> None:
    assert found(**NO_SHARE, share_ground=ground) == set()


def test_a_resource_is_as_sensitive_as_its_most_sensitive_item() -> None:
    assert grade_of(RESOURCE) == "3"


@given(st.from_regex(r"[1-3]\d\d", fullmatch=True), st.from_regex(r"[0-9]{3}", fullmatch=True), st.integers(1, 999_999))
def test_a_code_is_taken_apart_as_it_was_composed(class_item: str, entry: str, number: int) -> None:
    code = codes.compose(codes.prefix_of(class_item, entry, "0203"), number)
    assert codes.is_resource_code(code)
    apart = codes.taken_apart(code)
    assert (apart["class_item"], apart["entry"], apart["detail"], int(apart["number"])) == (
        class_item,
        entry,
        "0203",
        number,
    )


def test_codes_of_another_shape_are_none() -> None:
    assert not [
        code
        for code in ("", "307015", "007015/1", "30701/1", "307015/1234567", "307015x/1")
        if codes.is_resource_code(code)
    ]


def test_differences_are_told_by_the_keys_of_items() -> None:
    new = RESOURCE | {
        "cycle": "month",
        "items": [NAME_ITEM | {"name": "名字"}, KEY_ITEM | {"key": "other", "name": "证号"}],
    }
    told = {(one.kind, one.field, one.item) for one in changes_between("resource", RESOURCE, new)}
    assert told == {
        ("changed", "cycle", ""),
        ("changed", "name", "名字"),
        ("added", "", "证号"),
        ("gone", "", "公民身份号码"),
    }


def test_nobody_answers_what_he_wrote_or_answered() -> None:
    writer, head, deputy = uuid7(), uuid7(), uuid7()
    assert lifecycle.may_answer([head], wrote=[writer], answered=[])
    assert not lifecycle.may_answer([deputy, writer], wrote=[writer], answered=[])
    assert not lifecycle.may_answer([head], wrote=[writer], answered=[head])


def test_words_are_made_plain_and_cut_by_twos() -> None:
    assert terms("　ＡＢＣ 营业执照 营业执照") == ["abc", "营业执照"]
    assert twos("营业执照") == ["营业", "业执", "执照"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_what_is_written_is_read_back(encoding: str) -> None:
    content = blank("resource") | RESOURCE | {"name": "=1+1"}
    lines = list(sheet_lines("resource", [({"code": "307015/000001"}, content)], TABLES))
    text = "\r\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    rows, misread = read_rows("数据资源", read_csv(text.encode(encoding)), TABLES)
    assert not misread
    assert rows[0].own == {"code": "307015/000001"}
    assert rows[0].content == {one.name: content[one.name] for one in FIELDS["resource"]}
    assert rows[0].place("cycle") == ("数据资源", 2, "J")


def test_a_missing_column_is_told() -> None:
    lines = [(1, [title for name, title in headings("item") if name != "grade"]), (2, ["甲", "", "姓名"])]
    _rows, misread = read_rows("数据项", lines, TABLES)
    assert [(one.fault.code, one.fault.path) for one in misread] == [("column_missing", "grade")]
