"""代理: who may act for whom, for how long, with which rights; and that nobody gains by it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import appoint, end_appointment, end_deputising, name_deputy
from tongban.foundation.identity.errors import CapacityRefused, DeputyRefused
from tongban.foundation.identity.models import Account, Appointment, Deputy
from tongban.foundation.identity.queries import actor_of, all_deputies, capacities_of, deputising_for, staff_who_may
from tongban.foundation.identity.rules import GRANTS, LONGEST_DEPUTISING, deputy_faults, lendable, lent
from tongban.foundation.kernel.actors import Actor, installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.models import Department
from tongban.foundation.organisations.tests.factories import make_post

from .factories import make_account, officer, sign_in

ROLES, VERBS = sorted(GRANTS), sorted({verb for grants in GRANTS.values() for verb in grants})
DAY = timedelta(days=1)
FIRST = date(2026, 3, 2)
FINE = {
    "starts_on": FIRST, "until_on": FIRST, "today": FIRST, "himself": False, "colleague": True, "lends_something": True,
    "taken": False, "away": False, "deputising": False,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"starts_on": None}, ["days_missing"]),
        ({"starts_on": FIRST - DAY}, ["in_the_past"]),
        ({"starts_on": FIRST + DAY}, ["ends_before"]),
        ({"until_on": FIRST + LONGEST_DEPUTISING - DAY}, []),
        ({"until_on": FIRST + LONGEST_DEPUTISING}, ["too_long"]),
        ({"himself": True, "colleague": True}, ["himself"]),
        ({"colleague": False, "taken": True}, ["no_colleague", "taken"]),
        ({"away": True, "deputising": True}, ["away", "deputising"]),
    ],
)
def test_the_edge_of_each_rule(change: dict, codes: list[str]) -> None:
    assert [code for _field, code in deputy_faults(**(FINE | change))] == codes


@given(st.sampled_from(ROLES), st.sets(st.sampled_from(VERBS), max_size=5))
def test_a_deputy_never_holds_more_than_the_post(role: str, verbs: set[str]) -> None:
    held = lent(role, verbs)
    assert held.items() <= GRANTS[role].items()
    assert not {"identity.depute", "persons.unmask", "cases.export", "identity.manage_rights"} & set(held)


def two(role: str = "approver", other: str = "reviewer") -> tuple[Actor, Actor]:
    principal = officer(role)
    return principal, officer(other, department=_department_of(principal))


def name(principal: Actor, deputy: Actor, days: int = 3, begins: int = 0, **more: object) -> Deputy:
    first = today() + begins * DAY
    return name_deputy(
        actor=principal, account_id=deputy.account_id, starts_on=first, until_on=first + (days - 1) * DAY, **more
    )


def acting(row: Deputy) -> Actor:
    return actor_of(row.account, f"deputy:{row.pk}")


@pytest.mark.django_db
class TestNaming:
    def test_a_deputy_acts_in_two_names_with_the_rights_of_the_post(self) -> None:
        principal, colleague = two()
        row = name(principal, colleague, reason="出差")
        assert f"deputy:{row.pk}" in [capacity.key for capacity in capacities_of(row.account)]
        actor = acting(row)
        assert (actor.account_id, actor.for_account_id) == (colleague.account_id, principal.account_id)
        assert (actor.seat_id, actor.post_id) == (principal.account_id, principal.post_id)
        assert actor.names == {colleague.account_id, principal.account_id}
        assert set(actor.grants) == set(lendable("approver"))
        assert "（代" in actor.name
        assert Fact.objects.filter(name="identity.deputy_named", stream=f"deputy:{row.pk}").exists()

    def test_only_what_was_named_is_lent(self) -> None:
        principal, colleague = two()
        actor = acting(name(principal, colleague, verbs=["cases.extend"]))
        assert set(actor.grants) == {"cases.extend", "cases.see", "files.see", "items.see"}
        with pytest.raises(DeputyRefused):
            name(principal, colleague, begins=10, verbs=["cases.review"])  # not the approver's to lend

    def test_it_begins_and_ends_by_itself(self) -> None:
        principal, colleague = two()
        row = name(principal, colleague, days=2, begins=1)
        for days, in_force in ((0, False), (1, True), (2, True), (3, False)):
            with time_machine.travel(now() + days * DAY, tick=False):
                assert bool(deputising_for(colleague)) is in_force
        with pytest.raises(CapacityRefused):
            acting(row)

    def test_it_ends_with_the_post_of_either(self) -> None:
        for which in ("principal", "account"):
            principal, colleague = two()
            row = name(principal, colleague)
            seat = Appointment.objects.get(account=getattr(row, which))
            end_appointment(actor=installer("identity.manage_accounts"), appointment_id=seat.pk)
            with pytest.raises(CapacityRefused):
                acting(row)

    def test_a_stranger_oneself_and_an_administrator_are_refused(self) -> None:
        principal, colleague = two()
        for wrong in (officer("reviewer"), principal):
            with pytest.raises(DeputyRefused):
                name(principal, wrong)
        with pytest.raises(NotAllowed):
            name(officer("system_admin"), colleague)

    def test_a_post_has_one_deputy_at_a_time(self) -> None:
        principal, colleague = two()
        name(principal, colleague, days=3)
        with pytest.raises(DeputyRefused) as refusal:
            name(principal, colleague, days=3, begins=2)
        assert [reason.code for reason in refusal.value.reasons] == ["identity.taken"]
        name(principal, colleague, days=3, begins=3)

    def test_no_circle_and_no_chain(self) -> None:
        first, second = two()
        third = officer("clerk", department=_department_of(first))
        name(first, second)
        for principal, deputy in ((second, first), (second, third), (third, first)):
            with pytest.raises(DeputyRefused):
                name(principal, deputy)

    def test_a_deputy_cannot_pass_it_on(self) -> None:
        principal, colleague = two()
        third = officer("clerk", department=_department_of(principal))
        with pytest.raises(NotAllowed):
            name(acting(name(principal, colleague)), third, begins=30)

    def test_either_of_the_two_or_the_security_administrator_ends_it(self) -> None:
        for who in (0, 1, 2):
            pair = two()
            row = name(*pair)
            with pytest.raises(NotAllowed):
                end_deputising(actor=officer("approver"), deputy_id=row.pk)
            end_deputising(actor=(*pair, officer("security_admin"))[who], deputy_id=row.pk)
            with pytest.raises(CapacityRefused):
                acting(row)

    def test_the_security_administrator_sees_them_all_and_nobody_else(self) -> None:
        row = name(*two())
        assert all_deputies(officer("security_admin")) == [row]
        with pytest.raises(NotAllowed):
            all_deputies(officer("system_admin"))

    def test_who_may_do_a_thing_in_a_department(self) -> None:
        principal, colleague = two()
        assert [pk for pk, _name in staff_who_may(principal.department_id, "cases.review")] == [colleague.account_id]
        account = make_account(name="赵六", is_active=False)
        post = make_post(department=_department_of(principal), role="reviewer")
        appoint(actor=installer("identity.manage_accounts"), account_id=account.pk, post_id=post.pk)
        assert len(staff_who_may(principal.department_id, "cases.review", "cases.decide")) == 2


def _department_of(actor: Actor) -> Department:
    return Department.objects.get(pk=actor.department_id)


@pytest.mark.django_db(transaction=True)
def test_two_who_name_each_other_at_once_are_not_both_let_through() -> None:
    pair = two()

    def alone(n: int) -> bool:
        try:
            name(pair[n], pair[1 - n])
        except DeputyRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(alone, (0, 1))) == [False, True]


@pytest.mark.django_db
def test_the_page_names_shows_and_ends(client: Client) -> None:
    principal, colleague = two()
    sign_in(client, principal)
    first = today()
    given = {"account": colleague.account_id, "starts_on": first, "until_on": first, "verbs": ["cases.decide"]}
    assert client.post("/console/deputies/", given | {"account": ""}).status_code == 422
    assert client.post("/console/deputies/", given).status_code == 302
    row = Deputy.objects.get()
    assert row.verbs == ["cases.decide"]
    assert "代理中" in client.get("/console/deputies/").content.decode()
    sign_in(client, colleague)
    page = client.get("/console/deputies/").content.decode()
    assert f'value="deputy:{row.pk}"' in page
    assert client.post("/account/enter/", {"capacity": f"deputy:{row.pk}"}).headers["Location"] == "/console/"
    assert "（代" in client.get("/console/").content.decode()
    sign_in(client, officer("security_admin"))
    assert "（代" in client.get("/console/rights/").content.decode()
    assert client.post(f"/console/deputies/{row.pk}/end/").headers["Location"] == "/console/rights/"
    assert Deputy.objects.get().ended_by == Account.objects.get(pk=client.session["_auth_user_id"])
