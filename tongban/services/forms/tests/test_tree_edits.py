"""Changing a tree, and ticking its table."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.forms.rules.outcomes import Survey
from tongban.services.forms.rules.remarks import remarks_on
from tongban.services.forms.rules.ticking import condition_for, parted, ticks_of
from tongban.services.forms.rules.tree_edits import (
    NoSuchNode,
    adding_option,
    adding_question,
    carrying,
    copying,
    keys_of,
    moving,
    removing,
    renaming_key,
    renaming_value,
)

from .trees import contents, material, question

HOUSE: dict[str, Any] = {
    "situations": [
        question("way", {"value": "buy", "then": [question("loan", "yes", "no")]}, "build", "inherit"),
        question("place", "home", "shop"),
    ],
    "materials": [
        material("contract", "situation.way == 'buy'"),
        material("bank", "situation.loan == 'yes' and remark != 'situation.loan'"),
        material("either", "situation.way in ['build', 'inherit'] or 'shop' == situation.place"),
    ],
    "form": {
        "groups": [
            {
                "key": "g",
                "fields": [{"key": "remark", "label": "备注", "type": "text", "show_if": "situation.way != 'buy'"}],
            }
        ]
    },
}
WORDS = {"question": "新问题", "yes": "是", "no": "否"}


def _place(content: Any, pointer: str) -> tuple[Any, Any]:
    *way, last = pointer.split("/")[1:]
    for step in way:
        content = content[int(step)] if isinstance(content, list) else content[step]
    return content, (last if isinstance(content, dict) or last == "-" else int(last))


def _take(content: Any, pointer: str) -> Any:
    around, last = _place(content, pointer)
    return around.pop(last)


def _put(content: Any, pointer: str, value: Any) -> None:
    around, last = _place(content, pointer)
    if isinstance(around, dict):
        around[last] = value
    else:
        around.insert(len(around) if last == "-" else last, value)


def applied(content: dict[str, Any], ops: list[dict[str, Any]]) -> dict[str, Any]:
    """The few operations our edits are made of."""
    content = copy.deepcopy(content)
    for op in ops:
        value = _take(content, op.get("from", op["path"])) if op["op"] != "add" else None
        if op["op"] != "remove":
            _put(content, op["path"], op.get("value", value))
    return content


def test_a_new_question_has_a_key_nobody_uses_and_two_answers():
    content = applied(HOUSE, adding_question(HOUSE, "/situations", WORDS))
    content = applied(content, adding_question(content, "/situations/0/options/1", WORDS))
    assert keys_of(content) == ["way", "loan", "q2", "place", "q1"]
    assert content["situations"][0]["options"][1]["then"][0]["options"][0] == {"value": "yes", "label": "是"}
    assert keys_of(applied({}, adding_question({}, "/situations", WORDS))) == ["q1"]


def test_a_new_option_has_a_value_of_its_own():
    content = applied(HOUSE, adding_option(HOUSE, "/situations/1", "网店"))
    assert content["situations"][1]["options"][-1] == {"value": "o3", "label": "网店"}


def test_moving_stays_within_the_row():
    assert keys_of(applied(HOUSE, moving(HOUSE, "/situations/1", -1))) == ["place", "way", "loan"]
    assert moving(HOUSE, "/situations/0", -1) == []
    values = [
        o["value"] for o in applied(HOUSE, moving(HOUSE, "/situations/0/options/0", 1))["situations"][0]["options"]
    ]
    assert values == ["build", "buy", "inherit"]
    assert moving(HOUSE, "/situations/0/options/2", 1) == []


def test_a_question_is_carried_below_an_answer_and_back():
    below = applied(HOUSE, carrying(HOUSE, "/situations/1", "/situations/0/options/0"))
    assert [q["key"] for q in below["situations"][0]["options"][0]["then"]] == ["loan", "place"]
    first = applied(HOUSE, carrying(HOUSE, "/situations/0", "/situations/1/options/0"))
    assert keys_of(first) == ["place", "way", "loan"]
    with pytest.raises(NoSuchNode):
        carrying(HOUSE, "/situations/0", "/situations/0/options/0")


def test_a_copied_subtree_has_keys_of_its_own():
    content = applied(HOUSE, copying(HOUSE, "/situations/0", "/situations/1/options/0"))
    assert keys_of(content) == ["way", "loan", "place", "way_2", "loan_2"]
    assert not [remark for remark in remarks_on(Survey(content)) if not remark.is_advice]


def test_a_removed_question_names_what_asks_about_it():
    removal = removing(HOUSE, "/situations/0")
    assert [use.path for use in removal.uses] == [
        "materials.contract.when", "materials.bank.when", "materials.either.when", "form.groups.0.fields.0.show_if",
    ]  # fmt: skip
    assert keys_of(applied(HOUSE, removal.ops)) == ["place"]
    assert [use.path for use in removing(HOUSE, "/situations/0/options/0").uses] == [
        "materials.contract.when", "materials.bank.when", "form.groups.0.fields.0.show_if",
    ]  # fmt: skip
    assert removing(HOUSE, "/situations/0/options/2").uses[0].name == "材料either"


def test_expressions_follow_a_new_key():
    content = applied(HOUSE, renaming_key(HOUSE, "/situations/0/options/0/then/0", "credit"))
    assert [m["when"] for m in content["materials"]][1] == "situation.credit == 'yes' and remark != 'situation.loan'"
    assert not [remark for remark in remarks_on(Survey(content)) if not remark.is_advice]


def test_the_tests_of_a_form_follow_too():
    content = HOUSE | {"form": HOUSE["form"] | {"tests": [{"situation": {"way": "build", "place": "home"}}, {}]}}
    renamed = applied(content, renaming_key(content, "/situations/0", "how"))
    assert renamed["form"]["tests"][0]["situation"] == {"how": "build", "place": "home"}
    renamed = applied(content, renaming_value(content, "/situations/0/options/1", "new"))
    assert renamed["form"]["tests"][0]["situation"]["way"] == "new"


def test_expressions_follow_a_new_value_of_this_question_alone():
    content = applied(HOUSE, renaming_value(HOUSE, "/situations/0/options/1", "self_built"))
    assert content["materials"][2]["when"] == "situation.way in ['self_built', 'inherit'] or 'shop' == situation.place"
    content = applied(HOUSE, renaming_value(HOUSE, "/situations/1/options/1", "store"))
    assert content["materials"][2]["when"] == "situation.way in ['build', 'inherit'] or 'store' == situation.place"
    assert not [remark for remark in remarks_on(Survey(content)) if not remark.is_advice]


@pytest.mark.parametrize(
    "pointer",
    ["/situations/9", "/materials/0", "/situations/0/options/7", "/situations/x", "", "/situations/0/options/1/then/0"],
)
def test_a_pointer_to_nothing_is_told(pointer):
    with pytest.raises(NoSuchNode):
        removing(HOUSE, pointer)


def places(*labels: str) -> list[int]:
    """The ways whose labels hold one of these."""
    return [n for n, way in enumerate(Survey(HOUSE).ways) if set(labels) & set(way.labels)]


@pytest.mark.parametrize(
    ("chosen", "condition"),
    [
        (places("waybuy"), "situation.way == 'buy'"),
        (places("waybuild", "wayinherit"), "situation.way != 'buy'"),
        (places("loanyes"), "situation.loan == 'yes'"),
        (
            sorted(set(places("loanyes")) & set(places("placeshop"))),
            "situation.loan == 'yes' and situation.place == 'shop'",
        ),
        (
            sorted(set(places("loanyes")) | set(places("wayinherit"))),
            "situation.way == 'inherit' or situation.loan == 'yes'",
        ),
        (range(8), ""),
    ],
)
def test_the_simplest_condition_is_written(chosen, condition):
    ways = Survey(HOUSE).ways
    written = condition_for(ways, chosen)
    assert sorted(written.split(" or ")) == sorted(condition.split(" or "))
    assert [n for n, tick in enumerate(ticks_of(written, ways)) if tick] == list(chosen)


def test_no_tick_is_no_condition():
    assert condition_for(Survey(HOUSE).ways, []) is None


@given(contents(), st.data())
def test_ticks_are_read_back_as_they_were_set(content, data):
    ways = Survey(content).open_ways
    if not 1 < len(ways) <= 60:
        return
    chosen = sorted(data.draw(st.sets(st.integers(0, len(ways) - 1), min_size=1)))
    rest = data.draw(st.sampled_from(["", "tick == true", "applicant.kind == 'company'"]))
    written = condition_for(ways, chosen, rest)
    assert [n for n, tick in enumerate(ticks_of(written, ways)) if tick] == chosen
    assert parted(written)[1] == rest


def test_what_depends_on_the_form_besides_is_kept_apart():
    assert parted("situation.a == 'x' and tick == true") == ("situation.a == 'x'", "tick == true")
    assert parted("(situation.a == 'x' or situation.b == 'y') and tick") == (
        "(situation.a == 'x' or situation.b == 'y')",
        "tick",
    )
    assert parted("situation.a == 'x' or tick == true") == (None, "situation.a == 'x' or tick == true")
    assert parted("") == ("", "")
    assert ticks_of("situation.a == kind", []) is None
