"""The phone on record of a member of staff: the system administrator changes it, proved anew, and both phones are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import ask_reset, change_phone, forget_phones, show_code
from tongban.foundation.identity.errors import AccountRefused, ResetRefused
from tongban.foundation.identity.models import Account, PhoneChange
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.notifications.actions import tell_phone_changed
from tongban.foundation.notifications.models import Dispatch, Message
from tongban.foundation.notifications.queries import address_of

from .factories import make_officer, officer, sign_in
from .test_entrance import with_code
from .test_proofs import came_long_ago

pytestmark = pytest.mark.django_db
OLD, NEW = "13800000001", "13900000002"


@pytest.fixture
def account() -> Account:
    him = make_officer(name="钱进")
    him.phone = OLD
    him.save()
    return him


def test_the_administrator_changes_it_on_the_page_and_both_phones_are_told(client: Client, account: Account):
    desk = sign_in(client, officer("system_admin"))
    page = desk.get(f"/console/staff/{account.pk}/").content.decode()
    assert "138****0001" in page
    assert OLD not in page
    assert desk.post(f"/console/staff/{account.pk}/phone/", {"phone": NEW}).status_code == 302
    account.refresh_from_db()
    assert account.phone == NEW
    fact = Fact.objects.get(name="identity.phone_changed")
    assert fact.stream == f"account:{account.pk}"
    assert OLD not in str(fact.data)
    assert NEW not in str(fact.data)

    told = tell_phone_changed(account.pk)
    assert tell_phone_changed(account.pk) == []  # the task may run twice
    assert {address_of(message, "sms") for message in told} == {OLD, NEW}
    assert Dispatch.objects.filter(message__in=told, way="sms").count() == 2
    assert not Message.objects.filter(body__contains=OLD).exists()


def test_it_waits_for_a_new_proof(client: Client, account: Account):
    guard = officer("system_admin")
    with_code(Account.objects.get(pk=guard.account_id))
    came_long_ago(client, guard)
    answer = client.post(f"/console/staff/{account.pk}/phone/", {"phone": NEW})
    assert answer.status_code == 403
    assert "/account/prove/" in answer.content.decode()
    account.refresh_from_db()
    assert account.phone == OLD


@pytest.mark.parametrize("role", ["security_admin", "audit_admin", "clerk", "dept_head", "operator"])
def test_nobody_else_changes_it(role: str, account: Account):
    with pytest.raises(NotAllowed):
        change_phone(actor=officer(role), account_id=account.pk, phone=NEW)


def test_nobody_changes_his_own_nor_to_what_is_none_or_the_same(client: Client, account: Account):
    guard = officer("system_admin")
    with pytest.raises(NotAllowed):
        change_phone(actor=guard, account_id=guard.account_id, phone=NEW)
    for typed, code in (("12345", "phone"), ("", "phone"), (OLD, "same")):
        with pytest.raises(AccountRefused) as refused:
            change_phone(actor=guard, account_id=account.pk, phone=typed)
        assert [reason.code for reason in refused.value.reasons] == [code]
    wrong = sign_in(client, guard).post(f"/console/staff/{account.pk}/phone/", {"phone": "12345"})
    assert wrong.status_code == 422
    assert "请填写11位的手机号码" in wrong.content.decode()
    assert not PhoneChange.objects.exists()


def test_a_code_that_went_to_the_old_phone_opens_nothing(account: Account):
    asked = ask_reset(number=account.username, name=account.name, phone=OLD)
    change_phone(actor=officer("system_admin"), account_id=account.pk, phone=NEW)
    with pytest.raises(ResetRefused):
        show_code(reset_id=asked.pk, code=asked.code)


def test_the_old_number_is_forgotten_after_a_day(account: Account):
    change = change_phone(actor=officer("system_admin"), account_id=account.pk, phone=NEW)
    told = tell_phone_changed(account.pk)
    assert forget_phones() == 0
    PhoneChange.objects.update(changed_at=change.changed_at - timedelta(days=2))
    assert forget_phones() == 1
    assert [address_of(one, "sms") for one in told] == [NEW, ""]
