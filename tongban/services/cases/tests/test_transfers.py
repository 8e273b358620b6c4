"""移送: a case moves to the department that has the competence, if that one agrees; the limit runs on all the while."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from tongban.foundation.clocks.queries import clock_of, replay
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.notifications.models import Message
from tongban.foundation.organisations.models import Department
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.cases.actions import (
    accept,
    accept_unanswered,
    claim,
    decide,
    offer_transfer,
    receive,
    return_transfer,
    review,
    take_back,
    take_over,
    transfer,
    withdraw,
)
from tongban.services.cases.errors import CaseRefused, StepRefused
from tongban.services.cases.models import Case, Transfer
from tongban.services.cases.queries import WorkFilters, case_for, timeline, what_may_be_done, worklist

from .factories import Office, make_case, make_office
from .test_working_together import both_at_once, codes, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


@pytest.fixture
def there() -> Department:
    return make_department("区住建局")


@pytest.fixture
def clerk(there: Department) -> Actor:
    return officer("clerk", department=there)


def offered(office: Office, there: Department, applicant: Actor | None = None) -> Case:
    case = make_case(office, applicant)
    return offer_transfer(actor=office.clerk, case_id=case.pk, department_id=there.pk, reasons="不属于本部门职权")


def test_the_other_department_sees_it_and_nobody_else_acts_meanwhile(
    office: Office, there: Department, clerk: Actor
) -> None:
    case = offered(office, there)
    assert (case.department_id, case.holder_department_id) == (office.department.pk, there.pk)
    assert told(clerk) == ["cases.staff_transfer_offered"]
    assert [row.pk for row in worklist(clerk, WorkFilters(asked=True)).rows] == [case.pk]
    assert {"take_over", "return_transfer"} <= set(what_may_be_done(clerk, case_for(clerk, case.pk)))
    for act in (accept, receive, claim):
        with pytest.raises(StepRefused) as refusal:
            act(actor=office.clerk, case_id=case.pk)
        assert "offered_elsewhere" in codes(refusal)
    with pytest.raises(NotAllowed):
        accept(actor=clerk, case_id=case.pk)
    with pytest.raises(NotAllowed):
        take_over(actor=office.clerk, case_id=case.pk)
    with pytest.raises(NotFound):
        case_for(officer("clerk"), case.pk)


def test_taken_over_it_is_theirs_with_the_limits_that_run_and_the_old_one_keeps_the_trace(
    office: Office, there: Department, clerk: Actor
) -> None:
    applicant = citizen()
    case = offered(office, there, applicant)
    before = clock_of(f"case:{case.pk}", "acceptance")
    case = take_over(actor=clerk, case_id=case.pk, note="属于我局")
    clock = clock_of(f"case:{case.pk}", "acceptance")
    assert (case.department_id, case.division, case.answer_due_on) == (
        there.pk,
        there.division_id,
        clock.statutory_due_on,
    )
    assert (clock.promise_due_on, clock.ended_on) == (before.promise_due_on, None)
    assert replay(clock).promise_due_on == clock.promise_due_on
    assert case_for(office.clerk, case.pk) == case
    assert [row.pk for row in worklist(office.clerk, WorkFilters(handed=True)).rows] == [case.pk]
    assert case not in worklist(office.clerk).rows
    assert case in worklist(clerk).rows
    assert what_may_be_done(office.clerk, case) == []
    with pytest.raises(NotAllowed):
        accept(actor=office.clerk, case_id=case.pk)
    titles = [str(event.title) for event in timeline(applicant, case.pk)]
    assert "转由有权部门办理" in titles
    assert "商请移送" not in titles
    assert Message.objects.filter(recipient_id=applicant.person_id, template__code="cases.moved").count() == 1
    assert "cases.staff_transfer_taken" in told(office.clerk)
    case = accept(actor=clerk, case_id=case.pk)
    case = review(actor=officer("reviewer", department=there), case_id=case.pk, verdict="agree")
    case = decide(actor=officer("approver", department=there), case_id=case.pk, result="granted")
    assert case.state == "decided"


def test_sent_back_it_is_ours_again_and_that_department_is_not_asked_twice(
    office: Office, there: Department, clerk: Actor
) -> None:
    case = offered(office, there)
    with pytest.raises(StepRefused) as refusal:
        return_transfer(actor=clerk, case_id=case.pk, reasons="")
    assert codes(refusal) == ["reasons_missing"]
    case = return_transfer(actor=clerk, case_id=case.pk, reasons="也不属于我局")
    assert (case.holder_department_id, Transfer.objects.get().answer) == (office.department.pk, "returned")
    assert "cases.staff_transfer_returned" in told(office.clerk)
    with pytest.raises(CaseRefused) as again:
        offer_transfer(actor=office.clerk, case_id=case.pk, department_id=there.pk, reasons="再试")
    assert codes(again) == ["sent_back_before"]
    assert (
        transfer(actor=office.clerk, case_id=case.pk, competent_body="市住建局", reasons="不属于本区").result
        == "transferred"
    )


def test_only_to_a_department_that_works_here_and_only_before_acceptance(office: Office, there: Department) -> None:
    case = make_case(office)
    for wrong in (there.pk, None, office.department.pk):  # nobody sits there; nowhere; oneself
        with pytest.raises(CaseRefused):
            offer_transfer(actor=office.clerk, case_id=case.pk, department_id=wrong, reasons="不属于本部门")
    officer("clerk", department=there)
    with pytest.raises(NotAllowed):
        offer_transfer(actor=office.reviewer, case_id=case.pk, department_id=there.pk, reasons="不属于本部门")
    accept(actor=office.clerk, case_id=case.pk)
    with pytest.raises(StepRefused):
        offer_transfer(actor=office.clerk, case_id=case.pk, department_id=there.pk, reasons="不属于本部门")


def test_an_offer_is_taken_back_while_nobody_answered(office: Office, there: Department, clerk: Actor) -> None:
    case = offered(office, there)
    case = take_back(actor=office.clerk, case_id=case.pk)
    assert (case.holder_department_id, Transfer.objects.get().answer) == (office.department.pk, "recalled")
    with pytest.raises((NotAllowed, StepRefused)):
        take_over(actor=clerk, case_id=case.pk)
    assert accept(actor=office.clerk, case_id=case.pk).state == "accepted"


def test_silence_accepts_an_offered_case_in_the_department_that_got_it(
    office: Office, there: Department, clerk: Actor
) -> None:
    case = offered(office, there)
    with time_machine.travel(now() + timedelta(days=15), tick=False):
        assert accept_unanswered() == 1
    case.refresh_from_db()
    assert (case.state, case.accepted_by_silence, case.department_id) == ("accepted", True, office.department.pk)
    assert case.holder_department_id == office.department.pk
    assert Transfer.objects.get().answer == "lapsed"


def test_a_case_withdrawn_while_it_is_offered_leaves_no_offer(office: Office, there: Department, clerk: Actor) -> None:
    applicant = citizen()
    case = offered(office, there, applicant)
    assert withdraw(actor=applicant, case_id=case.pk).state == "closed"
    assert Transfer.objects.get().answer == "lapsed"
    assert not worklist(clerk, WorkFilters(asked=True)).rows


@pytest.mark.django_db(transaction=True)
def test_taken_over_and_taken_back_at_once_one_wins() -> None:
    office, there = make_office(), make_department("区住建局")
    clerk = officer("clerk", department=there)
    case = offered(office, there)
    assert both_at_once(
        lambda: take_over(actor=clerk, case_id=case.pk), lambda: take_back(actor=office.clerk, case_id=case.pk)
    ) == [False, True]
    case.refresh_from_db()
    assert case.holder_department_id == case.department_id
    assert not Transfer.objects.filter(answer="").exists()
