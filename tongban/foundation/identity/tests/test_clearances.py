"""安全标记: a member of staff's clearance and the grade of data are compared in one place; the security administrator alone clears."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tongban.foundation.attempts.models import Attempt
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import name_deputy, set_clearance, unmask
from tongban.foundation.identity.errors import ClearanceRefused
from tongban.foundation.identity.models import Clearance, Deputy
from tongban.foundation.identity.queries import actor_of, clearance_of, clearances, unwritten_clearances
from tongban.foundation.kernel.actors import Actor, Scope, may, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotCleared
from tongban.foundation.kernel.grades import GRADES, HIGHLY_SENSITIVE, INTERNAL, SENSITIVE, UNCLEARED
from tongban.foundation.organisations.tests.factories import make_department

from .factories import citizen, make_account, make_officer, make_person, officer, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("clearance", GRADES)
def test_nobody_sees_above_his_clearance_whatever_his_right(clearance):
    actor = Actor(kind="staff", clearance=clearance, grants={"registries.look": Scope.ALL})
    for grade in GRADES:
        assert may(actor, "registries.look", grade=grade) == (grade <= clearance)
        if grade > clearance:
            with pytest.raises(NotCleared):
                permit(actor, "registries.look", grade=grade)
    with pytest.raises(NotAllowed) as refused:  # clearance gives no right
        permit(actor, "cases.see", grade=1)
    assert refused.value.code == "not_allowed"


def test_whom_nobody_cleared_sees_what_is_internal_and_a_citizen_only_what_is_public():
    account = make_officer(clearance=INTERNAL)
    Clearance.objects.all().delete()
    assert clearance_of(account.pk) == actor_of(account).clearance == UNCLEARED == INTERNAL
    assert citizen().clearance == 1


def test_the_security_administrator_clears_somebody_and_it_is_written_down():
    guard, account = officer("security_admin"), make_officer(clearance=INTERNAL)
    set_clearance(actor=guard, account_id=account.pk, grade=SENSITIVE, reason="要核对隔离的数据")
    assert actor_of(account).clearance == SENSITIVE
    fact = Fact.objects.get(name="identity.clearance_set")
    assert (fact.stream, fact.data) == (f"account:{account.pk}", {"clearance": SENSITIVE, "before": INTERNAL})
    assert [row.given_by_id for row in clearances(guard)][:1] == [guard.account_id]
    set_clearance(actor=guard, account_id=account.pk, grade=INTERNAL, reason="核对完了")
    assert actor_of(account).clearance == INTERNAL


@pytest.mark.parametrize("role", ["system_admin", "audit_admin", "dept_head", "data_admin", "operator"])
def test_nobody_else_clears(role):
    account = make_officer()
    with pytest.raises(NotAllowed):
        set_clearance(actor=officer(role), account_id=account.pk, grade=HIGHLY_SENSITIVE, reason="要看全部数据")


def test_nobody_clears_himself_nor_without_a_reason():
    guard = officer("security_admin")
    with pytest.raises(ClearanceRefused) as refused:
        set_clearance(actor=guard, account_id=guard.account_id, grade=9, reason="  ")
    assert [reason.code for reason in refused.value.reasons] == [
        "identity.clearance_grade", "identity.clearance_himself", "identity.clearance_reason",
    ]  # fmt: skip
    assert clearance_of(guard.account_id) == SENSITIVE


def test_a_deputy_sees_no_more_than_either_of_the_two():
    office = make_department()
    for own, whose, seen in ((4, 2, 2), (1, 3, 1)):
        principal = officer(department=office, clearance=whose)
        colleague = make_officer(department=office, clearance=own)
        name_deputy(
            actor=principal, account_id=colleague.pk, starts_on=today(), until_on=today() + timedelta(days=1),
            verbs=[], reason="出差",
        )  # fmt: skip
        lent = Deputy.objects.get(account=colleague)
        assert actor_of(colleague, f"deputy:{lent.pk}").clearance == seen


def test_whole_numbers_of_persons_take_clearance():
    person = make_person()
    with pytest.raises(NotCleared):
        unmask(
            actor=officer(clearance=INTERNAL), person_id=person.pk, what="phone", reason="通知补正", subject="case:1"
        )
    assert (
        unmask(actor=officer(), person_id=person.pk, what="phone", reason="通知补正", subject="case:1") == person.phone
    )


def test_a_refused_look_is_told_and_kept(client: Client):
    sign_in(client, officer(clearance=INTERNAL))
    form = {"register": "company", "number": "91511602MA6T00017X", "purpose": "核对主体", "case_no": "1"}
    page = client.post("/console/registries/", form)
    assert page.status_code == 403
    assert "高于您的数据访问级别" in page.content.decode()
    assert [row.thing for row in Attempt.objects.filter(kind="refused")] == ["registries.look 3"]


def test_the_page_of_rights_shows_and_changes_it(client: Client):
    account = make_officer(name="钱进", clearance=INTERNAL)
    sign_in(client, officer("security_admin"))
    assert "数据访问级别：二级（内部）" in client.get("/console/rights/?q=钱进").content.decode()
    place = f"/console/rights/accounts/{account.pk}/clearance/"
    wrong = client.post(place, {"grade": "7", "reason": "核对", "q": "钱进"})
    assert wrong.status_code == 422
    assert "请写明为什么调整" in wrong.content.decode()
    assert client.post(place, {"grade": "4", "reason": "核对高敏感数据"}).status_code == 302
    assert clearance_of(account.pk) == HIGHLY_SENSITIVE
    assert "核对高敏感数据" in client.get("/console/rights/").content.decode()


def test_a_clearance_that_was_written_by_hand_is_found():
    guard, account = officer("security_admin"), make_account()
    set_clearance(actor=guard, account_id=account.pk, grade=SENSITIVE, reason="要核对隔离的数据")
    assert unwritten_clearances() == []
    slipped = Clearance.objects.create(account=account, grade=HIGHLY_SENSITIVE, reason="自己写的")
    assert unwritten_clearances() == [f"clearance:{slipped.pk}"]
