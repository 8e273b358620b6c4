"""Coming in as a browser does it: password, second factor, capacity; and what keeps others out."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import unlock
from tongban.foundation.identity.models import Account
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.secrets import close

from .factories import capacity_of, citizen, company_actor, officer, sign_in

pytestmark = pytest.mark.django_db
PASSWORD = "willow-teapot-31"
SECRET = base64.b32encode(b"twenty bytes of test").decode()


@pytest.fixture(autouse=True)
def _no_attempts_yet() -> None:
    cache.clear()


def with_password(account_id: object) -> Account:
    account = Account.objects.get(pk=account_id)
    account.set_password(PASSWORD)
    account.save()
    return account


def with_code(account: Account) -> Account:
    Authenticator.objects.create(user=account, type="totp", data={"secret": close(SECRET)})
    return account


def code_now() -> str:
    return format_hotp_value(hotp_value(SECRET, int(now().timestamp()) // 30))


def log_in(client: Client, account: Account, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/account/login/", {"login": account.username, "password": password, **more})


def test_a_citizen_signs_in_and_lands_where_he_wanted(client: Client) -> None:
    account = with_password(citizen().account_id)
    assert log_in(client, account, next="/halls/").url == "/halls/"
    answer = client.get("/account/login/?next=/halls/")
    assert answer.url == "/account/enter/?next=%2Fhalls%2F"
    assert client.get(answer.url).url == "/halls/"
    assert client.session["capacity"] == "self"
    assert Fact.objects.filter(name="identity.signed_in", actor_id=account.pk).count() == 1


def test_another_site_is_never_where_he_wanted(client: Client) -> None:
    client.force_login(with_password(citizen().account_id))
    for nowhere in ("https://evil.example/", "//evil.example/", "words", "javascript:alert(1)", "/\\evil.example"):
        assert client.get("/account/enter/", {"next": nowhere}).url == "/my/", nowhere


def test_an_officer_enters_his_post_with_password_and_code(client: Client) -> None:
    account = with_code(with_password(officer().account_id))
    assert log_in(client, account).url == "/account/2fa/authenticate/"
    assert client.get("/account/enter/").status_code == 302  # not in yet
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert client.post("/account/2fa/authenticate/", {"code": code_now()}).url == "/account/enter/"
    assert client.get("/account/enter/").url == "/console/"
    assert client.get("/account/enter/?stay=1").wsgi_request.actor.kind == "staff"


def test_a_code_works_once(client: Client) -> None:
    account = with_code(with_password(officer().account_id))
    with time_machine.travel("2026-03-02T02:00:05Z", tick=False):
        for other, expected in ((client, 302), (Client(), 200)):
            log_in(other, account)
            assert other.post("/account/2fa/authenticate/", {"code": code_now()}).status_code == expected


def test_a_post_cannot_be_entered_without_a_second_factor(client: Client) -> None:
    actor = officer()
    client.force_login(Account.objects.get(pk=actor.account_id))
    answer = client.post("/account/enter/", {"capacity": capacity_of(actor)})
    assert answer.status_code == 403
    assert reverse("mfa_activate_totp") in answer.content.decode()
    assert "capacity" not in client.session


def test_who_has_a_second_factor_but_did_not_show_it_is_asked_for_it(client: Client) -> None:
    actor = officer()
    client.force_login(with_code(Account.objects.get(pk=actor.account_id)))
    answer = client.post("/account/enter/", {"capacity": capacity_of(actor)})
    assert answer.url.startswith("/account/2fa/reauthenticate/")


def test_a_post_written_into_the_session_is_still_nobody_without_a_second_factor(client: Client) -> None:
    sign_in(client, officer())
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 1.0}]
    session.save()
    assert client.get("/account/enter/?stay=1").wsgi_request.actor.signed_in is False


def test_an_officer_sets_up_his_first_code_and_is_in(client: Client) -> None:
    account = with_password(officer().account_id)
    log_in(client, account)
    assert client.get("/account/enter/").status_code == 403
    answer = client.get("/account/2fa/totp/activate/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/reauthenticate/")
    client.post(answer.redirect_chain[-1][0], {"password": PASSWORD})
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(now().timestamp()) // 30))
    assert client.post("/account/2fa/totp/activate/", {"code": code}).url == "/account/2fa/recovery-codes/"
    assert len(client.get("/account/2fa/recovery-codes/").context["unused_codes"]) == 10
    assert client.get("/account/enter/").url == "/console/"
    stored = Authenticator.objects.get(user=account, type="totp").data["secret"]
    assert secret not in stored


def test_an_officer_cannot_lay_down_his_last_second_factor(client: Client) -> None:
    actor = officer()
    account = with_code(with_password(actor.account_id))
    sign_in(client, actor)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.post("/account/2fa/totp/deactivate/")
    assert "必须保留一种" in page.content.decode()
    assert Authenticator.objects.filter(user=account).exists()


def test_a_legal_person_chooses_between_himself_and_his_company(client: Client) -> None:
    actor = company_actor()
    client.force_login(Account.objects.get(pk=actor.account_id))
    assert actor.name in client.get("/account/enter/").content.decode()
    before = client.session.session_key
    client.post("/account/enter/", {"capacity": capacity_of(actor)})
    assert client.session.session_key != before
    assert client.get("/account/enter/").wsgi_request.actor.company_id == actor.company_id


def test_somebody_elses_post_cannot_be_entered(client: Client) -> None:
    sign_in(client, officer())
    answer = client.post("/account/enter/", {"capacity": capacity_of(officer("approver"))})
    assert answer.status_code == 403


def test_five_wrong_passwords_lock_the_account_until_it_is_unlocked(client: Client) -> None:
    account = with_password(citizen().account_id)
    for _ in range(5):
        assert "登录名或密码不对" in log_in(client, account, "wrong-password").content.decode()
    assert "连续输错的次数太多" in log_in(client, account).content.decode()
    assert Fact.objects.filter(name="identity.account_locked", stream=f"account:{account.pk}").count() == 1
    unlock(actor=installer("identity.manage_rights"), account_id=account.pk)
    assert log_in(client, account).status_code == 302


def test_a_lock_opens_by_itself(client: Client) -> None:
    account = with_password(citizen().account_id)
    for _ in range(5):
        log_in(client, account, "wrong-password")
    with time_machine.travel(now() + timedelta(minutes=16), tick=True):
        cache.clear()  # its own counter runs by the monotonic time of requests, not by ours
        assert log_in(client, account).status_code == 302


def test_a_name_nobody_has_is_locked_in_the_same_words(client: Client) -> None:
    nobody = Account(username="nobody-at-all")
    said = [log_in(client, nobody, "wrong-password").content.decode() for _ in range(6)]
    assert "登录名或密码不对" in said[0]
    assert "连续输错的次数太多" in said[5]


def test_a_right_password_starts_the_count_anew(client: Client) -> None:
    account = with_password(citizen().account_id)
    for _ in range(3):
        log_in(client, account, "wrong-password")
    log_in(client, account)
    account.refresh_from_db()
    assert account.failures == 0


def test_a_stopped_account_does_not_enter(client: Client) -> None:
    account = with_password(citizen().account_id)
    Account.objects.filter(pk=account.pk).update(is_active=False)
    log_in(client, account)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("role", "idle", "still_in"), [("clerk", 29, True), ("clerk", 31, False), ("", 31, True)])
def test_idle_sessions_end(client: Client, role: str, idle: int, still_in: bool) -> None:
    sign_in(client, officer(role) if role else citizen())
    client.get("/account/enter/?stay=1")
    with time_machine.travel(now() + timedelta(minutes=idle), tick=True):
        client.get("/halls/")
    assert ("_auth_user_id" in client.session) is still_in


def test_a_session_on_another_device_is_ended(client: Client) -> None:
    account = with_password(citizen().account_id)
    other = Client()
    log_in(other, account)
    other.get("/account/enter/")
    log_in(client, account)
    client.get("/account/enter/")
    page = client.get("/my/security/")
    (session,) = [s for s, _device in page.context["sessions"] if s.session_key != client.session.session_key]
    assert session.session_key == other.session.session_key
    client.post(f"/my/security/sessions/{session.pk}/end/")
    assert other.get("/my/looks/").url.startswith("/account/login/")
    assert client.get("/my/looks/").status_code == 200


def test_nobody_ends_the_session_of_another(client: Client) -> None:
    other = Client()
    log_in(other, with_password(citizen().account_id))
    session = other.get("/my/security/").context["sessions"][0][0]
    sign_in(client, citizen())
    assert client.post(f"/my/security/sessions/{session.pk}/end/").status_code == 404


def test_signing_out_is_written_down(client: Client) -> None:
    account = with_password(citizen().account_id)
    log_in(client, account)
    client.post("/account/logout/")
    assert Fact.objects.filter(name="identity.signed_out", stream=f"account:{account.pk}").count() == 1


@pytest.mark.parametrize("page", ["login", "register"])
def test_pages_before_sign_in_open(client: Client, page: str) -> None:
    assert client.get(f"/account/{page}/").status_code == 200


@pytest.mark.parametrize(
    "page",
    ["/my/security/", "/my/looks/", "/account/password/", "/account/reauthenticate/", "/account/2fa/totp/activate/",
     "/account/2fa/passkeys/add/"],
)  # fmt: skip
def test_pages_of_ones_own_account_open(client: Client, page: str) -> None:
    actor = citizen()
    with_password(actor.account_id)
    sign_in(client, actor)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get(page).status_code == 200
