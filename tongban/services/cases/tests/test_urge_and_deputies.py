"""催办 and 代理: somebody waits, somebody stands in; who is told, and whose name stands where."""

from __future__ import annotations

from typing import Any

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import name_deputy
from tongban.foundation.identity.models import Account
from tongban.foundation.identity.queries import actor_of
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.services.cases.actions import (
    add_signer,
    claim,
    decide,
    review,
    sign,
    urge,
)
from tongban.services.cases.errors import CaseRefused, StepRefused
from tongban.services.cases.models import CaseEvent
from tongban.services.cases.queries import WorkFilters, rounds_of, timeline, worklist

from .factories import Office, make_accepted, make_case, make_office
from .test_working_together import codes, colleague, held, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


class TestUrge:
    def test_the_holder_is_told_and_it_is_counted(self, office: Office) -> None:
        applicant = citizen()
        case = make_accepted(office, applicant)
        claim(actor=office.reviewer, case_id=case.pk)
        urge(actor=applicant, case_id=case.pk, note="急着开业")
        assert told(office.reviewer) == ["cases.staff_urged"]
        assert Fact.objects.get(name="cases.urged").data["count"] == 1
        assert "催办" in [str(event.title) for event in timeline(applicant, case.pk)]
        with pytest.raises(CaseRefused) as refusal:
            urge(actor=applicant, case_id=case.pk)
        assert codes(refusal) == ["urged_today"]

    def test_a_case_nobody_has_wakes_those_who_could_take_it(self, office: Office) -> None:
        case = make_case(office)
        urge(actor=officer("supervisor"), case_id=case.pk)
        assert (told(office.clerk), told(office.reviewer)) == (["cases.staff_urged"], [])
        assert CaseEvent.objects.get(case=case, verb="urge").is_public is False

    def test_the_missing_are_urged_with_the_holder(self, office: Office) -> None:
        friend, case = colleague(office, "clerk"), held(office)
        add_signer(actor=office.reviewer, case_id=case.pk, account_id=friend.account_id, question="请看")
        for _ in range(3):
            urge(actor=office.reviewer, case_id=case.pk)
        assert told(friend).count("cases.staff_urged") == 3
        assert "cases.staff_urged" not in told(office.reviewer), "nobody urges himself"
        with pytest.raises(CaseRefused):
            urge(actor=office.reviewer, case_id=case.pk)

    def test_a_stranger_may_not(self, office: Office) -> None:
        case = make_accepted(office)
        for stranger in (citizen(), officer("clerk")):
            with pytest.raises(NotAllowed):
                urge(actor=stranger, case_id=case.pk)


class TestDeputies:
    def deputy(self, office: Office, principal: Actor, role: str = "clerk") -> Actor:
        stand_in = colleague(office, role)
        row = name_deputy(actor=principal, account_id=stand_in.account_id, starts_on=today(), until_on=today())
        return actor_of(row.account, f"deputy:{row.pk}")

    def test_the_trace_says_who_acted_for_whom(self, office: Office) -> None:
        case, deputy = make_accepted(office), self.deputy(office, office.reviewer)
        case = claim(actor=deputy, case_id=case.pk)
        assert case.holder_account_id == office.reviewer.account_id, "it is the principal's work all the same"
        assert worklist(deputy, WorkFilters(assignee="me")).rows == [case]
        assert worklist(office.reviewer, WorkFilters(assignee="me")).rows == [case]
        review(actor=deputy, case_id=case.pk, verdict="agree")
        step = case.steps.get(kind="review")
        assert (step.account_id, step.for_account_id) == (deputy.account_id, office.reviewer.account_id)
        assert any("（代" in event.who for event in timeline(office.approver, case.pk))
        assert Fact.objects.get(name="cases.reviewed").data["for"] == str(office.reviewer.account_id)

    def test_nobody_reviews_and_decides_whichever_name_he_uses(self, office: Office) -> None:
        both = self.deputy(office, office.approver, "reviewer")
        own = both.__class__(**{**both.__dict__, "for_account_id": None, **_post_of(both)})
        case = review(actor=own, case_id=make_accepted(office).pk, verdict="agree")
        with pytest.raises(StepRefused) as refusal:
            decide(actor=both, case_id=case.pk, result="granted")
        assert codes(refusal) == ["reviewed_by_same"]
        assert decide(actor=office.approver, case_id=case.pk, result="granted").result == "granted"

    def test_what_was_asked_of_the_principal_the_deputy_answers(self, office: Office) -> None:
        friend = colleague(office)
        deputy, case = self.deputy(office, friend), held(office)
        add_signer(actor=office.reviewer, case_id=case.pk, account_id=friend.account_id, question="请看")
        assert [row.pk for row in worklist(deputy, WorkFilters(asked=True)).rows] == [case.pk]
        sign(actor=deputy, case_id=case.pk, verdict="agree", opinion="可以")
        assert rounds_of(case)[0].missing == 0


def _post_of(actor: Actor) -> dict[str, Any]:
    own = actor_of(Account.objects.get(pk=actor.account_id))
    return {"post_id": own.post_id, "grants": own.grants, "roles": own.roles, "name": own.name}
