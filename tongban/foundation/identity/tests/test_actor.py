"""Who is acting: the same account is a person, a company's handler or an officer, as he chooses."""

from __future__ import annotations

import pytest

from tongban.foundation.identity import actions, queries
from tongban.foundation.identity.errors import AppointmentRefused, CapacityRefused
from tongban.foundation.identity.rules import GRANTS
from tongban.foundation.kernel.actors import ANONYMOUS, Scope, installer, may
from tongban.foundation.organisations.rules import ROLES
from tongban.foundation.organisations.tests.factories import make_department, make_post

from .factories import citizen, company_actor, make_account, make_company, make_officer, make_person, officer

pytestmark = pytest.mark.django_db


def test_every_role_has_grants_and_every_grant_a_role() -> None:
    assert set(GRANTS) == set(ROLES)


def test_a_person_acts_for_himself_only() -> None:
    person = make_person()
    actor = citizen(person)
    assert (actor.kind, actor.applicant_id, actor.level) == ("person", person.pk, 3)
    assert may(actor, "cases.see", owner_id=person.pk)
    assert not may(actor, "cases.see", owner_id=make_person().pk)


def test_a_company_is_the_applicant_when_its_legal_person_acts_for_it() -> None:
    company = make_company()
    actor = company_actor(company)
    assert (actor.kind, actor.applicant_id) == ("company", company.pk)
    assert not may(actor, "cases.see", owner_id=actor.person_id)


def test_an_officer_sees_his_department_and_no_other() -> None:
    department = make_department()
    actor = officer("clerk", department=department)
    assert may(actor, "cases.accept", department_id=department.pk)
    assert not may(actor, "cases.accept", department_id=make_department().pk)
    assert not may(actor, "cases.decide", department_id=department.pk)


def test_a_supervisor_sees_his_division_and_below() -> None:
    actor = officer("supervisor")
    assert actor.scope("cases.see") is Scope.DIVISION
    assert may(actor, "cases.see", division="511602001000")
    assert not may(actor, "cases.see", division="511603000000")


def test_a_capacity_that_has_ended_is_refused() -> None:
    account = make_officer()
    capacity = queries.capacities_of(account)[0]
    held = account.appointments.get()
    actions.end_appointment(actor=installer("identity.manage_accounts"), appointment_id=held.pk)
    with pytest.raises(CapacityRefused):
        queries.actor_of(account, capacity.key)
    assert queries.actor_of(account) == ANONYMOUS


@pytest.mark.parametrize("capacity", ["", "self", "post:x", "company:0190", "king", "post:../.."])
def test_a_made_up_capacity_is_refused(capacity: str) -> None:
    with pytest.raises(CapacityRefused):
        queries.actor_of(make_account(), capacity)


def test_administrators_are_separate_people() -> None:
    account = make_officer("system_admin")
    with pytest.raises(AppointmentRefused) as refusal:
        actions.appoint(
            actor=installer("identity.manage_accounts"), account_id=account.pk, post_id=make_post("audit_admin").pk
        )
    assert [reason.code for reason in refusal.value.reasons] == ["separated"]


def test_finding_the_actor_of_an_officer_costs_one_query(django_assert_num_queries) -> None:
    account = make_officer()
    capacity = queries.capacities_of(account)[0].key
    with django_assert_num_queries(1):
        assert queries.actor_of(account, capacity).kind == "staff"
