"""Rules that cannot be reckoned, never end or go too deep: refused when they are handed in, a doubt if they are met all the same."""

from __future__ import annotations

import time

import pytest

from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.decisions.actions import consider
from tongban.services.decisions.queries import faults_of, replay

from .factories import ITEM, application, considered, deliver_credit, make_rules, register, rules, written

pytestmark = pytest.mark.django_db
ENDLESS = "len(map([0..2000], len(map([0..2000], #)))) > 0"
BY_ZERO = "1 / (age - age) > 1"
TOO_DEEP = "(" * 20_000 + "true" + ")" * 20_000


@pytest.fixture
def number(db):
    deliver_credit()
    return register()


def with_check(expression):
    check = {
        "key": "odd",
        "label": "怪规则",
        "expr": expression,
        "otherwise": "person",
        "article": "a",
        "sentence": "b",
    }
    return rules(checks=[check])


@pytest.mark.parametrize(
    "expression", [ENDLESS, TOO_DEEP, "true" + " and true" * 80, "map(map(map([1], #), #), #) == 1"]
)
def test_what_might_not_end_is_not_handed_in(expression):
    assert [fault.code for fault in faults_of(with_check(expression))][:1] == ["expression_forbidden"]


def test_dividing_by_zero_is_a_doubt_that_names_the_rule(number):
    make_rules(make_department(), with_check(BY_ZERO))
    verdict = considered(number)
    assert verdict.outcome == "person"
    assert "怪规则" in verdict.reasons[0]["sentence"]
    kept = written(verdict)
    assert kept.grounds[0]["row"] == "doubt:broken"
    assert replay(kept.pk).same


def test_what_takes_too_long_all_the_same_goes_to_a_person_who_reads_so(number, settings):
    settings.DECISION_LIMIT_MS = 30
    make_rules(make_department(), with_check(ENDLESS))  # past every check of the editor
    began = time.perf_counter()
    verdict = considered(number)
    assert verdict.outcome == "person"
    assert "用时太久" in "".join(reason["sentence"] for reason in verdict.reasons)
    assert time.perf_counter() - began < 10
    assert replay(written(verdict).pk).same


def test_what_goes_too_deep_all_the_same_brings_nothing_down(number):
    make_rules(make_department(), with_check(TOO_DEEP))
    assert considered(number, ITEM).outcome in ("grant", "person")


def test_whatever_stands_in_the_content_a_person_decides(number):
    made = make_rules(make_department())
    for spoilt in ({}, {"inputs": [{}]}, {"inputs": None}, {"inputs": [], "tables": [{"key": "t"}]}):
        type(made).objects.filter(pk=made.pk).update(content=spoilt)
        assert consider_or_none(number) in (None, "person")


def consider_or_none(number):
    verdict = consider("elderly-card", ITEM, application(number), earlier=[])
    return verdict and verdict.outcome
