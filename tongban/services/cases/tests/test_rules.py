"""The rules of a case, as tables of edges and as properties over every sequence of verbs."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.cases.rules import (
    MOVES,
    NEEDS_DECISION,
    OPEN_STATES,
    RESULTS,
    Given,
    Result,
    Standing,
    State,
    code_in_set_a,
    code_in_set_b,
    compose_project_no,
    moved,
    national_code,
    next_stage,
    obstacles,
    open_verbs,
    serial_text,
    silence_means_accepted,
    stages_of,
    ways_back,
)

SELF, OTHER = {"department": "self", "post": "reviewer"}, {"department": "区住建局", "post": "reviewer"}
PLAIN = stages_of(
    {
        "stages": [
            {"key": "review", "name": "审查", "kind": "review", "limit_days": 3, "parts": [SELF]},
            {"key": "decide", "name": "决定", "kind": "decide", "limit_days": 1, "parts": [SELF]},
            {"key": "certify", "name": "制证", "kind": "certify", "limit_days": 1},
            {"key": "deliver", "name": "送达", "kind": "deliver", "limit_days": 1},
        ]
    }
)
JOINT = stages_of(
    {"stages": [{"key": "review", "kind": "review", "parts": [SELF, OTHER]}, {"key": "site", "kind": "review"}]}
)
FULL = Given(by="a", result=Result.GRANTED, reasons="理由", supervisor_reason="确有必要")


def play(standing: Standing, *steps: tuple[str, Given] | str) -> Standing:
    for step in steps:
        verb, words = step if isinstance(step, tuple) else (step, FULL)
        assert not obstacles(standing, verb, words), (verb, standing, obstacles(standing, verb, words))
        standing = moved(standing, verb, words)
    return standing


def test_the_straight_way_from_submission_to_the_end() -> None:
    end = play(
        Standing(PLAIN),
        "receive",
        "accept",
        "review",
        ("decide", Given("b", Result.GRANTED)),
        "certify",
        "deliver",
        "close",
    )
    assert (end.state, end.result, end.is_open) == (State.CLOSED, Result.GRANTED, False)


@pytest.mark.parametrize(
    ("project_type", "decider", "codes"),
    [("2", "a", ["reviewed_by_same"]), ("2", "b", []), ("1", "a", [])],
    ids=["same person", "another person", "instant"],
)
def test_review_and_decision_are_separate_for_promised_items(project_type: str, decider: str, codes: list[str]) -> None:
    reviewed = play(Standing(PLAIN, project_type=project_type), "accept", ("review", Given("a")))
    assert obstacles(reviewed, "decide", Given(decider, Result.GRANTED)) == codes


def test_one_correction_notice_and_a_further_one_only_with_a_supervisors_reason() -> None:
    again = play(Standing(PLAIN), ("ask_correction", Given("a")), "supply_correction")
    assert again.state is State.RECEIVED
    assert obstacles(again, "ask_correction", Given("a")) == ["told_once"]
    assert not obstacles(again, "ask_correction", Given("a", supervisor_reason="漏列"))


def test_a_refusal_without_reasons_is_refused_with_every_reason_why() -> None:
    reviewed = play(Standing(PLAIN), "accept", ("review", Given("a")))
    assert obstacles(reviewed, "decide", Given("a", Result.REFUSED)) == ["reasons_missing", "reviewed_by_same"]


def test_parallel_parts_all_have_to_be_done() -> None:
    accepted = play(Standing(JOINT), "accept")
    assert (accepted.open_parts, accepted.open_opinions) == (2, 1)
    own = play(accepted, "review")
    assert own.stage == "review"
    assert obstacles(own, "review") == ["no_review_due"]
    both = play(own, "give_opinion")
    assert (both.stage, both.open_parts) == ("site", 1)
    assert obstacles(both, "give_opinion") == ["no_opinion_due"]


def test_extension_is_granted_once_and_before_the_due_date() -> None:
    accepted = play(Standing(PLAIN), "accept")
    late = Given("a", reasons="复杂", today=date(2026, 3, 3), due_on=date(2026, 3, 2))
    assert obstacles(accepted, "extend", late) == ["too_late_to_extend"]
    on_the_day = Given("a", reasons="复杂", today=date(2026, 3, 2), due_on=date(2026, 3, 2))
    assert obstacles(play(accepted, ("extend", on_the_day)), "extend", on_the_day) == ["extended_before"]


def test_a_result_waits_for_what_was_promised() -> None:
    decided = play(
        Standing(PLAIN, promises_open=1), "accept", "review", ("decide", Given("b", Result.GRANTED)), "certify"
    )
    assert obstacles(decided, "deliver") == ["promise_open"]
    refused = play(
        Standing(PLAIN, promises_open=1),
        "accept",
        "review",
        ("decide", Given("b", Result.REFUSED, reasons="不符合")),
        "deliver",
    )
    assert refused.state is State.DELIVERING


def test_resuming_leads_back_to_where_the_clock_stopped() -> None:
    assert play(Standing(PLAIN), "accept", "suspend", "resume").state is State.ACCEPTED
    assert play(Standing(JOINT), "accept", "review", "suspend", "resume").state is State.REVIEWING


def test_a_case_sent_back_is_reviewed_again() -> None:
    back = play(Standing(PLAIN), "accept", "review", ("send_back", Given("b", reasons="再核")))
    assert (back.stage, back.open_parts) == ("review", 1)


def test_a_case_goes_back_one_stage_or_where_the_flow_says() -> None:
    three = [{"key": "look", "kind": "review"}, {"key": "site", "kind": "review"}, {"key": "decide", "kind": "decide"}]
    free = stages_of({"stages": three})
    assert [stage.key for stage in ways_back(free, "decide")] == ["site"]
    assert [stage.key for stage in ways_back(free, "site")] == ["look"]
    assert [ways_back(free, key) for key in ("accept", "look", "deliver")] == [(), (), ()]
    named = stages_of({"stages": [*three[:2], three[2] | {"return_to": ["look", "site", "deliver"]}]})
    assert [stage.key for stage in ways_back(named, "decide")] == ["look", "site"]
    at_decision = play(Standing(named), "accept", "review", "review")
    assert play(at_decision, ("send_back", Given("b", reasons="再核", to="look"))).stage == "look"
    assert play(at_decision, ("send_back", Given("b", reasons="再核"))).stage == "site"
    assert obstacles(at_decision, "send_back", Given("b", reasons="再核", to="decide")) == ["stage_unknown"]
    assert obstacles(play(Standing(named), "accept"), "send_back", Given("b", reasons="再核")) == ["no_earlier_stage"]


@pytest.mark.parametrize(("days_past", "accepted"), [(-1, False), (0, False), (1, True)])
@pytest.mark.parametrize("state", ["submitted", "received"])
def test_silence_is_acceptance_after_the_last_day(state: str, days_past: int, accepted: bool) -> None:
    due = date(2026, 3, 10)
    assert silence_means_accepted(state, due, date(2026, 3, 10 + days_past)) is accepted


@pytest.mark.parametrize("state", [s for s in State if s not in ("submitted", "received")])
def test_silence_says_nothing_once_answered(state: str) -> None:
    assert not silence_means_accepted(state, date(2026, 1, 1), date(2026, 12, 31))


WORDS = st.builds(
    Given,
    by=st.sampled_from(["a", "b", "c"]),
    result=st.sampled_from([None, *Result]),
    reasons=st.sampled_from(["", "理由"]),
    supervisor_reason=st.sampled_from(["", "确有必要"]),
    has_document=st.booleans(),
    today=st.dates(date(2026, 1, 1), date(2026, 1, 9)),
    due_on=st.just(date(2026, 1, 5)),
)
FLOWS = st.sampled_from([PLAIN, JOINT, stages_of({}), stages_of({"stages": [{"key": "d", "kind": "decide"}]})])


@given(
    flow=FLOWS,
    project_type=st.sampled_from(["1", "2"]),
    promises=st.integers(0, 2),
    steps=st.lists(st.tuples(st.sampled_from(sorted(MOVES)), WORDS), max_size=40),
)
def test_no_sequence_of_verbs_loses_a_case(flow, project_type, promises, steps) -> None:
    """Never an illegal state, never stuck while open, never open after it closed, never a result before a decision."""
    case = Standing(flow, project_type=project_type, promises_open=promises)
    for verb, words in steps:
        if obstacles(case, verb, words):
            continue
        before, case = case, moved(case, verb, words)
        assert before.state is not State.CLOSED, "a closed case is never touched again"
        assert case.state in (*OPEN_STATES, State.CLOSED)
        assert case.stage == "accept" or case.stage in {stage.key for stage in flow}
        assert 0 <= case.open_opinions <= case.open_parts
        assert case.open_asked >= 0
        assert not case.offered or case.state in (State.SUBMITTED, State.RECEIVED), "only an unaccepted case is offered"
        assert (case.state is State.SUSPENDED) == (case.suspended_from is not None)
        assert case.extensions <= 1
        if case.result in NEEDS_DECISION:
            assert case.state in (State.DECIDED, State.CERTIFYING, State.DELIVERING, State.CLOSED)
        if case.state is State.CLOSED:
            assert case.result is not None
        else:
            assert open_verbs(case) or case.promises_open, "an open case always has a next step"


@given(
    flow=FLOWS,
    project_type=st.sampled_from(["1", "2"]),
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(set(MOVES) - {"withdraw", "terminate", "void"})), WORDS), max_size=25
    ),
)
def test_every_open_case_can_still_be_brought_to_an_end(flow, project_type, steps) -> None:
    case = Standing(flow, project_type=project_type)
    for verb, words in steps:
        if not obstacles(case, verb, words):
            case = moved(case, verb, words)
    way_out = (
        "take_over",
        "sign",
        "resume",
        "supply_correction",
        "accept",
        "review",
        "give_opinion",
        "decide",
        "certify",
        "deliver",
        "close",
    )
    for _ in range(40):
        usable = [
            v for v in way_out if not obstacles(case, v, Given("z" if v == "decide" else "a", Result.GRANTED, "理由"))
        ]
        if not usable:
            break
        case = moved(case, usable[0], Given("z" if usable[0] == "decide" else "a", Result.GRANTED, "理由"))
    assert case.state is State.CLOSED


@pytest.mark.parametrize(
    ("serial", "text"),
    [
        (1, "0001"),
        (9999, "9999"),
        (10_000, "A000"),
        (10_999, "A999"),
        (11_000, "B000"),
        (33_999, "Z999"),
        (34_000, "AA00"),
        (91_599, "ZZ99"),
        (91_600, "AAA0"),
        (229_839, "ZZZ9"),
        (229_840, "AAAA"),
        (561_615, "ZZZZ"),
        (561_616, "10000"),
    ],
)
def test_serials_past_the_four_digits(serial: int, text: str) -> None:
    assert serial_text(serial) == text


@given(st.integers(1, 700_000), st.integers(1, 700_000))
def test_no_two_serials_read_the_same(one: int, other: int) -> None:
    assert (serial_text(one) == serial_text(other)) == (one == other)


def test_a_case_number_is_43_characters_and_45_for_a_handling_item() -> None:
    code = "12441500196720244T3442199806003"
    assert compose_project_no(code, date(2022, 6, 23), 68) == code + "202206230068"
    assert len(compose_project_no(code, date(2022, 6, 23), 20_000)) == 43
    assert len(compose_project_no(code + "01", date(2022, 6, 23), 1)) == 45


@pytest.mark.parametrize(
    ("result", "set_a", "set_b", "national"),
    [
        ("granted", "0", "0", "1"),
        ("refused", "1", "1", "2"),
        ("not_accepted", "1", "6", "3"),
        ("withdrawn", "1", "5", "4"),
        ("lapsed", "5", "5", "5"),
        ("transferred", "4", "4", "5"),
        ("terminated", "2", "2", "4"),
    ],
)
def test_results_are_called_by_their_published_codes(result: str, set_a: str, set_b: str, national: str) -> None:
    assert (code_in_set_a(result), code_in_set_b(result), national_code(result)) == (set_a, set_b, national)


def test_every_result_has_a_code_everywhere() -> None:
    assert {code_in_set_a(r) for r in RESULTS} <= set("0123456")
    assert {code_in_set_b(r) for r in RESULTS} <= set("0123456")
    assert code_in_set_a("granted", with_certificate=False) == "6"


def test_a_flow_without_decision_or_delivery_gets_them() -> None:
    assert [stage.kind for stage in stages_of({})] == ["decide", "deliver"]
    assert next_stage(PLAIN, "deliver") is None
