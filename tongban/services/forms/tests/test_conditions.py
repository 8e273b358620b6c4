"""Conditions put together by hand: written as expressions the engine takes, read back, said as a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.forms.rules import faults_of_expression, holds, names_of, say
from tongban.services.forms.rules.conditions import (
    Compared,
    Condition,
    Joined,
    Name,
    Opposite,
    as_list,
    read,
    write,
)

CONTENT: dict[str, Any] = {
    "situations": [
        {"key": "who", "question": "给谁办？", "options": [{"value": "self", "label": "本人"}, {"value": "child", "label": "孩子"}]}
    ],
    "form": {
        "groups": [
            {
                "key": "g",
                "fields": [
                    {"key": "kind", "label": "场所类型", "type": "select",
                     "options": [{"value": "hotel", "label": "宾馆"}, {"value": "pool", "label": "游泳馆"}]},
                    {"key": "area", "label": "面积", "type": "number"},
                    {"key": "price", "label": "价格", "type": "money"},
                    {"key": "extras", "label": "另有服务", "type": "checkboxes", "options": [{"value": "tea", "label": "茶座"}]},
                    {"key": "promise", "label": "我承诺属实", "type": "boolean"},
                    {"key": "open_on", "label": "开业日期", "type": "date"},
                    {"key": "lease", "label": "租期", "type": "date_range"},
                ],
            }
        ]
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        ("situation.who == 'child'", "“给谁办？”是“孩子”"),
        ("kind != 'pool'", "“场所类型”不是“游泳馆”"),
        ("kind in ['hotel', 'pool']", "“场所类型”是“宾馆”、“游泳馆”中的一个"),
        ("kind not in ['hotel']", "“场所类型”不是“宾馆”中的任何一个"),
        ("area > 10 and kind == 'hotel'", "“面积”大于10，并且“场所类型”是“宾馆”"),
        (
            "area >= 10 and (kind == 'hotel' or promise)",
            "“面积”不小于10，并且（“场所类型”是“宾馆”，或者勾选了“我承诺属实”）",
        ),
        ("price < 1200050", "“价格”小于12,000.50元"),
        ("promise != true", "没有勾选“我承诺属实”"),
        ("contains(extras ?? [], 'tea')", "“另有服务”选了“茶座”"),
        ("not contains(extras, 'tea')", "“另有服务”没有选“茶座”"),
        ("len(extras ?? []) > 0", "“另有服务”填了"),
        ("area == null", "“面积”没有填"),
        ("d(open_on) <= d(today)", "“开业日期”不晚于“办理当天”"),
        ("d(lease.to) > d('2026-01-01')", "“租期”晚于“2026-01-01”"),
        ("applicant.kind == 'company'", "“申请人”是“企业和其他组织”"),
        ("not (area > 10)", "不是这样：“面积”大于10"),
        ("d(open_on).add(1, 'M') < d(today)", "按式子计算，用到“开业日期”、“办理当天”"),
        ("len(map(extras, #)) > 1", "按式子计算，用到“另有服务”"),
    ],
)
def test_an_expression_is_said_in_words(expression: str, sentence: str):
    assert say(expression, names_of(CONTENT)) == sentence
    known = {"kind", "area", "price", "extras", "promise", "open_on", "lease"}
    assert faults_of_expression(expression, "", known) == []


@pytest.mark.parametrize(
    "expression",
    ["a + 1 == 2", "not a == 1", "a == 1 ? true : false", "len(a) > 3", "a ==", "", "(a == 1", "some(a, # == 1)", "a > null", "d(a) > 3"],
)  # fmt: skip
def test_what_says_more_than_comparisons_stays_as_it_was_typed(expression: str):
    assert read(expression) is None


def test_a_plain_list_goes_into_the_builder_and_nothing_else():
    every, parts = as_list(read("a == 1 and b != 'x'")) or (None, [])
    assert every is True
    assert [part.name for part in parts] == ["a", "b"]
    assert as_list(read("a == 1 and (b == 2 or c == 3)")) is None
    assert as_list(None) is None


NAMES = st.sampled_from(["a", "b", "situation.who", "lease.to"])
VALUES = st.one_of(
    st.text(alphabet="甲乙x '", max_size=6),
    st.integers(-9999, 9999),
    st.booleans(),
    st.floats(-999, 999).map(lambda x: round(x, 2)).filter(lambda x: x != int(x)),
    NAMES.map(Name),
)
COMPARED = st.one_of(
    st.builds(Compared, NAMES, st.sampled_from(["is", "is_not", "greater", "at_least", "less", "at_most"]), VALUES),
    st.builds(Compared, NAMES, st.sampled_from(["one_of", "none_of"]), st.lists(VALUES, min_size=1, max_size=3).map(tuple)),
    st.builds(Compared, NAMES, st.sampled_from(["filled", "empty"]), listed=st.booleans()),
    st.builds(Compared, NAMES, st.sampled_from(["has", "has_not"]), VALUES, listed=st.just(True)),
    st.builds(Compared, NAMES, st.sampled_from(["is", "greater", "at_most"]), st.just("2026-01-01"), dated=st.just(True)),
)  # fmt: skip


def _joined(parts: Any) -> Any:
    return st.builds(
        lambda every, inner: Joined(every, tuple(inner)), st.booleans(), st.lists(parts, min_size=2, max_size=3)
    )


CONDITIONS: Any = st.recursive(
    COMPARED, lambda inner: st.one_of(_joined(inner), st.builds(Opposite, inner)), max_leaves=6
)


@given(CONDITIONS)
def test_what_is_written_is_taken_by_the_engine_and_read_back_the_same(condition: Condition):
    expression = write(condition)
    if len(expression) < 500:
        assert faults_of_expression(expression, "", {"a", "b", "lease"}) == []
    assert read(expression) == condition


EQUALS = st.builds(Compared, st.sampled_from(["a", "b"]), st.sampled_from(["is", "is_not"]), st.integers(0, 2))


@given(
    st.lists(EQUALS, min_size=2, max_size=4),
    st.booleans(), st.integers(0, 2), st.integers(0, 2),
)  # fmt: skip
def test_the_engine_means_what_the_list_says(parts: list[Compared], every: bool, a: int, b: int):
    given_ = {"a": a, "b": b}
    meant = [(given_[c.name] == c.value) == (c.operator == "is") for c in parts]
    assert holds(write(Joined(every, tuple(parts))), given_) == (all(meant) if every else any(meant))
