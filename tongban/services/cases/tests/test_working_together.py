"""转办 退回 会签 加签 撤回 催办: what each changes and leaves behind, and who may not."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from tongban.foundation.audit.models import Fact
from tongban.foundation.clocks.queries import clock_of, replay
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotAllowed, NotFound, TongbanError
from tongban.foundation.notifications.models import Message
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.cases.actions import (
    add_signer,
    ask_opinions,
    assign,
    claim,
    decide,
    excuse,
    give_opinion,
    reassign,
    review,
    send_back,
    sign,
    take_back,
    terminate,
    urge,
)
from tongban.services.cases.errors import CaseRefused, StepRefused
from tongban.services.cases.models import Asking, Case, CaseEvent, CaseStep
from tongban.services.cases.queries import WorkFilters, case_for, rounds_of, what_may_be_done, worklist

from .factories import Office, make_accepted, make_decided, make_office, make_reviewed

pytestmark = pytest.mark.django_db
TWO_REVIEWS = {
    "accept": {"post": "clerk", "limit_days": 1},
    "stages": [
        {"key": key, "name": name, "kind": kind, "limit_days": 2, "parts": [{"department": "self", "post": post}]}
        for key, name, kind, post in (
            ("look", "初审", "review", "reviewer"), ("site", "复核", "review", "reviewer"),
            ("decide", "决定", "decide", "approver"), ("deliver", "送达", "deliver", "clerk"),
        )
    ],
}  # fmt: skip


@pytest.fixture
def office() -> Office:
    return make_office()


def codes(refusal: Any) -> list[str]:
    return [reason.code.removeprefix("cases.") for reason in refusal.value.reasons]


def colleague(office: Office, role: str = "reviewer") -> Actor:
    return officer(role, department=office.department)


def held(office: Office, actor: Actor | None = None) -> Case:
    """A case in review that somebody has."""
    return claim(actor=actor or office.reviewer, case_id=make_accepted(office).pk)


def told(actor: Actor) -> list[str]:
    return list(Message.objects.filter(recipient_id=actor.account_id).values_list("template__code", flat=True))


class TestReassign:
    def test_it_goes_to_a_named_colleague_with_a_reason_and_he_is_told(self, office: Office) -> None:
        case, other = held(office), colleague(office)
        case = reassign(actor=office.reviewer, case_id=case.pk, account_id=other.account_id, reasons="回避")
        assert case.holder_account_id == other.account_id
        assert case.steps.get(state="todo").account_id == other.account_id
        assert told(other) == ["cases.staff_reassigned"]
        event = CaseEvent.objects.get(case=case, verb="reassign")
        assert (event.is_public, "回避" in event.note) == (False, True)
        assert Fact.objects.get(name="cases.reassigned").data["to"] == str(other.account_id)

    def test_or_back_to_the_pool(self, office: Office) -> None:
        case = reassign(actor=office.reviewer, case_id=held(office).pk, account_id=None, reasons="出差")
        assert (case.holder_account_id, case.steps.get(state="todo").account_id) == (None, None)
        assert worklist(office.reviewer, WorkFilters(assignee="none")).rows == [case]

    def test_only_to_one_whose_post_fits(self, office: Office) -> None:
        case = held(office)
        for wrong in (office.clerk, officer("reviewer")):
            with pytest.raises(CaseRefused) as refusal:
                reassign(actor=office.reviewer, case_id=case.pk, account_id=wrong.account_id, reasons="回避")
            assert codes(refusal) == ["not_fitting"]
        with pytest.raises(CaseRefused):
            assign(actor=office.approver, case_id=case.pk, account_id=office.clerk.account_id)

    def test_not_without_having_it_nor_without_a_reason(self, office: Office) -> None:
        case, other = held(office), colleague(office)
        with pytest.raises(CaseRefused) as refusal:
            reassign(actor=other, case_id=case.pk, account_id=None, reasons="想要")
        assert codes(refusal) == ["not_yours"]
        with pytest.raises(StepRefused) as refused:
            reassign(actor=office.reviewer, case_id=case.pk, account_id=other.account_id, reasons=" ")
        assert codes(refused) == ["reasons_missing"]
        with pytest.raises(CaseRefused):
            reassign(actor=office.reviewer, case_id=case.pk, account_id=office.reviewer.account_id, reasons="自己")

    def test_a_decision_is_not_given_to_who_reviewed(self, office: Office) -> None:
        case = claim(actor=office.approver, case_id=make_reviewed(office).pk)
        both = colleague(office, "approver")
        CaseStep.objects.filter(case=case, kind="review").update(account_id=both.account_id)
        with pytest.raises(CaseRefused) as refusal:
            reassign(actor=office.approver, case_id=case.pk, account_id=both.account_id, reasons="回避")
        assert codes(refusal) == ["reviewed_by_same"]


class TestSendBack:
    def test_it_goes_to_the_stage_before_and_to_whoever_did_it(self) -> None:
        office = make_office(flow=TWO_REVIEWS)
        case = make_reviewed(office)
        assert case.stage_key == "site"
        before = case.promise_due_on
        case = send_back(actor=office.reviewer, case_id=case.pk, reasons="请核实面积")
        assert (case.stage_key, case.state, case.holder_account_id) == ("look", "reviewing", office.reviewer.account_id)
        assert [step.state for step in case.steps.order_by("started_at", "round")] == ["done", "dropped", "todo"]
        assert case.promise_due_on == before
        assert clock_of(f"case:{case.pk}", "decision").ended_on is None

    def test_the_flow_may_name_the_ways_back(self) -> None:
        flow = {**TWO_REVIEWS, "stages": [dict(stage) for stage in TWO_REVIEWS["stages"]]}
        flow["stages"][2]["return_to"] = ["look", "site"]
        office = make_office(flow=flow)
        case = review(actor=colleague(office), case_id=make_reviewed(office).pk, verdict="agree", opinion="相符")
        assert case.stage_key == "decide"
        case = send_back(actor=office.approver, case_id=case.pk, reasons="请核实", to="look")
        assert (case.stage_key, case.holder_account_id) == ("look", office.reviewer.account_id)
        assert told(office.reviewer) == ["cases.staff_returned"]
        assert case.steps.filter(opinion="相符", state="done").exists(), "the earlier opinion stays in the trace"

    def test_not_from_the_first_stage_nor_past_the_decision(self, office: Office) -> None:
        with pytest.raises(StepRefused) as refusal:
            send_back(actor=office.reviewer, case_id=make_accepted(office).pk, reasons="重来")
        assert codes(refusal) == ["no_earlier_stage"]
        with pytest.raises(TongbanError):
            send_back(actor=office.clerk, case_id=make_decided(office).pk, reasons="重来")
        with pytest.raises(NotAllowed):
            send_back(actor=office.reviewer, case_id=make_reviewed(office).pk, reasons="重来")


SHARED = {
    "accept": {"post": "clerk", "limit_days": 1},
    "stages": [
        {
            "key": "look", "name": "审查", "kind": "review", "limit_days": 2,
            "parts": [{"department": "self", "post": "reviewer"}, {"department": "区住建局", "post": "reviewer"}],
        },
        *TWO_REVIEWS["stages"][2:],
    ],
}  # fmt: skip


class TestJointSigning:
    def test_the_last_opinion_of_the_flow_does_not_pass_over_those_who_are_still_asked(self) -> None:
        office, adviser = make_office(flow=SHARED), officer("reviewer", department=make_department("区住建局"))
        friend, case = colleague(office), make_reviewed(office)
        ask_opinions(actor=office.reviewer, case_id=case.pk, question="能否开在这里？", account_ids=[friend.account_id])
        given = give_opinion(actor=adviser, case_id=case.pk, verdict="agree", opinion="可以")
        assert (given.stage_key, rounds_of(case)[0].missing) == ("look", 1)
        with pytest.raises(StepRefused) as refusal:
            decide(actor=office.approver, case_id=case.pk, result="granted")
        assert codes(refusal) == ["review_unfinished", "signers_missing"]
        assert sign(actor=friend, case_id=case.pk, verdict="agree", opinion="可以").stage_key == "decide"
        assert take_back(actor=friend, case_id=case.pk).stage_key == "look"
        assert sign(actor=friend, case_id=case.pk, verdict="disagree", opinion="太窄").stage_key == "decide"

    def test_a_case_that_is_sent_back_waits_for_nobody_who_was_asked_before(self) -> None:
        office = make_office(flow=TWO_REVIEWS)
        case = make_reviewed(office)
        ask_opinions(
            actor=office.reviewer, case_id=case.pk, question="？？", account_ids=[colleague(office).account_id]
        )
        send_back(actor=office.reviewer, case_id=case.pk, reasons="请核实面积")
        assert Asking.objects.get().settled_at

    def test_the_stage_waits_for_all_and_the_asker_sees_who_is_missing(self, office: Office) -> None:
        other = make_department("区住建局")
        adviser, friend, case = officer("clerk", department=other), colleague(office, "clerk"), held(office)
        ask_opinions(
            actor=office.reviewer, case_id=case.pk, question="能否开在这里？", account_ids=[friend.account_id], department_ids=[other.pk],
        )  # fmt: skip
        assert told(adviser) == told(friend) == ["cases.staff_asked"]
        assert [row.pk for row in worklist(adviser, WorkFilters(asked=True)).rows] == [case.pk]
        assert [row.pk for row in worklist(friend, WorkFilters(asked=True)).rows] == [case.pk]
        assert case_for(adviser, case.pk) == case
        with pytest.raises(StepRefused) as refusal:
            review(actor=office.reviewer, case_id=case.pk, verdict="agree")
        assert codes(refusal) == ["signers_missing"]
        sign(actor=friend, case_id=case.pk, verdict="agree", opinion="可以")
        assert [rounds_of(case)[0].missing, told(office.reviewer)] == [1, []]
        sign(actor=adviser, case_id=case.pk, verdict="disagree", opinion="消防不足")
        assert [rounds_of(case)[0].missing, told(office.reviewer)] == [0, ["cases.staff_answered"]]
        assert review(actor=office.reviewer, case_id=case.pk, verdict="agree").stage_key == "decide"

    def test_more_than_half_may_be_the_rule(self, office: Office) -> None:
        friends = [colleague(office, "clerk") for _ in range(3)]
        case = held(office)
        ask_opinions(
            actor=office.reviewer,
            case_id=case.pk,
            question="?",
            account_ids=[f.account_id for f in friends],
            rule="most",
        )
        for friend in friends[:2]:
            sign(actor=friend, case_id=case.pk, verdict="agree", opinion="可以")
        assert Asking.objects.get().settled_at is not None
        with pytest.raises(StepRefused) as refusal:
            sign(actor=friends[2], case_id=case.pk, verdict="agree", opinion="晚了")
        assert codes(refusal) == ["nobody_asked"]
        assert review(actor=office.reviewer, case_id=case.pk, verdict="agree").stage_key == "decide"

    def test_only_who_was_asked_answers_once(self, office: Office) -> None:
        friend, case = colleague(office, "clerk"), held(office)
        add_signer(actor=office.reviewer, case_id=case.pk, account_id=friend.account_id, question="请看")
        for wrong in (office.clerk, officer("clerk")):
            with pytest.raises((CaseRefused, NotAllowed)):
                sign(actor=wrong, case_id=case.pk, verdict="agree", opinion="我来")
        with pytest.raises(CaseRefused) as refusal:
            sign(actor=friend, case_id=case.pk, verdict="agree", opinion=" ")
        assert codes(refusal) == ["opinion_missing"]
        sign(actor=friend, case_id=case.pk, verdict="agree", opinion="可以")
        with pytest.raises(StepRefused):
            sign(actor=friend, case_id=case.pk, verdict="agree", opinion="再说一次")

    def test_everything_wrong_is_told_at_once(self, office: Office) -> None:
        case = held(office)
        with pytest.raises(CaseRefused) as refusal:
            ask_opinions(
                actor=office.reviewer, case_id=case.pk, question="?", account_ids=[office.reviewer.account_id, citizen().account_id],
                department_ids=[office.department.pk], rule="some", days=99,
            )  # fmt: skip
        assert codes(refusal) == ["asked_oneself", "not_fitting", "no_rule", "department_unfit", "days"]
        with pytest.raises(StepRefused):
            ask_opinions(actor=office.reviewer, case_id=case.pk, question="", account_ids=[])

    def test_the_only_one_who_could_decide_is_not_asked_in_the_review(self, office: Office) -> None:
        case = held(office)
        ask = {"actor": office.reviewer, "case_id": case.pk, "account_id": office.approver.account_id, "question": "?"}
        with pytest.raises(CaseRefused) as refusal:
            add_signer(**ask)
        assert codes(refusal) == ["last_decider"]
        second = colleague(office, "approver")
        add_signer(**ask)
        sign(actor=office.approver, case_id=case.pk, verdict="agree", opinion="可以")
        review(actor=office.reviewer, case_id=case.pk, verdict="agree")
        with pytest.raises(StepRefused) as refused:
            decide(actor=office.approver, case_id=case.pk, result="granted")
        assert codes(refused) == ["reviewed_by_same"]
        assert decide(actor=second, case_id=case.pk, result="granted").result == "granted"

    def test_who_cannot_answer_is_let_off(self, office: Office) -> None:
        friend, case = colleague(office, "clerk"), held(office)
        add_signer(actor=office.reviewer, case_id=case.pk, account_id=friend.account_id, question="请看", days=2)
        step = case.steps.get(asking__isnull=False)
        assert step.due_on is not None
        with pytest.raises(NotAllowed):
            excuse(actor=friend, case_id=case.pk, step_id=step.pk, reasons="不想看")
        with pytest.raises(NotFound):
            excuse(actor=office.reviewer, case_id=case.pk, step_id=case.pk, reasons="没有这个人")
        excuse(actor=office.reviewer, case_id=case.pk, step_id=step.pk, reasons="休假")
        assert review(actor=office.reviewer, case_id=case.pk, verdict="agree").stage_key == "decide"

    def test_a_case_that_ends_asks_nobody_any_more(self, office: Office) -> None:
        friend, case = colleague(office, "clerk"), held(office)
        add_signer(actor=office.reviewer, case_id=case.pk, account_id=friend.account_id, question="请看")
        terminate(actor=office.approver, case_id=case.pk, reasons="场所已拆除")
        assert not CaseStep.objects.filter(case=case, state="todo").exists()
        assert not worklist(friend, WorkFilters(asked=True)).rows


class TestTakeBack:
    def test_a_review_comes_back_while_nobody_has_acted(self, office: Office) -> None:
        case = held(office)
        review(actor=office.reviewer, case_id=case.pk, verdict="agree", opinion="写错了")
        assert "review" not in what_may_be_done(office.reviewer, Case.objects.get(pk=case.pk))
        back = take_back(actor=office.reviewer, case_id=case.pk)
        assert (back.stage_key, back.state, back.holder_account_id) == (
            "review",
            "accepted",
            office.reviewer.account_id,
        )
        assert sorted(back.steps.values_list("opinion", "state")) == [
            ("", "dropped"),
            ("", "todo"),
            ("写错了", "undone"),
        ]
        assert back.steps.filter(state="todo").count() == 1
        assert review(actor=office.reviewer, case_id=case.pk, verdict="disagree", opinion="不符").stage_key == "decide"

    def test_not_after_the_next_one_acted_nor_by_another(self, office: Office) -> None:
        case = make_reviewed(office)
        with pytest.raises(StepRefused) as refusal:
            take_back(actor=colleague(office), case_id=case.pk)
        assert codes(refusal) == ["not_the_last"]
        claim(actor=office.approver, case_id=case.pk)
        with pytest.raises(StepRefused):
            take_back(actor=office.reviewer, case_id=case.pk)

    def test_what_the_applicant_holds_in_writing_stays(self, office: Office) -> None:
        with pytest.raises(StepRefused) as refusal:
            take_back(actor=office.clerk, case_id=make_accepted(office).pk)
        assert codes(refusal) == ["not_passed_on"]

    def test_a_urge_does_not_count_as_acting(self, office: Office) -> None:
        applicant = citizen()
        case = make_reviewed(office, applicant)
        urge(actor=applicant, case_id=case.pk)
        assert take_back(actor=office.reviewer, case_id=case.pk).stage_key == "review"

    def test_twice_is_once(self, office: Office) -> None:
        case = make_reviewed(office)
        take_back(actor=office.reviewer, case_id=case.pk)
        with pytest.raises(StepRefused):
            take_back(actor=office.reviewer, case_id=case.pk)

    def test_a_return_a_reassignment_and_a_signature_come_back_too(self, office: Office) -> None:
        case, other = make_reviewed(office), colleague(office)
        case = send_back(actor=office.approver, case_id=case.pk, reasons="看错了")
        assert take_back(actor=office.approver, case_id=case.pk).stage_key == "decide"
        assert list(case.steps.filter(state="todo").values_list("kind", flat=True)) == ["decide"]
        case = held(office)
        reassign(actor=office.reviewer, case_id=case.pk, account_id=other.account_id, reasons="回避")
        assert take_back(actor=office.reviewer, case_id=case.pk).holder_account_id == office.reviewer.account_id
        assert set(told(other)) == {"cases.staff_reassigned", "cases.staff_taken_back"}
        add_signer(actor=office.reviewer, case_id=case.pk, account_id=other.account_id, question="请看")
        sign(actor=other, case_id=case.pk, verdict="agree", opinion="可以")
        take_back(actor=other, case_id=case.pk)
        assert rounds_of(case)[0].missing == 1
        with pytest.raises(StepRefused):
            review(actor=office.reviewer, case_id=case.pk, verdict="agree")


def both_at_once(*acts: Callable[[], object]) -> list[bool]:
    def alone(act: Callable[[], object]) -> bool:
        try:
            act()
        except TongbanError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(alone, acts))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told() -> None:
    office = make_office()
    one, other = colleague(office), colleague(office)
    case = make_accepted(office)
    assert both_at_once(*[lambda a=a: claim(actor=a, case_id=case.pk) for a in (one, other)]) == [False, True]
    case = held(office)
    assert both_at_once(
        *[
            lambda a=a: reassign(actor=office.reviewer, case_id=case.pk, account_id=a.account_id, reasons="回避")
            for a in (one, other)
        ]
    ) == [False, True]
    case = make_reviewed(office)  # taken back, or claimed by the next
    assert both_at_once(
        lambda: take_back(actor=office.reviewer, case_id=case.pk), lambda: claim(actor=office.approver, case_id=case.pk)
    ) == [False, True]
    applicant = citizen()
    case = make_accepted(office, applicant)
    assert both_at_once(*[lambda: urge(actor=applicant, case_id=case.pk)] * 2) == [False, True]
    asked = held(office)
    add_signer(actor=office.reviewer, case_id=asked.pk, account_id=one.account_id, question="请看")
    say = {"case_id": asked.pk, "verdict": "agree", "opinion": "可以"}
    assert both_at_once(*[lambda: sign(actor=one, **say)] * 2) == [False, True]
    for touched in Case.objects.all():
        clock = clock_of(f"case:{touched.pk}", "decision")
        assert clock is None or replay(clock).promise_due_on == clock.promise_due_on
