"""What is shown, computed and asked for; and the situation tree."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.forms.rules import evaluate, leaf
from tongban.services.forms.tests.samples import ANSWERS, EVERYTHING


def one(**field: Any) -> dict[str, Any]:
    return {"groups": [{"key": "g", "fields": [{"key": "a", "type": "text"}, {"key": "b", "type": "text", **field}]}]}


def test_conditions_follow_one_another_whatever_their_order():
    fields = [
        {"key": "c", "type": "text", "show_if": "b == 'on'"},
        {"key": "b", "type": "text", "show_if": "a == 'on'"},
        {"key": "a", "type": "text"},
    ]
    form = {"groups": [{"key": "g", "fields": fields}]}
    assert evaluate(form, {"a": "on", "b": "on", "c": "x"}, {}).visible == {"a", "b", "c"}
    hidden = evaluate(form, {"a": "off", "b": "on", "c": "x"}, {})  # what is hidden decides nothing
    assert hidden.visible == {"a"}
    assert hidden.answers == {"a": "off"}


def test_computed_values_follow_one_another_whatever_their_order():
    fields = [
        {"key": "total", "type": "money", "value": "part * 2"},
        {"key": "part", "type": "money", "value": "price * count"},
        {"key": "price", "type": "money"},
        {"key": "count", "type": "integer"},
    ]
    form = {"groups": [{"key": "g", "fields": fields}]}
    assert evaluate(form, {"price": 1050, "count": 3}, {}).computed == {"part": 3150, "total": 6300}


@pytest.mark.parametrize(("answers", "required"), [({}, False), ({"a": "yes"}, True), ({"a": "no"}, False)])
def test_what_is_asked_for_may_depend_on_an_answer(answers: dict[str, Any], required: bool):
    assert ("b" in evaluate(one(required="a == 'yes'"), answers, {}).required) is required


def test_the_situation_and_the_kind_of_applicant_decide_too():
    form = one(show_if="situation.venue == 'pool' and applicant.kind == 'company'")
    pool = {"situation": {"venue": "pool"}, "applicant": {"kind": "company"}}
    assert "b" in evaluate(form, {}, pool).visible
    assert "b" not in evaluate(form, {}, pool | {"applicant": {"kind": "person"}}).visible
    assert "b" not in evaluate(form, {}, {}).visible


def test_a_group_hides_its_fields():
    form = {
        "groups": [
            {"key": "g", "show_if": "situation.x == '1'", "fields": [{"key": "a", "type": "text", "required": True}]}
        ]
    }
    assert evaluate(form, {"a": "x"}, {}).answers == {}
    assert evaluate(form, {"a": "x"}, {"situation": {"x": "1"}}).required == {"a"}


@given(st.sets(st.sampled_from(sorted(ANSWERS))))
def test_evaluation_never_keeps_what_is_hidden_and_never_asks_for_it(left_out: set[str]):
    answers = {key: value for key, value in ANSWERS.items() if key not in left_out}
    out = evaluate(EVERYTHING, answers, {})
    assert out.required <= out.visible
    assert set(out.computed) <= out.visible
    assert set(out.answers) <= out.visible
    again = evaluate(EVERYTHING, out.answers, {})
    assert (again.answers, again.visible, again.required) == (out.answers, out.visible, out.required)


CONTENT: dict[str, Any] = {
    "promise": {"days": 5, "unit": "1"},
    "situations": [
        {
            "key": "venue",
            "question": "哪一类？",
            "options": [
                {"value": "hotel", "label": "宾馆"},
                {
                    "value": "pool",
                    "label": "游泳馆",
                    "promise": {"days": 3, "unit": "1"},
                    "then": [
                        {
                            "key": "outdoor",
                            "question": "露天吗？",
                            "options": [{"value": "yes", "label": "是", "stop": "露天的不用办。"}, {"value": "no", "label": "否"}],
                        }
                    ],
                },
            ],
        }
    ],
    "materials": [
        {"key": "plan", "name": "平面图"},
        {"key": "water", "name": "水质报告", "when": "situation.venue == 'pool'"},
        {"key": "charter", "name": "章程", "when": "applicant.kind == 'company'"},
    ],
    "fees": [{"key": "test", "name": "检测费", "when": "situation.venue == 'pool'"}],
    "form": {
        "groups": [
            {"key": "all", "fields": []},
            {"key": "pool", "show_if": "situation.venue == 'pool'", "fields": []},
            {"key": "later", "show_if": "staff_count > 3", "fields": []},
        ]
    },
}  # fmt: skip


def keys(things: list[dict[str, Any]]) -> list[str]:
    return [thing["key"] for thing in things]


def test_only_what_the_situation_needs_remains():
    hotel = leaf(CONTENT, {"venue": "hotel"})
    assert hotel.is_complete
    assert (keys(hotel.materials), keys(hotel.fees), keys(hotel.groups)) == (["plan"], [], ["all", "later"])
    pool = leaf(CONTENT, {"venue": "pool", "outdoor": "no"}, applicant_kind="company")
    assert keys(pool.materials) == ["plan", "water", "charter"]
    assert pool.promise == {"days": 3, "unit": "1"}
    assert pool.path == ["游泳馆", "否"]


def test_questions_come_one_after_the_other():
    assert leaf(CONTENT, {}).missing == ["venue"]
    assert leaf(CONTENT, {"venue": "pool"}).missing == ["outdoor"]


@pytest.mark.parametrize(
    "forged", [{"venue": "casino"}, {"outdoor": "no"}, {"venue": "hotel", "outdoor": "yes", "x": "y"}]
)
def test_forged_answers_and_answers_off_the_way_fall_away(forged: dict[str, str]):
    assert set(leaf(CONTENT, forged).situation.items()) <= {("venue", "hotel")}


def test_a_situation_in_which_there_is_nothing_to_apply_for_says_so():
    outdoor = leaf(CONTENT, {"venue": "pool", "outdoor": "yes"})
    assert outdoor.stop == "露天的不用办。"
    assert not outdoor.is_complete
