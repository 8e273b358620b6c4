"""The text of a notice as officials write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.notifications.rules import (
    Field,
    composed,
    faults_of_text,
    legible,
    measured,
    preview_of,
    written,
)

FIELDS = [Field("task_name", "事项名称", "卫生许可"), Field("until", "期限", "2026年11月28日")]
STANDARD = {"title": "已受理：{task_name}", "body": "在{until}前办结。", "ways": ["sms"], "must": True}
FINE = {"title": "【事项名称】", "body": "好。", "sms": "", "email": "", "by_sms": True, "by_email": False}


def test_what_is_written_and_composed_is_the_same_text():
    text = written(STANDARD, FIELDS)
    assert text["title"] == "已受理：【事项名称】"
    assert composed(text, FIELDS, standard=STANDARD) == STANDARD


def test_a_legal_notice_goes_out_by_the_ways_of_the_standard():
    silent = {**FINE, "by_sms": False}
    assert composed(silent, FIELDS, standard=STANDARD)["ways"] == ["sms"]
    assert composed(silent, FIELDS, standard={**STANDARD, "must": False})["ways"] == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, set()),
        ({"title": " "}, {"title_missing"}),
        ({"body": ""}, {"body_missing"}),
        ({"body": "【年龄】"}, {"no_such_field"}),
        ({"sms": "请在【期限前"}, {"unbalanced"}),
        ({"body": "{task_name}"}, {"braces"}),
        ({"sms": "好" * 197}, set()),  # with 【通办】 201 characters: three segments of 67
        ({"sms": "好" * 198}, {"sms_too_long"}),
        ({"sms": "好" * 198, "by_sms": False}, set()),
        ({"title": "好" * 61, "email": "好" * 2001}, {"too_long"}),
    ],
)
def test_what_is_wrong_with_a_text(change, codes):
    assert {fault.code for fault in faults_of_text(FINE | change, FIELDS, "通办")} == codes


@pytest.mark.parametrize(("length", "segments"), [(0, 1), (66, 1), (67, 2), (130, 2), (131, 3), (197, 3), (198, 4)])
def test_the_edges_of_an_sms(length, segments):
    assert measured("好" * length, "通办") == (length + 4, segments)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_whatever_is_in_a_draft_can_be_shown_and_judged(draft):
    assert isinstance(preview_of(legible(draft)["body"], FIELDS), str)
    assert faults_of_text(draft if isinstance(draft, dict) else {}, FIELDS, "")
