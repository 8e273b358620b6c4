"""Every step of a case: what it changes, what it leaves behind, and who may not take it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tongban.foundation.audit.models import Fact
from tongban.foundation.clocks.queries import add_working_days, calendar_of, clock_of
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.letters.models import Letter
from tongban.foundation.notifications.models import Message
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.cases.actions import (
    accept,
    ask_correction,
    assign,
    certify,
    claim,
    close,
    decide,
    deliver,
    extend,
    give_opinion,
    receive,
    refuse_acceptance,
    release,
    resume,
    review,
    send_back,
    supply_correction,
    suspend,
    terminate,
    transfer,
    withdraw,
)
from tongban.services.cases.errors import CaseRefused, StepRefused
from tongban.services.cases.models import Case, CaseEvent, CaseStep, Decision, Ending

from .factories import (
    Office,
    make_accepted,
    make_case,
    make_corrected,
    make_decided,
    make_office,
    make_reviewed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office(
        special_procedures=[
            {"key": "site", "type": "2", "name": "现场踏勘", "limit_days": 10, "basis": "行政许可法第三十四条"}
        ],
        extension={"days": 10},
    )


def facts(case: Case) -> list[str]:
    rows = Fact.objects.filter(stream=f"case:{case.pk}").order_by("position")
    return [row.name.removeprefix("cases.") for row in rows]


def codes(refusal: pytest.ExceptionInfo) -> list[str]:
    return [reason.code.removeprefix("cases.") for reason in refusal.value.reasons]


def letters(case: Case) -> list[str]:
    return [letter.template.code for letter in Letter.objects.filter(subject=f"case:{case.pk}").order_by("id")]


def test_the_whole_way_from_receipt_to_delivery(office: Office) -> None:
    applicant = citizen()
    case = make_case(office, applicant)
    receive(actor=office.clerk, case_id=case.pk)
    case = accept(actor=office.clerk, case_id=case.pk)
    assert (case.state, case.stage_key) == ("accepted", "review")
    assert case.promise_due_on == add_working_days(today(), 5, calendar_of(case.division))
    assert case.statutory_due_on == add_working_days(today(), 20, calendar_of(case.division))
    claim(actor=office.reviewer, case_id=case.pk)
    case = review(actor=office.reviewer, case_id=case.pk, verdict="agree", opinion="符合条件")
    assert (case.state, case.stage_key) == ("reviewing", "decide")
    case = decide(actor=office.approver, case_id=case.pk, result="granted")
    assert (case.state, case.result, case.stage_key) == ("decided", "granted", "certify")
    case = certify(actor=office.clerk, case_id=case.pk)
    assert (case.state, case.certificate_name) == ("certifying", "卫生许可证")
    case = deliver(actor=office.clerk, case_id=case.pk, way="counter", receiver="李华")
    assert (case.state, case.is_open, case.stage_name) == ("closed", False, "办结")
    assert facts(case) == [
        "submitted", "received", "accepted", "claimed", "reviewed", "decided", "certified", "delivered", "closed",
    ]  # fmt: skip
    assert letters(case) == ["receipt", "acceptance", "grant", "licence", "delivery", "closing"]
    assert Message.objects.filter(recipient_id=applicant.person_id).count() == 5
    assert {step.state for step in CaseStep.objects.filter(case=case)} == {"done"}
    assert all(clock_of(f"case:{case.pk}", kind).ended_on for kind in ("acceptance", "decision", "delivery"))


def test_accepting_leaves_a_numbered_dated_letter(office: Office) -> None:
    case = make_accepted(office)
    letter = Letter.objects.get(subject=f"case:{case.pk}")
    assert (letter.template.code, letter.issued_on, letter.serial) == ("acceptance", today(), 1)
    assert CaseEvent.objects.get(case=case, verb="accept").letter_id == letter.pk


@pytest.mark.parametrize("role", ["reviewer", "approver", "dept_head", "supervisor"])
def test_only_a_clerk_accepts(office: Office, role: str) -> None:
    case = make_case(office)
    with pytest.raises(NotAllowed):
        accept(actor=officer(role, department=office.department), case_id=case.pk)


def test_a_clerk_of_another_department_may_not(office: Office) -> None:
    case = make_case(office)
    with pytest.raises(NotAllowed):
        accept(actor=officer("clerk"), case_id=case.pk)


def test_accepting_twice_is_refused_and_changes_nothing(office: Office) -> None:
    case = make_accepted(office)
    with pytest.raises(StepRefused) as refusal:
        accept(actor=office.clerk, case_id=case.pk)
    assert codes(refusal) == ["wrong_state"]
    assert letters(case) == ["acceptance"]


def test_refusing_to_accept_needs_reasons_and_tells_the_ways_to_object(office: Office) -> None:
    case = make_case(office)
    with pytest.raises(StepRefused) as refusal:
        refuse_acceptance(actor=office.clerk, case_id=case.pk, reasons=" ")
    assert codes(refusal) == ["reasons_missing"]
    case = refuse_acceptance(actor=office.clerk, case_id=case.pk, reasons="不属于许可范围")
    assert (case.state, case.result, case.is_open) == ("closed", "not_accepted", False)
    assert "行政复议" in Ending.objects.get(case=case).remedies


def test_a_transfer_names_the_competent_body(office: Office) -> None:
    case = make_case(office)
    case = transfer(actor=office.clerk, case_id=case.pk, competent_body="市住建局", reasons="不属于本机关职权")
    assert (case.result, Ending.objects.get(case=case).competent_body) == ("transferred", "市住建局")


def test_a_correction_stops_the_clock_and_supplying_starts_it_anew(office: Office) -> None:
    applicant = citizen()
    case = make_corrected(office, applicant)
    assert (case.state, case.correction_count) == ("correction", 1)
    assert clock_of(f"case:{case.pk}", "acceptance").ended_on == today()
    with pytest.raises(CaseRefused) as refusal:
        supply_correction(actor=applicant, case_id=case.pk, materials={})
    assert refusal.value.reasons[0].field == "materials.plan"
    case = supply_correction(actor=applicant, case_id=case.pk, materials={"plan": [{"way": "1"}]})
    assert (case.state, case.materials.filter(key="plan").count()) == ("received", 2)
    assert clock_of(f"case:{case.pk}", "acceptance2").promise_due_on == case.answer_due_on


def test_a_second_notice_is_for_a_supervisor_with_a_reason_and_lights_yellow(office: Office) -> None:
    applicant = citizen()
    case = make_corrected(office, applicant)
    supply_correction(actor=applicant, case_id=case.pk, materials={"plan": [{"way": "1"}]})
    items = [{"key": "plan", "name": "平面图", "problem": "没有标明方位"}]
    with pytest.raises(NotAllowed):
        ask_correction(actor=office.clerk, case_id=case.pk, items=items, supervisor_reason="漏列")
    head = officer("dept_head", department=office.department)
    with pytest.raises(StepRefused) as refusal:
        ask_correction(actor=head, case_id=case.pk, items=items)
    assert codes(refusal) == ["told_once"]
    case = ask_correction(actor=head, case_id=case.pk, items=items, supervisor_reason="首次告知漏列")
    assert (case.correction_count, case.lamp) == (2, "yellow")


def test_who_reviewed_does_not_decide(office: Office) -> None:
    case = make_reviewed(office)
    reviewer = CaseStep.objects.get(case=case, kind="review").account_id
    CaseStep.objects.filter(case=case, kind="review").update(account_id=office.approver.account_id)
    with pytest.raises(StepRefused) as refusal:
        decide(actor=office.approver, case_id=case.pk, result="granted")
    assert codes(refusal) == ["reviewed_by_same"]
    CaseStep.objects.filter(case=case, kind="review").update(account_id=reviewer)
    assert decide(actor=office.approver, case_id=case.pk, result="granted").result == "granted"


def test_a_decision_waits_for_the_review(office: Office) -> None:
    case = make_accepted(office)
    with pytest.raises(StepRefused) as refusal:
        decide(actor=office.approver, case_id=case.pk, result="granted")
    assert codes(refusal) == ["review_unfinished"]


def test_a_refusal_carries_reasons_and_remedies(office: Office) -> None:
    case = make_reviewed(office)
    with pytest.raises(StepRefused) as refusal:
        decide(actor=office.approver, case_id=case.pk, result="refused")
    assert codes(refusal) == ["reasons_missing"]
    case = decide(actor=office.approver, case_id=case.pk, result="refused", reasons="场所不符合卫生要求")
    assert (case.result, case.stage_key) == ("refused", "deliver")
    assert "行政诉讼" in Decision.objects.get(case=case).remedies
    with pytest.raises(StepRefused):
        certify(actor=office.clerk, case_id=case.pk)


def test_a_refusal_without_reasons_cannot_even_be_stored(office: Office) -> None:
    case = make_decided(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(case=case).update(result="refused")


def test_what_was_sent_by_post_closes_when_it_arrived(office: Office) -> None:
    case = make_decided(office)
    certify(actor=office.clerk, case_id=case.pk)
    with pytest.raises(CaseRefused) as refusal:
        deliver(actor=office.clerk, case_id=case.pk, way="post")
    assert codes(refusal) == ["tracking_missing"]
    case = deliver(actor=office.clerk, case_id=case.pk, way="post", carrier="邮政", tracking_no="EA1")
    assert (case.state, case.is_open) == ("delivering", True)
    case = close(actor=office.clerk, case_id=case.pk)
    assert (case.state, case.delivery.delivered_at is not None) == ("closed", True)


def test_a_result_is_not_delivered_before_the_certificate_is_made(office: Office) -> None:
    case = make_decided(office)
    with pytest.raises(StepRefused) as refusal:
        deliver(actor=office.clerk, case_id=case.pk, way="online")
    assert codes(refusal) == ["not_certified"]


def test_a_special_procedure_moves_the_due_days_by_what_it_took(office: Office) -> None:
    with time_machine.travel("2026-03-02T02:00:00Z", tick=False):
        case = make_accepted(office)
        before = case.promise_due_on
    with time_machine.travel("2026-03-03T02:00:00Z", tick=False):
        case = suspend(actor=office.reviewer, case_id=case.pk, procedure="site", reason="需要现场踏勘")
        assert (case.state, case.suspended_from) == ("suspended", "accepted")
    with time_machine.travel("2026-03-06T02:00:00Z", tick=False):
        case = resume(actor=office.reviewer, case_id=case.pk, outcome="现场符合要求")
    assert case.state == "accepted"
    assert case.promise_due_on == add_working_days(before, 3, calendar_of(case.division))


def test_a_procedure_the_item_does_not_name_is_refused(office: Office) -> None:
    with pytest.raises(CaseRefused) as refusal:
        suspend(actor=office.reviewer, case_id=make_accepted(office).pk, procedure="auction", reason="拍卖")
    assert codes(refusal) == ["no_such_procedure"]


def test_a_case_is_extended_once(office: Office) -> None:
    case = make_accepted(office)
    before = case.promise_due_on
    case = extend(actor=office.approver, case_id=case.pk, reason="情况复杂", days=10)
    assert case.promise_due_on == add_working_days(before, 10, calendar_of(case.division))
    with pytest.raises(StepRefused) as refusal:
        extend(actor=office.approver, case_id=case.pk, reason="情况复杂")
    assert codes(refusal) == ["extended_before"]


def test_an_extension_comes_before_the_old_due_day(office: Office) -> None:
    case = make_accepted(office)
    with time_machine.travel(now() + timedelta(days=40), tick=False), pytest.raises(StepRefused) as refusal:
        extend(actor=office.approver, case_id=case.pk, reason="情况复杂")
    assert codes(refusal) == ["too_late_to_extend"]


def test_an_item_without_extension_is_not_extended() -> None:
    office = make_office(extension=None)
    with pytest.raises(CaseRefused) as refusal:
        extend(actor=office.approver, case_id=make_accepted(office).pk, reason="情况复杂")
    assert codes(refusal) == ["no_extension"]


def test_the_applicant_withdraws_his_own_and_nobody_elses(office: Office) -> None:
    applicant = citizen()
    case = make_accepted(office, applicant)
    with pytest.raises(NotAllowed):
        withdraw(actor=citizen(), case_id=case.pk)
    case = withdraw(actor=applicant, case_id=case.pk, reason="不办了")
    assert (case.result, case.is_open, letters(case)[-1]) == ("withdrawn", False, "withdrawal")
    assert clock_of(f"case:{case.pk}", "decision").ended_on == today()


def test_a_decided_case_is_not_withdrawn(office: Office) -> None:
    applicant = citizen()
    case = make_decided(office, applicant)
    with pytest.raises(StepRefused):
        withdraw(actor=applicant, case_id=case.pk)


def test_terminating_while_suspended_ends_the_suspension(office: Office) -> None:
    case = make_accepted(office)
    suspend(actor=office.reviewer, case_id=case.pk, procedure="site", reason="踏勘")
    case = terminate(actor=office.approver, case_id=case.pk, reasons="场所已拆除")
    assert (case.result, case.suspensions.get().ended_on) == ("terminated", today())


def test_the_decider_sends_back_and_it_is_reviewed_again(office: Office) -> None:
    case = make_reviewed(office)
    case = send_back(actor=office.approver, case_id=case.pk, reasons="请核实面积")
    assert (case.stage_key, CaseStep.objects.get(case=case, state="todo").round) == ("review", 2)
    assert review(actor=office.reviewer, case_id=case.pk, verdict="agree").stage_key == "decide"


def test_taking_handing_back_and_assigning(office: Office) -> None:
    case = make_accepted(office)
    colleague = officer("reviewer", department=office.department)
    assert claim(actor=office.reviewer, case_id=case.pk).holder_account_id == office.reviewer.account_id
    with pytest.raises(CaseRefused) as refusal:
        claim(actor=colleague, case_id=case.pk)
    assert codes(refusal) == ["taken"]
    assert release(actor=office.reviewer, case_id=case.pk).holder_account_id is None
    assert assign(actor=office.approver, case_id=case.pk, account_id=colleague.account_id).holder_account_id
    with pytest.raises(CaseRefused):
        assign(actor=office.approver, case_id=case.pk, account_id=officer("clerk").account_id)


def test_another_department_gives_its_opinion_beside_the_review() -> None:
    other = make_department("区住建局")
    flow = {
        "accept": {"post": "clerk", "limit_days": 1},
        "stages": [
            {
                "key": "review", "name": "审查", "kind": "review", "limit_days": 3,
                "parts": [{"department": "self", "post": "reviewer"}, {"department": "区住建局", "post": "reviewer"}],
            },
            {"key": "decide", "name": "决定", "kind": "decide", "limit_days": 1, "parts": [{"department": "self", "post": "approver"}]},
            {"key": "deliver", "name": "送达", "kind": "deliver", "limit_days": 1, "parts": [{"department": "self", "post": "clerk"}]},
        ],
    }  # fmt: skip
    office, adviser = make_office(flow=flow), officer("reviewer", department=other)
    case = make_reviewed(office)
    assert case.stage_key == "review"
    with pytest.raises(NotAllowed):
        give_opinion(actor=officer("reviewer"), case_id=case.pk, verdict="agree", opinion="无意见")
    case = give_opinion(actor=adviser, case_id=case.pk, verdict="disagree", opinion="消防通道不足")
    assert case.stage_key == "decide"


def test_an_instant_case_is_decided_at_one_desk() -> None:
    instant = {
        "key": "do",
        "name": "办理",
        "kind": "instant",
        "limit_days": 1,
        "parts": [{"department": "self", "post": "clerk"}],
    }
    office = make_office(
        project_type="1",
        review_type="即审即办",
        promise={"days": 1, "unit": "1"},
        flow={"accept": {"post": "clerk", "limit_days": 1}, "stages": [instant]},
    )
    case = make_accepted(office)
    decide(actor=office.clerk, case_id=case.pk, result="granted")
    assert deliver(actor=office.clerk, case_id=case.pk, way="online").state == "closed"


def test_a_closed_case_is_never_touched_again(office: Office) -> None:
    applicant = citizen()
    case = make_case(office, applicant)
    withdraw(actor=applicant, case_id=case.pk)
    for act in (
        lambda: accept(actor=office.clerk, case_id=case.pk),
        lambda: receive(actor=office.clerk, case_id=case.pk),
        lambda: withdraw(actor=applicant, case_id=case.pk),
        lambda: terminate(actor=office.approver, case_id=case.pk, reasons="x"),
        lambda: claim(actor=office.clerk, case_id=case.pk),
    ):
        with pytest.raises(StepRefused):
            act()


@pytest.mark.parametrize(
    "change",
    [
        {"is_open": False},
        {"state": "closed"},
        {"state": "accepted"},
        {"result": "granted"},
        {"suspended_from": "accepted"},
    ],
)
def test_the_database_itself_refuses_an_impossible_case(office: Office, change: dict) -> None:
    case = make_case(office)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(**change)
