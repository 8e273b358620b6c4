"""What a password must be, how long it holds, and how long a session does (等级保护 level 3, 身份鉴别)."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client

from tongban.foundation.identity.actions import open_account, set_password
from tongban.foundation.identity.actions.staff import password_reasons
from tongban.foundation.identity.errors import AccountRefused
from tongban.foundation.identity.models import Account
from tongban.foundation.identity.passwords import change_password, is_due, password_by_chance
from tongban.foundation.identity.rules import classes_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now

from .factories import make_officer, officer, sign_in

pytestmark = pytest.mark.django_db
CHIEF = installer("identity.manage_accounts")


@pytest.mark.parametrize(
    ("password", "classes"),
    [("willow", 1), ("Willow", 2), ("willow-teapot-31", 3), ("Willow-teapot-31", 4), ("柳树与茶壶", 1), ("", 0)],
)
def test_classes_are_counted(password: str, classes: int) -> None:
    assert classes_in(password) == classes


@pytest.mark.parametrize(
    ("password", "good"),
    [("willow-teapot-31", True), ("willowteapots", False), ("willowteapot31", False), ("w-3a", False)],
)
def test_too_plain_a_password_is_refused(password: str, good: bool) -> None:
    assert (password_reasons(password) == []) is good


def test_one_made_by_chance_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    thrown = iter(["FDQsGlKQTDvFQNfdGewq", "aaaaaaaaaaaa", "Tb0Tb0Tb0Tb0Tb0Tb0Tb0"])
    monkeypatch.setattr("secrets.token_urlsafe", lambda length: next(thrown))
    assert password_by_chance(20) == "Tb0Tb0Tb0Tb0Tb0Tb0Tb", "the first two have too few kinds of characters"


def test_none_of_the_last_five_again() -> None:
    account = make_officer()
    for number in range(6):
        change_password(account, f"willow-teapot-{number}", by_himself=True)
    account = Account.objects.get(pk=account.pk)
    refused = [bool(password_reasons(f"willow-teapot-{number}", account)) for number in range(6)]
    assert refused == [False, True, True, True, True, True]


def test_what_another_chose_is_changed_before_the_first_work() -> None:
    account = open_account(actor=CHIEF, username="newcomer", name="新人", password="willow-teapot-31")
    assert is_due(account)
    change_password(account, "quiet-harbour-47", by_himself=True)
    assert not is_due(account)
    set_password(actor=officer("system_admin"), account_id=account.pk, password="brisk-lantern-58")
    assert is_due(Account.objects.get(pk=account.pk))
    with pytest.raises(AccountRefused):
        set_password(actor=officer("system_admin"), account_id=account.pk, password="willow-teapot-31")


def test_after_ninety_days_a_post_waits_for_a_new_password() -> None:
    clerk = officer("clerk")
    account = Account.objects.get(pk=clerk.account_id)
    account.set_password("willow-teapot-31")
    account.password_set_at = now() - timedelta(days=91)
    account.save()
    client = sign_in(Client(), clerk)
    answer = client.post("/account/enter/", {"capacity": f"post:{clerk.post_id}"})
    assert answer.url == "/account/password/"
    change_password(account, "quiet-harbour-47", by_himself=True)
    client = sign_in(Client(), clerk)
    assert client.post("/account/enter/", {"capacity": f"post:{clerk.post_id}"}).url == "/console/"


def test_changing_ones_own_is_remembered() -> None:
    clerk = officer("clerk")
    Account.objects.filter(pk=clerk.account_id).update(password_set_at=None)
    account = Account.objects.get(pk=clerk.account_id)
    account.set_password("willow-teapot-31")
    account.save()
    client = sign_in(Client(), clerk)
    typed = {"oldpassword": "willow-teapot-31", "password1": "quiet-harbour-47", "password2": "quiet-harbour-47"}
    assert client.post("/account/password/", typed).status_code == 302
    account.refresh_from_db()
    assert not is_due(account)
    assert len(account.former_passwords) == 1


def enter(client: Client, actor) -> Client:
    assert client.post("/account/enter/", {"capacity": f"post:{actor.post_id}"}).status_code == 302
    return client


@pytest.mark.parametrize(
    ("role", "minutes", "stays"),
    [("clerk", 29, True), ("clerk", 31, False), ("audit_admin", 9, True), ("audit_admin", 11, False)],
)
def test_an_idle_session_ends_an_administrators_sooner(role: str, minutes: int, stays: bool) -> None:
    actor = officer(role)
    client = enter(_fresh(actor), actor)
    client.get("/console/")
    with time_machine.travel(now() + timedelta(minutes=minutes)):
        assert (client.get("/console/").status_code == 200) is stays


def test_a_session_ends_after_twelve_hours_however_busy() -> None:
    client = sign_in(Client(), officer("clerk"))
    start = now()
    for quarter in range(12 * 4 + 1):
        with time_machine.travel(start + timedelta(minutes=15 * quarter)):
            last = client.get("/my/security/")
    assert last.status_code == 200
    with time_machine.travel(start + timedelta(hours=12, minutes=5)):
        assert client.get("/my/security/").status_code == 302


def _fresh(actor) -> Client:
    """Signed in, and no post entered yet."""
    client = sign_in(Client(), actor)
    session = client.session
    del session["capacity"]
    session.save()
    return client


@pytest.mark.parametrize(("role", "left"), [("security_admin", 1), ("clerk", 2)])
def test_an_administrator_is_signed_in_once(role: str, left: int) -> None:
    actor = officer(role)
    first = enter(_fresh(actor), actor)
    second = enter(_fresh(actor), actor)
    assert UserSession.objects.filter(user=actor.account_id).count() == left
    assert (first.get("/console/").status_code == 200) is (left == 2)
    assert second.get("/console/").status_code == 200
