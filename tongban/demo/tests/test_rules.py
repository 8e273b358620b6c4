"""Every rule set of the demo city stands on its item's form, has no fault, and grants to some and not to others."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tongban.demo.rules import content_of, rule_files
from tongban.services.decisions.queries import faults_of, remarks_of, tried

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
