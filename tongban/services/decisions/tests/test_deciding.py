"""What comes of a rule set: a machine grants only what is certain, and refuses only where law lets it."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.services.decisions.rules import GRANT, PERSON, REFUSE, faults_of_shape, weigh

from .factories import rules

TODAY = "2026-11-21"
SOUND = {
    "number": {"value": "511602195003071011"},
    "name": {"value": "陈桂芳"},
    "household": {"value": "local"},
    "known_name": {"value": "陈桂芳"},
    "birth_on": {"value": "1950-03-07"},
    "dishonest": {"value": False},
}
FAULTS = ["missing", "stale", "silent", "contradicts", "wrong_type"]


def weighed(content=None, *, refusal_allowed=False, doubts=(), **changes):
    values = SOUND | {key: {"value": value} for key, value in changes.items()}
    return weigh(content or rules(), values, today=TODAY, refusal_allowed=refusal_allowed, doubts=doubts)


def rows(found):
    return [ground.row for ground in found.grounds]


def test_what_is_certain_is_granted_with_the_row_that_says_so():
    found = weighed()
    assert (found.outcome, rows(found)) == (GRANT, ["age_table.r1"])
    assert found.grounds[0].article == "老年人权益保障法第五十三条"


@pytest.mark.parametrize(("born", "outcome"), [("1966-11-21", GRANT), ("1966-11-22", PERSON)])
def test_the_edge_of_sixty(born, outcome):
    assert weighed(birth_on=born).outcome == outcome


def test_refused_only_where_law_allows_it():
    assert weighed(birth_on="1990-01-01", refusal_allowed=True).outcome == REFUSE
    sent = weighed(birth_on="1990-01-01")
    assert (sent.outcome, rows(sent)) == (PERSON, ["age_table.r3", "doubt:refusal_not_allowed"])


def test_a_doubt_beside_a_refusal_sends_to_a_person():
    found = weighed(birth_on="1990-01-01", known_name="陈贵芳", refusal_allowed=True)
    assert found.outcome == PERSON


@given(some.dictionaries(some.sampled_from(sorted(SOUND)), some.sampled_from(FAULTS), min_size=1), some.booleans())
def test_nothing_is_granted_or_refused_while_any_source_is_missing(faults, refusal_allowed):
    values = SOUND | {key: {"value": SOUND[key]["value"], "fault": fault} for key, fault in faults.items()}
    found = weigh(rules(), values, today=TODAY, refusal_allowed=refusal_allowed)
    assert found.outcome == PERSON
    assert {ground.row for ground in found.grounds} == {f"doubt:{fault}" for fault in faults.values()}


@given(
    some.dictionaries(
        some.sampled_from(sorted(SOUND)),
        some.one_of(some.none(), some.integers(), some.text(max_size=5), some.booleans(), some.floats(), some.dates().map(str)),
    )
)  # fmt: skip
def test_whatever_a_source_says_nothing_breaks_and_it_comes_out_the_same_twice(said):
    first, second = weighed(**said), weighed(**said)
    assert first == second
    assert first.outcome in (GRANT, PERSON)
    if first.outcome == GRANT:
        born = date.fromisoformat(said.get("birth_on", "1950-03-07"))
        assert (date(2026, 11, 21) - born).days >= 60 * 365
        assert said.get("household", "local") == "local"


@pytest.mark.parametrize(
    "expression",
    ["1 / 0 > 1", "known_name > 5", "nowhere.at.all > 1", "name", "birth_on == null ? true : 1", "sum(name) > 1"],
)
def test_a_check_that_cannot_be_reckoned_never_grants(expression):
    content = rules()
    content["checks"][0]["expr"] = expression
    assert weighed(content).outcome == PERSON


def test_a_derived_value_that_cannot_be_reckoned_sends_to_a_person():
    content = rules()
    content["derived"][0]["expr"] = "1 / (len(name) - len(name))"
    assert weighed(content).outcome == PERSON


def test_a_broken_cell_never_counts_as_no_match():
    content = rules()
    content["tables"][0]["rows"][0]["cells"]["c1"] = "[0.."
    found = weighed(content)
    assert (found.outcome, rows(found)) == (PERSON, ["doubt:broken"])


def test_a_case_outside_the_table_goes_to_a_person():
    content = rules()
    del content["tables"][0]["rows"][1:]
    assert rows(weighed(content, household="other")) == ["doubt:no_row"]


def test_of_rows_collected_the_most_careful_one_counts():
    content = rules()
    content["tables"][0]["hit"] = "collect"
    assert weighed(content).outcome == PERSON


def test_checks_alone_grant_when_all_hold():
    content = rules(tables=[])
    assert (weighed(content).outcome, rows(weighed(content))) == (GRANT, ["same_name"])
    assert weighed(content, known_name="别人").outcome == PERSON


def test_a_doubt_from_outside_counts():
    assert weighed(doubts=["too_slow"]).outcome == PERSON


def test_the_rules_for_tests_are_without_fault():
    assert faults_of_shape(rules()) == []


BROKEN = [
    ("/title", "title_missing", lambda c: c.update(title=" ")),
    ("/sample_share", "share", lambda c: c.update(sample_share=0)),
    ("/inputs/0/key", "key", lambda c: c["inputs"][0].update(key="Number")),
    ("/inputs/1/key", "key_twice", lambda c: c["inputs"][1].update(key="number")),
    ("/inputs/3/of", "of_unknown", lambda c: c["inputs"][3].update(of="nobody")),
    ("/inputs/3/otherwise", "register_must_answer", lambda c: c["inputs"][3].update(otherwise="x")),
    ("/inputs/0/source", "source", lambda c: c["inputs"][0].update(source="gossip")),
    ("/checks/0/article", "article_missing", lambda c: c["checks"][0].update(article="")),
    ("/tables/0/rows/0/sentence", "sentence_missing", lambda c: c["tables"][0]["rows"][0].update(sentence="")),
    ("/tables/0/rows/0/cells/c1", "cell_number", lambda c: c["tables"][0]["rows"][0]["cells"].update(c1="[0..")),
    ("/tables/0/rows/0/outcome", "outcome", lambda c: c["tables"][0]["rows"][0].update(outcome="maybe")),
    ("/tables/0/hit", "hit", lambda c: c["tables"][0].update(hit="any")),
    ("/tables/0/columns/0/input", "input_unknown", lambda c: c["tables"][0]["columns"][0].update(input="x")),
    ("/refusal", "refusal_basis", lambda c: c.update(refusal=None)),
    ("/tests", "tests_missing", lambda c: c.update(tests=[])),
]


@pytest.mark.parametrize(("path", "code", "spoil"), BROKEN)
def test_every_fault_is_named_at_its_place(path, code, spoil):
    content = rules()
    spoil(content)
    assert (path, code) in [(fault.path, fault.code) for fault in faults_of_shape(content)]


JSON = some.recursive(
    some.none() | some.booleans() | some.integers() | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(some.sampled_from(["inputs", "derived", "checks", "tables", "tests", "refusal", "title"]), JSON)
def test_whatever_stands_in_a_draft_its_faults_can_be_told(name, value):
    assert json.dumps([fault.path for fault in faults_of_shape(rules(**{name: value}))])
