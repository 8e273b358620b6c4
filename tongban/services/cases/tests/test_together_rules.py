"""The rules of working together on one case, as tables of edges."""

from dataclasses import replace

import pytest

from tongban.services.cases.rules import (
    ALL,
    MOST,
    Given,
    Happened,
    Result,
    Standing,
    State,
    asking_faults,
    enough,
    fits,
    moved,
    obstacles,
    rights_for,
    stages_of,
    taken_back,
    transfer_faults,
    urged_too_often,
)

FLOW = stages_of({"stages": [{"key": "review", "kind": "review"}, {"key": "decide", "kind": "decide"}]})
REVIEW = Standing(FLOW, State.ACCEPTED, stage="review", open_parts=1)
DECIDE = Standing(FLOW, State.REVIEWING, stage="decide", open_parts=1, reviewers=frozenset("r"))
NEW = Standing(FLOW)


@pytest.mark.parametrize(
    ("standing", "who", "able", "codes"),
    [
        (REVIEW, "r", {"r"}, []),
        (REVIEW, "c", {"r"}, ["not_fitting"]),
        (DECIDE, "a", {"a", "r"}, []),
        (DECIDE, "r", {"a", "r"}, ["reviewed_by_same"]),
        (DECIDE, "r", {"a"}, ["not_fitting", "reviewed_by_same"]),
    ],
)
def test_who_may_be_given_a_case(standing: Standing, who: str, able: set[str], codes: list[str]) -> None:
    assert fits(standing, who, able) == codes


FINE = {
    "named": {"x"},
    "departments": 0,
    "asker": {"r"},
    "waiting": set(),
    "fit": {"x", "y", "r", "a"},
    "deciders": {"a"},
}


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"named": set(), "departments": 1}, []),
        ({"named": set()}, ["nobody_named"]),
        ({"departments": 9}, []),
        ({"departments": 10}, ["too_many"]),
        ({"named": {"r"}}, ["asked_oneself"]),
        ({"waiting": {"x"}}, ["asked_before"]),
        ({"named": {"z"}}, ["not_fitting"]),
        ({"rule": "some"}, ["no_rule"]),
        ({"rule": MOST}, []),
        ({"named": {"a"}}, ["last_decider"]),
        ({"named": {"a"}, "deciders": {"a", "b"}}, []),
        ({"named": {"a"}, "deciders": {"a", "b"}, "waiting": {"b"}}, ["last_decider"]),
    ],
)
def test_who_may_be_asked_for_an_opinion(change: dict, codes: list[str]) -> None:
    assert asking_faults(REVIEW, **(FINE | change)) == codes


def test_at_the_decision_nobody_is_barred_by_giving_an_opinion() -> None:
    assert asking_faults(DECIDE, **(FINE | {"named": {"a"}})) == []


@pytest.mark.parametrize(
    ("rule", "asked", "answered", "done"),
    [
        (ALL, 3, 2, False),
        (ALL, 3, 3, True),
        (MOST, 3, 1, False),
        (MOST, 3, 2, True),
        (MOST, 4, 2, False),
        (MOST, 4, 3, True),
    ],
)
def test_when_a_round_has_its_answer(rule: str, asked: int, answered: int, done: bool) -> None:
    assert enough(rule, asked, answered) is done


def test_a_step_is_not_passed_on_while_a_signer_is_missing() -> None:
    asked = moved(REVIEW, "add_signer", Given("r", reasons="请看"))
    assert obstacles(asked, "review", Given("r")) == ["signers_missing"]
    signed = moved(asked, "sign", Given("x"))
    assert obstacles(signed, "review", Given("r")) == []
    assert "x" in signed.reviewers
    excused = moved(asked, "excuse", Given("r", reasons="已退休"))
    assert (excused.open_asked, obstacles(excused, "review", Given("r"))) == (0, [])
    waiting = moved(DECIDE, "ask_opinions", Given("a", reasons="请看", asked=2))
    assert obstacles(waiting, "decide", Given("a", result=Result.GRANTED)) == ["signers_missing"]


def test_a_review_whose_parts_are_done_waits_for_the_signers_who_are_missing() -> None:
    """Somebody was asked after his asker's own part was done, while another department's was still to come."""
    shared = replace(REVIEW, open_parts=1, open_opinions=1)
    asked = moved(shared, "ask_opinions", Given("r", reasons="请看", asked=1))
    done = moved(asked, "give_opinion", Given("o"))
    assert (done.stage, done.open_parts, obstacles(done, "review", Given("r"))) == (
        REVIEW.stage, 0, ["signers_missing", "no_review_due"],
    )  # fmt: skip
    onward = moved(shared, "give_opinion", Given("o")).stage
    assert (
        moved(done, "sign", Given("x")).stage
        == moved(done, "excuse", Given("r", reasons="已退休")).stage
        == onward
        != REVIEW.stage
    )


def test_a_deputy_neither_decides_what_he_nor_what_his_principal_reviewed() -> None:
    for given in (Given("r", result=Result.GRANTED), Given("d", for_="r", result=Result.GRANTED)):
        assert obstacles(DECIDE, "decide", given) == ["reviewed_by_same"]
    reviewed = moved(REVIEW, "review", Given("d", for_="r"))
    assert reviewed.reviewers == {"d", "r"}
    assert obstacles(reviewed, "decide", Given("d", for_="a", result=Result.GRANTED)) == ["reviewed_by_same"]


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ([Happened("review", frozenset("r"), True)], []),
        ([Happened("urge", frozenset("c")), Happened("review", frozenset("r"), True)], []),
        ([Happened("claim", frozenset("a")), Happened("review", frozenset("r"), True)], ["not_the_last"]),
        ([Happened("accept", frozenset("r"))], ["not_passed_on"]),
        ([Happened("review", frozenset("dr"), True)], []),  # by a deputy in his name
        ([Happened("review", frozenset("x"), True)], ["not_the_last"]),
        ([], ["not_the_last"]),
    ],
)
def test_what_can_be_taken_back(line: list[Happened], codes: list[str]) -> None:
    assert taken_back(line, {"r"}) == codes


@pytest.mark.parametrize(("kind", "times", "too_often"), [("applicant", 0, False), ("applicant", 1, True), ("staff", 2, False),
                                                          ("staff", 3, True)])  # fmt: skip
def test_how_often_one_may_urge(kind: str, times: int, too_often: bool) -> None:
    assert urged_too_often(kind, times) is too_often


@pytest.mark.parametrize(
    ("to", "has_staff", "sent_back_by", "codes"),
    [
        ("b", True, [], []),
        ("a", True, [], ["same_department"]),
        ("b", False, [], ["no_such_department"]),
        (None, False, [], ["no_such_department"]),
        ("b", True, ["b"], ["sent_back_before"]),
        ("b", True, ["c", "d"], []),
        ("b", True, ["c", "d", "e"], ["offered_enough"]),
    ],
)
def test_to_whom_a_case_may_be_offered(
    to: str | None, has_staff: bool, sent_back_by: list[str], codes: list[str]
) -> None:
    assert transfer_faults(here="a", to=to, has_staff=has_staff, sent_back_by=sent_back_by) == codes


def test_while_it_is_offered_nobody_answers_the_applicant_twice() -> None:
    offered = moved(NEW, "offer_transfer", Given("c", reasons="不属于本部门"))
    for verb in ("receive", "accept", "refuse_acceptance", "transfer", "ask_correction", "offer_transfer", "reassign"):
        assert "offered_elsewhere" in obstacles(offered, verb, Given("c", reasons="理由")), verb
    for verb in ("take_over", "return_transfer"):
        after = moved(offered, verb, Given("d", reasons="理由"))
        assert not obstacles(after, "accept", Given("d"))
        assert obstacles(after, verb, Given("d", reasons="理由")) == ["not_offered"]


def test_a_verb_of_the_stage_needs_the_right_of_the_stage() -> None:
    assert rights_for(REVIEW, "reassign") == ("cases.review",)
    assert rights_for(DECIDE, "send_back") == ("cases.decide",)
    assert rights_for(NEW, "reassign") == ("cases.receive",)
