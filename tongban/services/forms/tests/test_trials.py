"""Test answers kept with a form are asked again at every change."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from tongban.services.forms.rules import faults_of_form, record_test, run_tests
from tongban.services.forms.tests.samples import ANSWERS, EVERYTHING


def with_test(**answers: Any) -> dict[str, Any]:
    form = copy.deepcopy(EVERYTHING)
    test = record_test(
        form, name="照常填", answers=ANSWERS | answers, situation={}, applicant="company", today=date(2026, 3, 8)
    )
    return {**form, "tests": [test]}


def field(form: dict[str, Any], key: str) -> dict[str, Any]:
    return next(raw for group in form["groups"] for raw in group["fields"] if raw["key"] == key)


def changed(form: dict[str, Any], key: str, **change: Any) -> dict[str, Any]:
    form = copy.deepcopy(form)
    field(form, key).update(change)
    return form


def differences(form: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.kind, one.path) for trial in run_tests(form) for one in trial.differences]


def test_just_recorded_it_passes_and_the_form_stays_sound():
    form = with_test()
    assert [trial.passed for trial in run_tests(form)] == [True]
    assert faults_of_form(form) == []


def test_a_field_that_no_longer_shows_is_told():
    form = changed(with_test(kind="pool", outdoor="yes"), "outdoor", show_if="kind == 'hotel'")
    assert ("hidden", "outdoor") in differences(form)
    (fault,) = faults_of_form(form)
    assert (fault.path, fault.code) == ("tests.0", "test_differs")
    assert "是露天的吗" in fault.text


def test_what_passed_and_is_refused_now_is_told_with_the_citizens_sentence():
    form = changed(with_test(), "area", min=1_000)
    assert differences(form) == [("fault", "area")]
    assert "不能小于1000" in run_tests(form)[0].differences[0].say()


def test_what_was_refused_and_passes_now_is_told():
    form = with_test(area=0.5, capital=1)
    assert ("no_fault", "capital") in differences(changed(form, "capital", min=0))
    assert ("other_fault", "area") in differences(changed(form, "area", min=0))


def test_a_computed_value_that_changes_is_told():
    form = changed(with_test(), "staff_count", value="len(staff ?? []) + 1")
    assert ("computed", "staff_count") in differences(form)


def test_a_new_required_field_breaks_no_test_but_is_told():
    form = copy.deepcopy(with_test())
    form["groups"][0]["fields"].append({"key": "fresh", "label": "新的", "type": "text", "required": True})
    (trial,) = run_tests(form)
    assert trial.passed
    assert [one.say() for one in trial.differences] == ["新增的“新的”还没有测试答案"]
    assert faults_of_form(form) == []


def test_a_field_taken_out_by_another_way_is_told():
    form = copy.deepcopy(with_test())
    form["groups"][0]["fields"] = [raw for raw in form["groups"][0]["fields"] if raw["key"] != "rent"]
    assert ("gone", "rent") in differences(form)
