"""Wording and ways out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.notifications.rules import (
    faults_of,
    fill,
    ways_out,
    words_asked_for,
)


def test_words_are_filled_and_unknown_ones_left_out():
    assert fill("您的“{task_name}”已受理，{until}前办结。", {"task_name": "开店"}) == "您的“开店”已受理，前办结。"


def test_words_cannot_reach_into_objects():
    assert fill("{name.__class__} {a}", {"a": 1, "name": "x"}) == "{name.__class__} 1"


@given(st.text())
def test_what_is_filled_in_is_never_read_as_a_placeholder(word):
    assert fill("[{a}]", {"a": word, "b": "x"}) == f"[{word}]"


@pytest.mark.parametrize(
    ("content", "faults"),
    [
        ({"title": "题", "body": "文", "ways": ["sms"]}, []),
        ({"body": "文"}, ["title_missing"]),
        ({"title": "题"}, ["body_missing"]),
        ({"title": "题", "body": "文", "ways": ["fax"]}, ["unknown_way"]),
        ({"title": "题", "body": "文", "sms": "长" * 200}, []),
        ({"title": "题", "body": "文", "sms": "长" * 201}, ["sms_too_long"]),
    ],
)
def test_faults_of_a_template(content, faults):
    assert faults_of(content) == faults


def test_a_legal_notice_goes_out_whatever_one_prefers():
    offered = {"ways": ["sms", "email"]}
    assert ways_out(offered, ["sms"]) == ["email"]
    assert ways_out(offered | {"must": True}, ["sms", "email"]) == ["sms", "email"]


def test_words_of_a_template():
    assert words_asked_for({"title": "{a}", "body": "{b}{a}", "sms": None}) == {"a", "b"}
