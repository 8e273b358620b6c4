"""A form that is not sound is refused when it is loaded, with the place in the definition."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.forms.rules import compile_form, faults_of_expression, faults_of_form, reckon
from tongban.services.forms.tests.samples import EVERYTHING


def form(*fields: dict[str, Any], **group: Any) -> dict[str, Any]:
    return {"groups": [{"key": "g", "fields": [{"type": "text", **field} for field in fields], **group}]}


def codes(definition: dict[str, Any]) -> list[tuple[str, str]]:
    return [(fault.path, fault.code) for fault in faults_of_form(definition)]


@pytest.mark.parametrize(
    ("definition", "found"),
    [
        ({}, [("", "structure")]),
        (form({"key": "Bad-Key"}), [("groups.0.fields.0.key", "key_shape")]),
        (form({"key": "a", "label": ""}), [("groups.0.fields.0.label", "no_label")]),
        (form(), [("groups.0", "empty_group")]),
        (form({"key": "a", "type": "radios"}), [("groups.0.fields.0.type", "structure")]),
        (form({"key": "a", "colour": "red"}), [("groups.0.fields.0", "structure")]),
        (form({"key": "a"}, {"key": "a"}), [("groups.0.fields.1", "duplicate_key")]),
        (form({"key": "situation"}), [("groups.0.fields.0", "reserved_key")]),
        (form({"key": "a", "type": "select"}), [("groups.0.fields.0", "no_options")]),
        (form({"key": "a", "type": "repeat"}), [("groups.0.fields.0", "no_fields")]),
        (
            form({"key": "a", "type": "radio", "options": [{"value": 1, "label": "甲"}, {"value": "1", "label": "乙"}]}),
            [("groups.0.fields.0.options", "duplicate_option")],
        ),
        (
            form({"key": "a", "type": "repeat", "fields": [{"key": "b", "type": "table", "fields": [{"key": "c", "type": "text"}]}]}),
            [("groups.0.fields.0.fields.0", "nested_rows")],
        ),
        (form({"key": "a", "type": "number", "min": 2, "max": 1}), [("groups.0.fields.0", "limits")]),
        (form({"key": "a", "max": 30_000}), [("groups.0.fields.0.max", "structure")]),
        (form({"key": "a", "type": "money", "min": ""}), [("groups.0.fields.0.min", "bound")]),
        (form({"key": "a", "max": "many"}), [("groups.0.fields.0.max", "bound")]),
        (form({"key": "a", "type": "phone", "min": -1}), [("groups.0.fields.0.min", "bound")]),
        (form({"key": "a", "type": "date", "min": "soon", "max": "today+30"}), [("groups.0.fields.0.min", "bound")]),
        (form({"key": "a", "pattern": "("}), [("groups.0.fields.0.pattern", "structure")]),
        (form({"key": "a", "show_if": "b =="}, {"key": "b"}), [("groups.0.fields.0.show_if", "expression_syntax")]),
        (form({"key": "a", "show_if": "c == '1'"}), [("groups.0.fields.0.show_if", "expression_name")]),
        (form({"key": "a"}, show_if="b == '1'"), [("groups.0.show_if", "expression_name")]),
        (form({"key": "a", "type": "integer", "value": "b + 1"}, {"key": "b"}), [("groups.0.fields.0.value", "expression_fails")]),
        (form({"key": "a"}, checks=[{"expr": "a > 1", "message": "错"}]), [("groups.0.checks.0.expr", "expression_fails")]),
        (
            form({"key": "a"}, checks=[{"expr": "len(a) > 1", "field": "b", "message": "错"}]),
            [("groups.0.checks.0.field", "unknown_check_field")],
        ),
        (form({"key": "a", "show_if": "a == '1'"}), [("groups.0.fields.0", "cycle")]),
        (
            form({"key": "a", "show_if": "b == '1'"}, {"key": "b", "show_if": "c == '1'"}, {"key": "c", "show_if": "a == '1'"}),
            [("groups.0.fields.0", "cycle")],
        ),
        (
            form({"key": "a", "type": "integer", "value": "b"}, {"key": "b", "type": "integer", "value": "a"}),
            [("groups.0.fields.0", "cycle")],
        ),
        (
            form({"key": "r", "type": "repeat", "fields": [{"key": "a", "type": "text", "show_if": "a == '1'"}]}),
            [("groups.0.fields.0", "cycle")],
        ),
    ],
)  # fmt: skip
def test_each_mistake_is_found_where_it_stands(definition: dict[str, Any], found: list[tuple[str, str]]):
    assert codes(definition) == found
    assert all(fault.text for fault in faults_of_form(definition))


def test_the_circle_is_named():
    definition = form(
        {"key": "a", "label": "甲", "show_if": "b == '1'"}, {"key": "b", "label": "乙", "show_if": "a == '1'"}
    )
    (fault,) = faults_of_form(definition)
    assert "“甲” → “乙” → “甲”" in fault.text


@pytest.mark.parametrize(
    "expression",
    [
        "rand(100) > 3",
        "d().year() > 2020",
        "x = 1",
        "map([1..1000000000], #)",
        "map(map(map(x, #), #), #)",
        "`${x}`",
        "{a: x}",
        "$root.x",
        "unheard_of(x)",
        "x == " + "1" * 600,
    ],
)
def test_what_could_run_for_ever_or_by_chance_is_refused(expression: str):
    assert [fault.code for fault in faults_of_expression(expression, "p", {"x"})] == ["expression_forbidden"]


@pytest.mark.parametrize(
    "expression",
    [
        "x in [1..5]",
        "situation.venue == 'pool'",
        "len(x ?? []) > 0",
        "some(x, #.age > 18)",
        "d(today) > d('2026-01-01')",
        "x == '='",
    ],
)
def test_what_definitions_need_is_allowed(expression: str):
    assert faults_of_expression(expression, "p", {"x"}) == []


def test_a_day_not_yet_given_is_not_today():
    scope = {"x": None, "today": "2026-03-08", "situation": {}}
    assert reckon("d(x) < d(today)", scope) is None
    assert reckon("d(x) < d(today)", scope | {"x": "2026-03-07"}) is True


@given(st.text(alphabet="abx.01+-*/()[]<>=!'\" #,&|andornotmaplen", max_size=60))
def test_no_expression_breaks_the_judge_or_the_engine(expression: str):
    if not faults_of_expression(expression, "p", {"x", "a", "b"}):
        reckon(expression, {"x": [1, 2], "a": "text", "b": None, "situation": {}})


def test_the_schema_is_one_that_others_can_use():
    compiled = compile_form(EVERYTHING)
    schema = compiled["schema"]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "outdoor" not in schema["required"]  # asked for in one case only
    assert {"venue_name", "kind", "staff"} <= set(schema["required"])
    assert schema["properties"]["staff_count"]["readOnly"] is True
    assert schema["properties"]["staff"]["items"]["required"] == ["name", "id"]
    assert schema["properties"]["capital"] == {"title": "投资额", "type": "integer", "minimum": 100}
    assert [group["key"] for group in compiled["display"]["groups"]] == ["venue", "people", "contact"]


def test_changing_one_form_does_not_change_what_is_remembered_of_another():
    other = deepcopy(EVERYTHING)
    other["groups"][0]["fields"][1]["label"] = "别的名称"
    assert compile_form(EVERYTHING)["schema"]["properties"]["venue_name"]["title"] == "场所名称"
    assert compile_form(other)["schema"]["properties"]["venue_name"]["title"] == "别的名称"
