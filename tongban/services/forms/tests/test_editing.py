"""What an official does to a form: adding, moving, renaming and removing never leave it saying something else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.forms.rules import faults_of_form, outline, uses_of
from tongban.services.forms.rules.editing import add, blank, faults_of_key, move_to, remove, rename, step
from tongban.services.forms.rules.elements import ELEMENTS, PROJECT
from tongban.services.forms.rules.expressions import names_in, rename_in
from tongban.services.forms.rules.palette import PALETTE, TYPE_NAMES
from tongban.services.forms.rules.structure import TYPES

CONTENT: dict[str, Any] = {
    "materials": [{"key": "m", "name": "租赁合同", "when": "house == 'rent' and situation.house == 'x'"}],
    "flow": {"stages": [{"key": "s", "name": "现场核查", "when": "area > 100"}]},
    "form": {
        "groups": [
            {
                "key": "place",
                "title": "场所",
                "fields": [
                    {"key": "house", "label": "房屋", "type": "radio",
                     "options": [{"value": "rent", "label": "租"}, {"value": "own", "label": "自有"}]},
                    {"key": "area", "label": "面积", "type": "number", "show_if": "house == 'rent'"},
                    {"key": "staff", "label": "人员", "type": "repeat", "fields": [
                        {"key": "name", "label": "姓名", "type": "text"},
                        {"key": "age", "label": "年龄", "type": "integer", "show_if": "name != null"}]},
                ],
                "checks": [{"expr": "area == null or area > 10", "field": "area", "message": "面积太小。"}],
            },
            {
                "key": "end",
                "title": "结尾",
                "show_if": "house != null",
                "fields": [{"key": "oldest", "label": "最大年龄", "type": "integer", "value": "max(map(staff, #.age ?? 0))"}],
            },
        ],
        "tests": [
            {"name": "租房", "today": "2026-01-01", "answers": {"house": "rent", "area": 20, "staff": [{"name": "甲", "age": 3}]},
             "expect": {"shown": ["house", "area", "staff", "oldest"], "hidden": [], "computed": {"oldest": 3}, "faults": []}}
        ],
    },
}  # fmt: skip
HOUSE, AREA, STAFF = (f"/form/groups/0/fields/{n}" for n in range(3))
AGE = f"{STAFF}/fields/1"


def apply(content: dict[str, Any], ops: list[dict[str, Any]]) -> dict[str, Any]:
    """The few operations we make, done plainly."""
    content = copy.deepcopy(content)
    for op in ops:
        array, _slash, last = op["path"].rpartition("/")
        holder = outline.at(content, array)
        if op["op"] == "test":
            assert outline.at(content, op["path"]) == op["value"]
        elif op["op"] == "replace":
            holder[int(last) if isinstance(holder, list) else last] = op["value"]
        elif op["op"] == "remove":
            del holder[int(last)]
        elif op["op"] == "move":
            source, _slash, number = op["from"].rpartition("/")
            thing = outline.at(content, source).pop(int(number))
            outline.at(content, array).insert(int(last), thing)
        elif isinstance(holder, list):
            holder.insert(int(last), op["value"])
        else:
            holder[last] = op["value"]
    return content


def order(content: dict[str, Any]) -> list[str]:
    return [
        ("" if place.row is None else f"{place.row['key']}.") + place.raw["key"] for place in outline.fields(content)
    ]


def test_the_example_is_sound():
    assert faults_of_form(CONTENT["form"]) == []


def test_every_type_can_be_put_on_a_form_as_it_comes():
    assert set(TYPE_NAMES) == TYPES
    content: dict[str, Any] = {"form": {"groups": [{"key": "g", "fields": []}]}}
    for kind in sorted(TYPES):
        ops, _where = add(content, "/form/groups/0/fields", 99, blank(kind, "新字段"))
        content = apply(content, ops)
    assert faults_of_form(content["form"]) == []
    assert len(set(order(content))) == len(order(content))


def test_the_palette_offers_every_data_element_and_names_each_register():
    assert {element.code for element in PALETTE} == set(ELEMENTS)
    for element in PALETTE:
        assert element.registers or element.code == PROJECT, "a project is known to no register"
        content = {"form": {"groups": [{"key": "g", "fields": [element.as_field()]}]}}
        assert faults_of_form(content["form"]) == []


def test_a_group_brought_in_gets_keys_nobody_else_has():
    group = {
        "key": "place",
        "title": "又一处",
        "fields": [blank("text", "面积", key="area"), blank("text", "别的", key="other")],
    }
    ops, where = add(CONTENT, "/form/groups", 9, group)
    content = apply(CONTENT, ops)
    assert where == "/form/groups/2"
    assert content["form"]["groups"][2]["key"] == "place_2"
    assert [raw["key"] for raw in content["form"]["groups"][2]["fields"]] == ["area_2", "other"]


@pytest.mark.parametrize(
    ("pointer", "way", "expected"),
    [
        (AREA, "up", ["area", "house", "staff", "staff.name", "staff.age", "oldest"]),
        (HOUSE, "down", ["area", "house", "staff", "staff.name", "staff.age", "oldest"]),
        (HOUSE, "up", None),
        (AREA, "into", ["house", "staff", "staff.area", "staff.name", "staff.age", "oldest"]),
        (AGE, "up", ["house", "area", "staff", "staff.age", "staff.name", "oldest"]),
        (AGE, "out", ["house", "area", "staff", "staff.name", "age", "oldest"]),
        (STAFF, "down", ["house", "area", "staff", "staff.name", "staff.age", "oldest"]),
        (STAFF, "into", None),
        ("/form/groups/1/fields/0", "up", ["house", "area", "staff", "staff.name", "staff.age", "oldest"]),
        ("/form/groups/1/fields/0", "down", None),
        ("/form/groups/1", "up", ["oldest", "house", "area", "staff", "staff.name", "staff.age"]),
    ],
)
def test_a_step_by_keyboard(pointer: str, way: str, expected: list[str] | None):
    ops, lands = step(CONTENT, pointer, way)
    if expected is None:
        assert ops == []
        return
    content = apply(CONTENT, ops)
    assert order(content) == expected
    assert outline.at(content, lands)["key"] == outline.at(CONTENT, pointer)["key"]


ARRAYS = ["/form/groups", "/form/groups/0/fields", "/form/groups/1/fields", f"{STAFF}/fields", "/form/groups/7/fields"]


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(ARRAYS), st.integers(0, 5)), max_size=8))
def test_no_way_of_dragging_loses_or_doubles_a_field(drags: list[tuple[int, str, int]]):
    content = CONTENT
    keys = sorted(place.raw["key"] for place in outline.fields(CONTENT))
    for which, array, number in drags:
        pointers = [place.pointer for place in outline.fields(content)] + ["/form/groups/0", "/form/groups/1"]
        pointer = pointers[which % len(pointers)]
        ops, lands = move_to(content, pointer, array, number)
        moved = apply(content, ops)
        assert outline.at(moved, lands) == outline.at(content, pointer)
        content = moved
    assert sorted(place.raw["key"] for place in outline.fields(content)) == keys


def test_renaming_rewrites_everything_that_asks_for_a_field():
    content = apply(CONTENT, rename(CONTENT, HOUSE, "tenure"))
    assert faults_of_form(content["form"]) == []  # the tests still come out as they did
    assert content["materials"][0]["when"] == "tenure == 'rent' and situation.house == 'x'"
    assert content["form"]["groups"][1]["show_if"] == "tenure != null"
    assert content["form"]["tests"][0]["answers"]["tenure"] == "rent"


def test_renaming_a_checked_field_and_a_cell():
    content = apply(CONTENT, rename(CONTENT, AREA, "size"))
    assert content["form"]["groups"][0]["checks"][0]["field"] == "size"
    assert content["flow"]["stages"][0]["when"] == "size > 100"
    content = apply(content, rename(content, AGE, "years"))
    assert content["form"]["groups"][1]["fields"][0]["value"] == "max(map(staff, #.years ?? 0))"
    content = apply(content, rename(content, f"{STAFF}/fields/0", "full_name"))
    assert content["form"]["groups"][0]["fields"][2]["fields"][1]["show_if"] == "full_name != null"
    assert content["form"]["tests"][0]["answers"]["staff"] == [{"full_name": "甲", "years": 3}]
    assert faults_of_form(content["form"]) == []


@pytest.mark.parametrize(
    ("key", "code"), [("Area", "key_shape"), ("today", "reserved_key"), ("staff", "duplicate_key")]
)
def test_a_key_that_cannot_be(key: str, code: str):
    assert [fault.code for fault in faults_of_key(CONTENT, AREA, key)] == [code]
    assert faults_of_key(CONTENT, AGE, "area") == []  # a repeat has names of its own


@given(st.text(alphabet="ab.'\"#_( )=1and", max_size=40))
def test_a_name_is_rewritten_just_where_it_is_found(expression: str):
    now = rename_in(expression, "a", "zz")
    assert names_in(now) == frozenset("zz" if name == "a" else name for name in names_in(expression))


def test_what_uses_a_field_is_told_before_it_goes():
    place = next(outline.fields(CONTENT))
    assert [(use.kind, use.label) for use in uses_of(CONTENT, place)] == [
        ("show_if", "结尾"), ("show_if", "面积"), ("materials", "租赁合同"), ("test", "租房"),
    ]  # fmt: skip
    age = next(place for place in outline.fields(CONTENT) if place.pointer == AGE)
    assert [use.say() for use in uses_of(CONTENT, age)] == ["“最大年龄”的计算"]
    area = next(place for place in outline.fields(CONTENT) if place.pointer == AREA)
    assert [use.say() for use in uses_of(CONTENT, area)][:2] == ["核对规则“面积太小。”", "流程环节“现场核查”的条件"]


def test_a_removed_field_leaves_the_tests_and_is_missed_where_it_was_asked_for():
    content = apply(CONTENT, remove(CONTENT, HOUSE))
    assert "house" not in content["form"]["tests"][0]["answers"]
    assert [fault.code for fault in faults_of_form(content["form"])] == ["expression_name", "expression_name"]
    content = apply(CONTENT, remove(CONTENT, "/form/groups/1"))
    assert faults_of_form(content["form"]) == []
    content = apply(CONTENT, remove(CONTENT, AGE))
    assert content["form"]["tests"][0]["answers"]["staff"] == [{"name": "甲"}]
