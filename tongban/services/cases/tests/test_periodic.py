"""What time does: silence is acceptance, corrections lapse, promises break, lamps change. Twice is once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.identity.tests.factories import citizen
from tongban.foundation.notifications.models import Message
from tongban.services.cases.actions import (
    accept_unanswered,
    certify,
    decide,
    deliver,
    forget_old_drafts,
    lapse_corrections,
    note_broken_promises,
    refresh_lamps,
    review,
    supply_promised,
    tell_submitted,
)
from tongban.services.cases.errors import StepRefused
from tongban.services.cases.models import Case, CaseEvent, Draft
from tongban.services.items.tests.factories import a_definition

from .factories import MATERIALS, make_accepted, make_case, make_corrected, make_draft, make_office

pytestmark = pytest.mark.django_db
MONDAY = "2026-03-02T02:00:00Z"
TOLERANT = [
    *a_definition()["materials"],
    {
        "key": "lease",
        "name": "租赁合同",
        "type": "3",
        "format": "3",
        "need": "3",
        "source": "10",
        "tolerance": {"days": 5},
    },
]


def day(text: str) -> time_machine.travel:
    return time_machine.travel(f"{text}T02:00:00Z", tick=False)


@pytest.mark.parametrize(("on", "accepted"), [("2026-03-09", 0), ("2026-03-10", 1)])
def test_silence_is_acceptance_as_of_the_day_of_receipt(on: str, accepted: int) -> None:
    office = make_office()
    with time_machine.travel(MONDAY, tick=False):
        case = make_case(office)
    with day(on):
        assert accept_unanswered() == accepted
        assert accept_unanswered() == 0
    case.refresh_from_db()
    assert case.accepted_by_silence is bool(accepted)
    if accepted:
        assert (case.state, case.accepted_at, case.lamp) == ("accepted", case.received_at, "yellow")
        assert case.promise_due_on == add_working_days(date(2026, 3, 2), 5, calendar_of(case.division))
        assert CaseEvent.objects.get(case=case, verb="accepted_by_silence").letter_id


def test_a_correction_lapses_after_its_last_day_and_the_applicant_is_told() -> None:
    office, applicant = make_office(), citizen()
    with time_machine.travel(MONDAY, tick=False):
        case = make_corrected(office, applicant)
    due = case.corrections.get().due_on
    with day(due.isoformat()):
        assert lapse_corrections() == 0
    with day((due + timedelta(days=1)).isoformat()):
        assert (lapse_corrections(), lapse_corrections()) == (1, 0)
    case.refresh_from_db()
    assert (case.state, case.result) == ("closed", "lapsed")
    assert Message.objects.filter(recipient_id=applicant.person_id, title__contains="逾期未补正").count() == 1


def test_waiting_for_the_applicant_never_lights_a_lamp() -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = make_corrected(make_office())
    with day("2026-03-20"):
        refresh_lamps()
    case.refresh_from_db()
    assert case.lamp == "green"


@pytest.mark.parametrize(
    ("on", "lamp"),
    [("2026-03-02", "green"), ("2026-03-05", "yellow"), ("2026-03-09", "yellow"), ("2026-03-12", "red")],
    ids=["fresh", "a step is late", "the last day of the promise", "overrun by two days"],
)
def test_lamps_follow_the_days(on: str, lamp: str) -> None:
    with time_machine.travel(MONDAY, tick=False):
        case = make_accepted(make_office())
    with day(on):
        refresh_lamps()
        assert refresh_lamps() == 0
    case.refresh_from_db()
    assert case.lamp == lamp


def test_what_was_promised_holds_the_result_back_until_it_comes() -> None:
    office, applicant = make_office(materials=TOLERANT), citizen()
    with time_machine.travel(MONDAY, tick=False):
        case = make_case(
            office, applicant, materials=MATERIALS | {"lease": [{"way": "4", "promised_on": "2099-01-01"}]}
        )
        assert case.materials.get(key="lease").promised_on == date(2026, 3, 9), "the date is ours, not the sender's"
    with day("2026-03-10"):
        assert (note_broken_promises(), CaseEvent.objects.filter(verb="promise_broken").count()) == (1, 1)
        note_broken_promises()
        assert CaseEvent.objects.filter(verb="promise_broken").count() == 1
    from tongban.services.cases.actions import accept

    accept(actor=office.clerk, case_id=case.pk)
    review(actor=office.reviewer, case_id=case.pk, verdict="agree")
    decide(actor=office.approver, case_id=case.pk, result="granted")
    certify(actor=office.clerk, case_id=case.pk)
    with pytest.raises(StepRefused):
        deliver(actor=office.clerk, case_id=case.pk, way="online")
    supply_promised(actor=applicant, case_id=case.pk, key="lease", rows=[{"way": "1"}])
    assert deliver(actor=office.clerk, case_id=case.pk, way="online").state == "closed"


def test_the_receipt_is_sent_once_after_intake() -> None:
    applicant = citizen()
    case = make_case(make_office(), applicant)
    assert not Message.objects.filter(recipient_id=applicant.person_id).exists()
    assert (tell_submitted(), tell_submitted()) == (1, 0)
    assert Message.objects.filter(recipient_id=applicant.person_id, title__startswith="申请已提交").count() == 1
    assert Case.objects.get(pk=case.pk).told_at


def test_old_drafts_are_forgotten(settings) -> None:
    with time_machine.travel(MONDAY, tick=False):
        draft = make_draft(make_office())
    for days, left in ((settings.DRAFT_RETENTION_DAYS, 1), (settings.DRAFT_RETENTION_DAYS + 1, 0)):
        with day((draft.saved_at.date() + timedelta(days=days)).isoformat()):
            forget_old_drafts()
        assert Draft.objects.count() == left
