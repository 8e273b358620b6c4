"""A tree seen over all its leaves: what each leaves of the item, and what nobody ever meets."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given

from tongban.services.forms.rules import evaluate, leaf
from tongban.services.forms.rules.leaves import count_leaves, ways
from tongban.services.forms.rules.outcomes import Survey
from tongban.services.forms.rules.remarks import remarks_on
from tongban.services.forms.rules.verdicts import Condition, parse, verdict

from .trees import contents, material, question

WAY = question(
    "way", {"value": "buy", "then": [question("loan", "yes", "no")]}, "build", {"value": "none", "stop": "不能办"}
)
HOUSE: dict[str, Any] = {
    "situations": [WAY, question("place", "home", "shop")],
    "materials": [
        material("always"),
        material("contract", "situation.way == 'buy'"),
        material("bank", "situation.loan == 'yes'"),
    ],
    "promise": {"days": 5, "unit": "1"},
}


def codes(**changes: Any) -> set[tuple[str, str]]:
    return {(remark.path, remark.code) for remark in remarks_on(Survey(HOUSE | changes))}


def every_case(content: dict[str, Any]) -> list[tuple[dict[str, str], list[str]]]:
    """By hand, asking only what the portal asks: whatever anybody can answer, and the materials he is then asked for."""
    found = []
    keys: dict[str, None] = {}

    def collect(tree: list[dict[str, Any]]) -> None:
        for asked in tree:
            keys[asked["key"]] = None
            for option in asked["options"]:
                collect(option.get("then") or [])

    collect(content["situations"])
    for values in itertools.product(("x", "y", "z"), repeat=len(keys)):
        for kind, tick in itertools.product(content["applicants"], (None, True, False)):
            chosen = dict(zip(keys, values, strict=True))
            first = leaf(content, chosen, applicant_kind=kind)
            if not first.is_complete:
                continue
            context = {"situation": first.situation, "applicant": {"kind": kind}}
            answers = evaluate(content["form"], {"tick": tick}, context).answers
            rest = leaf(content, chosen, applicant_kind=kind, answers=answers)
            found.append((rest.situation, [m["key"] for m in rest.materials]))
    return found


@pytest.mark.slow
@given(contents())
def test_a_material_is_reported_exactly_when_nobody_is_asked_for_it(content):
    survey = Survey(content)
    if survey.is_too_large or len({step for way in survey.ways for step in way.situation}) > 5:
        return
    cases = every_case(content)
    asked = {key for _situation, keys in cases for key in keys}
    reported = {
        remark.path.split(".")[1]
        for remark in remarks_on(survey)
        if remark.code in ("material_never", "condition_contradicts") and remark.path.startswith("materials.")
    }
    assert not reported & asked, "somebody is asked for it"
    if cases:
        certain = {m["key"] for m in content["materials"] if "tick" not in m["when"] and "applicant" not in m["when"]}
        assert certain - asked <= reported, "nobody is asked for it, and nobody says so"


@given(contents())
def test_a_leaf_shows_exactly_what_the_portal_asks_for(content):
    survey = Survey(content)
    if survey.is_too_large or len({step for way in survey.ways for step in way.situation}) > 5:
        return
    cases = every_case(content)
    assert {tuple(sorted(way.situation.items())) for way in survey.open_ways} == {
        tuple(sorted(s.items())) for s, _keys in cases
    }
    for way in survey.open_ways:
        entries = survey.outcome(way).materials
        here = [set(keys) for situation, keys in cases if situation == way.situation]
        assert {entry.key for entry in entries if not entry.depends} <= set.intersection(*here)
        assert set.union(*here) <= {entry.key for entry in entries}


@given(contents())
def test_leaves_are_counted_without_walking_them(content):
    survey = Survey(content)
    if not survey.is_too_large:
        assert survey.total == len(list(ways(content["situations"])))


def test_a_way_stops_where_the_tree_says_so():
    found = list(ways(HOUSE["situations"]))
    assert [way.situation for way in found] == [
        {"way": "buy", "loan": "yes", "place": "home"},
        {"way": "buy", "loan": "yes", "place": "shop"},
        {"way": "buy", "loan": "no", "place": "home"},
        {"way": "buy", "loan": "no", "place": "shop"},
        {"way": "build", "place": "home"},
        {"way": "build", "place": "shop"},
        {"way": "none"},
    ]
    assert found[-1].stop == "不能办"
    assert found[0].steps[1] == "/situations/0/options/0/then/0/options/0"


def test_a_leaf_keeps_the_promise_of_its_last_option_and_says_what_depends_on_the_form():
    content = {
        "situations": [question("speed", {"value": "slow"}, {"value": "fast", "promise": {"days": 1, "unit": "1"}})],
        "materials": [material("well", "own_water == true and situation.speed == 'fast'")],
        "form": {"groups": [{"key": "g", "fields": [{"key": "own_water", "type": "boolean"}]}]},
        "promise": {"days": 5, "unit": "1"},
    }
    survey = Survey(content)
    slow, fast = map(survey.outcome, survey.ways)
    assert (slow.promise["days"], fast.promise["days"]) == (5, 1)
    assert slow.materials == ()
    assert [(entry.key, entry.depends) for entry in fast.materials] == [("well", "own_water == true")]


def test_a_field_that_a_leaf_hides_has_no_answer_there():
    content = {
        "situations": [question("kind", "shop", "canteen")],
        "materials": [material("well", "own_water == true")],
        "form": {
            "groups": [
                {"key": "g", "fields": [{"key": "own_water", "type": "boolean", "show_if": "situation.kind == 'shop'"}]}
            ]
        },
    }
    survey = Survey(content)
    assert [len(survey.outcome(way).materials) for way in survey.ways] == [1, 0]
    hidden = content | {
        "form": {
            "groups": [
                {"key": "g", "fields": [{"key": "own_water", "type": "boolean", "show_if": "situation.kind == 'zoo'"}]}
            ]
        }
    }
    assert ("materials.well.when", "condition_contradicts") in {(r.path, r.code) for r in remarks_on(Survey(hidden))} or (
        "materials.well.when", "material_never") in {(r.path, r.code) for r in remarks_on(Survey(hidden))}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"materials": [material("m", "situation.way == 'rent'")]}, ("materials.m.when", "answer_unknown")),
        ({"materials": [material("m", "'rent' == situation.way")]}, ("materials.m.when", "answer_unknown")),
        ({"materials": [material("m", "situation.way in ['buy', 'rent']")]}, ("materials.m.when", "answer_unknown")),
        ({"materials": [material("m", "situation.house == 'own'")]}, ("materials.m.when", "question_unknown")),
        (
            {"materials": [material("m", "situation.way == 'build' and situation.loan == 'yes'")]},
            ("materials.m.when", "material_never"),
        ),
        ({"materials": [material("m", "situation.way == 'none'")]}, ("materials.m.when", "material_never")),
        (
            {"materials": [material("m", "situation.way == 'buy' and situation.way == 'build'")]},
            ("materials.m.when", "condition_contradicts"),
        ),
        (
            {"materials": [material("m", "situation.place in ['home', 'shop']")]},
            ("materials.m.when", "condition_always"),
        ),
        ({"fees": [{"key": "f", "name": "费", "when": "situation.way == 'none'"}]}, ("fees.f.when", "fee_never")),
        (
            {
                "flow": {
                    "stages": [
                        {"key": "s", "name": "踏勘", "when": "situation.way == 'build' and situation.loan != null"}
                    ]
                }
            },
            ("flow.stages.s.when", "stage_never"),
        ),
        (
            {
                "form": {
                    "groups": [
                        {"key": "g", "show_if": "situation.way == 'none'", "fields": [{"key": "f", "type": "text"}]}
                    ]
                }
            },
            ("form.groups.0.show_if", "group_never"),
        ),
        (
            {
                "form": {
                    "groups": [
                        {
                            "key": "g",
                            "show_if": "situation.way == 'build'",
                            "fields": [
                                {"key": "f", "type": "text", "show_if": "situation.loan == 'yes'"},
                                {"key": "h", "type": "text"},
                            ],
                        }
                    ]
                }
            },
            ("form.groups.0.fields.0.show_if", "field_never"),
        ),
        ({"situations": [WAY], "materials": []}, ("situations.loan", "answer_changes_nothing")),
        ({}, ("situations.place", "answer_changes_nothing")),
        (
            {"situations": [question("a", {"value": "x", "stop": "不行"}, {"value": "y", "stop": "不行"})]},
            ("situations", "nobody_can_apply"),
        ),
        (
            {"situations": [question("a", {"value": "x", "stop": "不行", "then": [question("b", "x", "y")]}, "y")]},
            ("situations.b", "question_unreachable"),
        ),
        ({"situations": [question("a", "x", "x", "y")]}, ("situations.a.x", "option_unreachable")),
        (
            {"situations": [question("a", {"value": "x", "then": [question("a", "x", "y")]}, "y")]},
            ("situations.a.y", "option_unreachable"),
        ),
        (
            {"situations": [question("a", "x", "y", "z")], "materials": [material("m", "situation.a == 'x'")]},
            ("situations.a", "answers_alike"),
        ),
        ({"situations": [question(f"q{n}", "x", "y") for n in range(10)]}, ("situations", "tree_too_large")),
    ],
)
def test_what_is_wrong_is_found(changes, expected):
    assert expected in codes(**changes)


def test_a_question_that_the_form_asks_about_makes_a_difference():
    shown = {
        "form": {
            "groups": [{"key": "g", "fields": [{"key": "f", "type": "text", "show_if": "situation.place == 'shop'"}]}]
        }
    }
    assert not codes(**shown)
    reckoned = {
        "form": {
            "groups": [
                {"key": "g", "fields": [{"key": "f", "type": "integer", "value": "situation.place == 'shop' ? 1 : 2"}]}
            ]
        }
    }
    assert not codes(**reckoned)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"situations": [{"key": "a"}]},
        {"materials": [{}], "flow": None, "form": None},
        {"form": {"groups": 3}, "situations": [3, {}]},
    ],
)
def test_an_unfinished_definition_is_looked_at_as_far_as_it_goes(content):
    remarks_on(Survey(content))


def test_remarks_say_what_to_do_and_advice_does_not_hinder():
    remarks = {
        remark.code: remark
        for remark in remarks_on(Survey(HOUSE | {"materials": [material("m", "situation.way == 'none'")]}))
    }
    assert remarks["material_never"].text == "材料“材料m”在哪种情形下都不会要求提交。请改条件，或者删去这份材料。"
    assert remarks["material_never"].ground
    assert not remarks["material_never"].is_advice
    assert remarks["answer_changes_nothing"].is_advice


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a == 'or'", "atom"),
        ("a == 1 or b == 2 and c == 3", ["or", "atom", ["and", "atom", "atom"]]),
        ("(a == 1 or b == 2) and c == 3", ["and", ["or", "atom", "atom"], "atom"]),
        ("not (a == 1) and b == 2", ["and", ["not", "atom"], "atom"]),
        ("not (a == 1) == true", "atom"),
        ("a == 1 ? b == 2 or c : d", "atom"),
        ("(a ?? 0) > 1 or some(b, # == 1 and # == 2)", ["or", "atom", "atom"]),
        ("((a == 1))", "atom"),
    ],
)
def test_a_condition_is_taken_apart_only_where_it_is_certain(text, tree):
    def shape(condition: Condition) -> Any:
        return [condition.kind, *map(shape, condition.parts)] if condition.parts else condition.kind

    assert shape(parse(text)) == tree


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("situation.a == 'x'", True),
        ("situation.a == 'x' and tick == true", None),
        ("situation.a == 'y' and tick == true", False),
        ("situation.a == 'x' or tick == true", True),
        ("not (situation.a == 'y' and tick)", True),
        ("today > '2026-01-01'", None),
        ("", True),
    ],
)
def test_three_values(expression, result):
    assert verdict(expression, {"situation": {"a": "x"}}) is result


def test_a_tree_that_is_counted_but_not_walked():
    tree = [question(f"q{n}", "x", "y") for n in range(60)]
    assert count_leaves(tree) == 2**60
