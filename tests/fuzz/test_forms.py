"""Forms are data and so are the answers: whatever stands in either, they are judged, and never a fault of ours."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from functools import cache
from typing import Any

import pytest
import yaml
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from tests.torture.town import DEFINITIONS
from tongban.services.forms.rules import (
    compile_form,
    faults_of_expression,
    faults_of_form,
    holds,
    leaf,
    parse_notes,
    parse_post,
    reckon,
    settle,
)
from tongban.services.forms.tests.samples import EVERYTHING

from . import hostile
from .callers import at_most
from .lengths import LONG, examples, made_up

pytestmark = [pytest.mark.slow, pytest.mark.hypothesis]
CPU_SECONDS = 10
TODAY = date(2026, 11, 22)
NAMES = ["situation", "situation.venue", "applicant.kind", "today", "area", "kind", "staff", "#.post", "none"]
WORDS = [
    *NAMES, "and", "or", "not", "in", "not in", "==", "!=", ">", "<=", "+", "-", "*", "/", "%", "^", "?", ":", "??", "(", ")", "[", "]",
    ",", ".", "..", "null", "true", "0", "-1", "1e308", "'pool'", "''", "d(today)", "d(today, '99999y')", "len(staff)", "sum(area)",
    "map(staff, #)", "filter(staff, # > 1)", "string(area)", "number('x')", "split(kind, '')", "matches(kind, '(a+)+$')", "max([])",
]  # fmt: skip
scalars = st.one_of(
    hostile.let_in, st.none(), st.booleans(), st.integers(), st.floats(), st.dates().map(str), st.sampled_from(["yes", "no", "pool"])
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["from", "to", "division", "detail", "post", "x"]), inner),
    ),
    max_leaves=8,
)
expressions = st.one_of(
    hostile.let_in, st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.text(alphabet="ab()[]'#.?: 19", max_size=30)
)  # fmt: skip


@cache
def items() -> list[dict[str, Any]]:
    """A form that has every kind of field; in the long run the demo city's own as well."""
    paths = sorted((DEFINITIONS / "items").glob("*.yaml")) if LONG else []
    return [{"form": EVERYTHING, "situations": []}, *(yaml.safe_load(path.read_text()) for path in paths)]


@pytest.fixture(scope="module", autouse=True)
def _known() -> None:
    """What the house keeps of each form once it has read it is no growth."""
    for item in items():
        settle(item["form"], {}, {}, TODAY)


def keys_of(form: dict[str, Any]) -> list[str]:
    fields = [field for group in form["groups"] for field in group["fields"]]
    return [field["key"] for field in fields]


@st.composite
def answered(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Some item, what was answered to its form, and in what situation."""
    item = draw(st.sampled_from(items()))
    keys = [*keys_of(item["form"]), "stranger"]
    answers = draw(st.dictionaries(st.sampled_from(keys), anything, max_size=12))
    situation = draw(st.dictionaries(st.sampled_from(["venue", "air", "who", "x"]), scalars))
    return item, answers, {"situation": situation, "applicant": {"kind": draw(scalars)}}


@made_up(examples(short=5, long=20_000))
@given(answered())
def test_any_answers_are_judged(made: tuple[dict[str, Any], dict[str, Any], dict[str, Any]]) -> None:
    item, answers, context = made
    with at_most(CPU_SECONDS):
        settled = settle(item["form"], answers, context, TODAY)
        again = settle(item["form"], settled.answers, context, TODAY)
        leaf(item, context["situation"], answers=answers)
    assert set(settled.answers) <= set(keys_of(item["form"]))
    assert repr(sorted(again.answers.items())) == repr(
        sorted(settled.answers.items())
    )  # what was tidied stays as it is


@made_up(examples(short=5, long=20_000))
@given(answered(), st.lists(hostile.let_in, max_size=3), st.sampled_from(["add", "remove", "up", "clear", "x"]))
def test_any_page_that_is_posted_is_read(made: Any, typed: list[str], do: str) -> None:
    item, answers, _context = made
    post = QueryDict(mutable=True)
    for key in keys_of(item["form"]):
        for path in (key, f"{key}.0.x", f"{key}.from", f"{key}.division", f"{key}.note"):
            post.setlist(path, typed)
        post["_do"] = f"{do}:{key}"
    with at_most(CPU_SECONDS):
        read = parse_post(item["form"], post, answers)
        parse_notes(item["form"], post)
        settle(item["form"], read, {}, TODAY)


@made_up(examples(short=5, long=20_000))
@given(st.sampled_from(range(40)), st.lists(st.tuples(st.integers(0, 400), anything), max_size=3))
def test_a_spoilt_form_is_refused_or_works(which: int, spoilt: list[tuple[int, Any]]) -> None:
    """A definition in which anything was put in the place of something."""
    form = deepcopy(items()[which % len(items())]["form"])
    for place, value in spoilt:
        spots = list(spots_of(form))
        around, key = spots[place % len(spots)]
        around[key] = value
    with at_most(CPU_SECONDS):
        if not faults_of_form(form):
            settle(form, {}, {}, TODAY)
            compile_form(form)


def spots_of(value: Any) -> Any:
    """Every place in a definition, as what holds it and its key there."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(pairs):
        yield value, key
        yield from spots_of(inner)


@made_up(examples(short=20, long=50_000))
@given(
    expressions,
    st.dictionaries(st.sampled_from(["situation", "applicant", "today", "area", "kind", "staff"]), anything),
)
def test_an_expression_is_refused_or_reckoned(expression: str, scope: dict[str, Any]) -> None:
    with at_most(CPU_SECONDS):
        if not faults_of_expression(expression, "show_if", frozenset(scope)):
            reckon(expression, scope)
            holds(expression, scope)
