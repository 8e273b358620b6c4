"""Every rule set of the demo city stands on its item's form, has no fault, and grants to some and not to others."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command

from tongban.demo.rules import content_of, rule_files
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.decisions.actions import consider
from tongban.services.decisions.queries import faults_of, remarks_of, tried
from tongban.services.decisions.tests.factories import make_rules, written

ITEMS = Path(__file__).parents[1] / "definitions" / "items"
NAMED = {"individual-business-cancellation", "public-venue-hygiene-permit-cancellation", "elderly-card"}


def test_there_are_enough():
    assert len(rule_files()) >= 8
    assert set(rule_files()) >= NAMED


@pytest.mark.parametrize("code", sorted(rule_files()))
def test_a_rule_set_is_sound(code):
    content = content_of(rule_files()[code])
    assert faults_of(content) == []
    assert {one.outcome for one in tried(content)} >= {"grant", "person"}
    assert not [one["text"] for one in remarks_of(content) if "轮不到" in one["text"]]


def _questions(tree):
    for question in tree:
        yield question["key"]
        for option in question.get("options") or ():
            yield from _questions(option.get("then") or [])


@pytest.mark.parametrize("code", sorted(rule_files()))
def test_it_asks_only_for_what_the_item_asks(code):
    item = yaml.safe_load((ITEMS / f"{code}.yaml").read_text())
    fields = {field["key"] for group in item["form"]["groups"] for field in group["fields"]}
    questions = set(_questions(item["situations"]))
    for one in rule_files()[code]["inputs"]:
        if one["source"] == "answers":
            assert one["take"].partition(".")[0] in fields, one
        if one["source"] == "situation":
            assert one["take"] in questions, one


# --- through the door that applications go through ---------------------------------------------------------------------

ANSWERS: dict[str, dict[str, dict[str, Any]]] = {}  # source → element → what the registers of one case say


def answered(source: str, _number: str, _on: date) -> dict[str, dict[str, Any]]:
    return ANSWERS.get(source, {})


SOURCES = ("population", "legal_persons", "credit", "licences")
population, legal_persons, credit, licences = (partial(answered, source) for source in SOURCES)


def put(values: dict[str, Any], dotted: str, value: Any) -> None:
    *path, last = dotted.split(".")
    for step in path:
        values = values.setdefault(step, {})
    values[last] = value


def asked_in(content: dict[str, Any], test: dict[str, Any], on: date) -> dict[str, Any]:
    """The application of a test case; what its registers say lies in ANSWERS."""
    ANSWERS.clear()
    application: dict[str, Any] = {"answers": {}, "situation": {}, "applicant": {"number": "X", "id": None}, "on": on}
    for one in content["inputs"]:
        value = test["values"].get(one["key"])
        if one["source"] in application:
            put(application[one["source"]], one["take"], value)
        elif one["source"] in SOURCES:
            element, _dot, part = one["take"].partition(".")
            entry = ANSWERS.setdefault(one["source"], {}).setdefault(
                element, {"value": {} if part else value, "source": one["source"], "as_of": on.isoformat()}
            )
            if part:
                put(entry["value"], part, value)
    return application


CASES = {"open": {"is_open": True}, "granted": {"result": "granted"}, "refused": {"result": "refused"}}


def earlier_in(content: dict[str, Any], test: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for one in content["inputs"]:
        if one["source"] == "earlier":
            found += [CASES[one["take"]]] * int(test["values"][one["key"]])
    return found


@pytest.mark.django_db
def test_all_that_they_decide_comes_out_the_same_again(settings, capsys) -> None:
    settings.DECISION_SOURCES = {source: f"{__name__}.{source}" for source in SOURCES}
    department, count = make_department(), 0
    for code, file in rule_files().items():
        content = content_of(file)
        make_rules(department, content, item_code=code)
        for test in content["tests"]:
            on = date.fromisoformat(test.get("today", "2026-11-20"))
            verdict = consider(code, {"code": code}, asked_in(content, test, on), earlier_in(content, test))
            assert verdict is not None
            if test["expect"] != "refuse":
                assert verdict.outcome == test["expect"], (code, test["name"], verdict.reasons)
            written(verdict)
            count += 1
    call_command("decisions", "replay")
    assert f"重放 {count} 件" in capsys.readouterr().out
