"""Three administrators: one opens accounts, one guards rights, one reads the trail; none can do another's work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tongban.foundation.audit.actions import record
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import appoint, issue_system_key
from tongban.foundation.identity.models import Account, Appointment, SystemClient
from tongban.foundation.identity.queries import actor_of_key, capacities_of, unused_accounts
from tongban.foundation.identity.rules import GRANTS, SEPARATED, UNUSED_AFTER, roles_clash
from tongban.foundation.kernel.actors import ANONYMOUS, Scope, installer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.tests.factories import make_department, make_post

from .factories import capacity_of, citizen, make_account, make_officer, officer, sign_in

pytestmark = pytest.mark.django_db
STRONG = "willow-teapot-31"
WORK = {
    "system_admin": ["/console/staff/", "/console/organisations/"],
    "security_admin": ["/console/rights/"],
    "audit_admin": ["/console/audit/"],
}


@pytest.fixture
def admin(client: Client) -> Client:
    return sign_in(client, officer("system_admin"))


@pytest.fixture
def guard(client: Client) -> Client:
    return sign_in(client, officer("security_admin"))


@pytest.mark.parametrize("role", sorted(SEPARATED))
def test_each_administrator_enters_his_own_pages_only(client: Client, role: str) -> None:
    sign_in(client, officer(role))
    for owner, pages in WORK.items():
        for page in pages:
            assert client.get(page).status_code == (200 if owner == role else 403), page


def test_the_three_share_no_right() -> None:
    """None can do what another can; only looking at certificates, seals and alerts, for which two of them answer together, is shared."""
    looked_at_together = {"trust.see", "seals.see", "threats.see", "threats.verify"}
    held = [set(GRANTS[role]) - looked_at_together for role in sorted(SEPARATED)]
    assert all(a.isdisjoint(b) for a in held for b in held if a is not b)
    others = set().union(*(set(grants) for role, grants in GRANTS.items() if role not in SEPARATED))
    assert others.isdisjoint(set().union(*held))


@pytest.mark.parametrize(
    ("roles", "clash"),
    [({"clerk"}, False), ({"clerk", "reviewer"}, False), ({"audit_admin"}, False), ({"audit_admin", "clerk"}, True),
     ({"system_admin", "security_admin"}, True)],
)  # fmt: skip
def test_who_may_hold_what_together(roles: set[str], clash: bool) -> None:
    assert roles_clash(roles) is clash


def test_an_account_is_opened_seated_and_taken_off(admin: Client) -> None:
    post = make_post("clerk")
    typed = {"username": "Zhou.Li", "name": "周丽", "password": STRONG, "email": ""}
    page = admin.post("/console/staff/add/", typed)
    account = Account.objects.get(username="zhou.li")
    assert page.url == f"/console/staff/{account.pk}/"
    admin.post(f"{page.url}appoint/", {"post": str(post.pk)})
    assert [c.key for c in capacities_of(account)] == [f"post:{post.pk}"]
    assert post.name in admin.get(page.url).content.decode()
    assert "zhou.li" in admin.get("/console/staff/?q=周丽").content.decode()
    seat = account.appointments.get()
    admin.post(f"/console/staff/appointments/{seat.pk}/end/")
    assert capacities_of(account) == []
    names = set(Fact.objects.filter(stream=f"account:{account.pk}").values_list("name", flat=True))
    assert names == {"identity.account_opened", "identity.appointed", "identity.appointment_ended"}


def test_mistakes_in_a_new_account_are_named_and_the_password_is_not_sent_back(admin: Client) -> None:
    make_account(username="zhouli")
    page = admin.post("/console/staff/add/", {"username": "zhouli", "name": "", "password": "123", "email": ""})
    assert page.status_code == 422
    assert set(page.context["error"].fields) == {"username", "name", "password"}
    assert 'value="123"' not in page.content.decode()


@pytest.mark.parametrize("post", ["", "x", "01900000-0000-7000-8000-000000000000"])
def test_a_post_that_is_none_is_refused(admin: Client, post: str) -> None:
    account = make_account()
    answer = admin.post(f"/console/staff/{account.pk}/appoint/", {"post": post})
    assert answer.status_code in (404, 422)
    assert not account.appointments.exists()


def test_an_appointment_ends_on_its_last_day() -> None:
    account = make_officer()
    Appointment.objects.update(starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    assert capacities_of(account) == []
    Appointment.objects.update(ends_on=today())
    assert len(capacities_of(account)) == 1


def test_a_stopped_account_is_out_at_once(client: Client, django_user_model) -> None:
    actor = officer()
    sign_in(client, actor)
    other = sign_in(Client(), officer("system_admin"))
    other.post(f"/console/staff/{actor.account_id}/switch/", {"is_active": "0"})
    assert client.get("/account/enter/?stay=1").wsgi_request.actor == ANONYMOUS


def test_nobody_stops_seats_or_resets_himself(admin: Client) -> None:
    own = admin.get("/console/staff/").wsgi_request.actor.account_id
    for what, data in (
        ("switch", {"is_active": "0"}),
        ("password", {"password": STRONG}),
        ("appoint", {"post": str(make_post("security_admin").pk)}),
    ):
        assert admin.post(f"/console/staff/{own}/{what}/", data).status_code in (403, 422), what
    assert Account.objects.get(pk=own).is_active


def test_a_reset_password_ends_the_sessions_that_used_the_old_one(admin: Client) -> None:
    actor = citizen()
    other = sign_in(Client(), actor)
    assert other.get("/my/security/").status_code == 200
    admin.post(f"/console/staff/{actor.account_id}/password/", {"password": STRONG})
    assert Account.objects.get(pk=actor.account_id).check_password(STRONG)
    assert other.get("/my/security/").status_code == 302


def test_the_security_administrator_unlocks_and_signs_out(guard: Client) -> None:
    actor = officer()
    other = sign_in(Client(), actor)
    Account.objects.filter(pk=actor.account_id).update(locked_until=now() + timedelta(minutes=5))
    assert str(actor.account_id) in guard.get("/console/rights/").content.decode()
    guard.post(f"/console/rights/accounts/{actor.account_id}/unlock/")
    assert Account.objects.get(pk=actor.account_id).locked_until is None
    guard.post(f"/console/rights/accounts/{actor.account_id}/sessions/end/")
    assert other.get("/account/enter/").url.startswith("/account/login/")


def test_the_table_of_rights_says_what_is_granted(guard: Client) -> None:
    text = guard.get("/console/rights/").content.decode()
    for verb in {verb for grants in GRANTS.values() for verb in grants}:
        assert verb in text


def test_a_key_is_shown_once_and_opens_its_department_only(guard: Client) -> None:
    department = make_department()
    typed = {"department": str(department.pk), "name": "业务系统", "scopes": ["cases.apply", "cases.see"]}
    page = guard.post("/console/rights/keys/", typed)
    key = page.context["new_key"]
    assert key in page.content.decode()
    assert key not in guard.get("/console/rights/").content.decode()
    actor = actor_of_key(key)
    assert (actor.kind, actor.department_id) == ("system", department.pk)
    assert dict(actor.grants) == {"cases.apply": Scope.DEPARTMENT, "cases.see": Scope.DEPARTMENT}
    assert not SystemClient.objects.filter(key_hash=key).exists()
    guard.post(f"/console/rights/keys/{SystemClient.objects.get().pk}/stop/")
    assert actor_of_key(key) == ANONYMOUS


@pytest.mark.parametrize(
    "changes", [{"department": ""}, {"department": "x"}, {"name": " "}, {"scopes": []}, {"scopes": ["audit.see"]}]
)
def test_a_key_that_reaches_too_far_or_is_incomplete_is_refused(guard: Client, changes: dict[str, object]) -> None:
    typed = {"department": str(make_department().pk), "name": "系统", "scopes": ["cases.see"]} | changes
    assert guard.post("/console/rights/keys/", typed).status_code == 422
    assert not SystemClient.objects.exists()


def test_a_key_of_a_closed_department_opens_nothing() -> None:
    department = make_department()
    _client, key = issue_system_key(
        actor=installer("identity.manage_rights"), department_id=department.pk, name="系统", scopes=["cases.see"]
    )
    department.is_active = False
    department.save()
    assert actor_of_key(key) == ANONYMOUS


def test_the_list_of_staff_costs_the_same_for_many(admin: Client, django_assert_max_num_queries) -> None:
    for _ in range(12):
        make_officer()
    with django_assert_max_num_queries(12):
        admin.get("/console/staff/")


def test_the_trail_is_filtered_and_names_no_citizen(client: Client) -> None:
    seen = make_account()
    post = make_post()
    appoint(actor=installer("identity.manage_accounts"), account_id=seen.pk, post_id=post.pk)
    sign_in(client, officer("audit_admin"))
    text = client.get("/console/audit/?name=identity.appointed").content.decode()
    assert f"account:{seen.pk}" in text
    assert "organisations.department_added" not in text
    stream = client.get(f"/console/audit/account:{seen.pk}/").content.decode()
    assert "identity.appointed" in stream
    for odd in ("?since=x&until=2026-02-30&department=x&actor=x", "?cursor=zzz", "?name=%00"):
        assert client.get(f"/console/audit/{odd}").status_code in (200, 400, 404, 422), odd


def test_a_fact_may_speak_of_items(client: Client) -> None:
    """A mandate's fact lists its items under that very name, which is also what a dictionary's method is called."""
    record(
        "identity.mandate_given",
        actor=installer(),
        subject="company:1",
        data={"items": ["a-filing"], "until": "2027-01-01"},
    )
    sign_in(client, officer("audit_admin"))
    assert "a-filing" in client.get("/console/audit/").content.decode()


def test_capacity_of_is_what_sign_in_enters() -> None:
    actor = officer()
    assert capacity_of(actor) == f"post:{actor.post_id}"


def test_staff_who_have_not_signed_in_for_long_are_shown_to_be_closed(client):
    long_ago = now() - UNUSED_AFTER - timedelta(days=1)
    never, lately, gone, closed = (make_officer(name=name) for name in ("从不来", "常来的", "不来了", "停用的"))
    Account.objects.filter(pk__in=[never.pk, lately.pk, gone.pk, closed.pk]).update(created_at=long_ago)
    Account.objects.filter(pk=lately.pk).update(last_login=now())
    Account.objects.filter(pk=gone.pk).update(last_login=long_ago)
    Account.objects.filter(pk=closed.pk).update(is_active=False)
    citizen_account = make_account(name="市民")
    Account.objects.filter(pk=citizen_account.pk).update(created_at=long_ago)
    guard = officer("security_admin")
    assert {account.name for account in unused_accounts(guard)} == {"从不来", "不来了"}
    page = sign_in(client, guard).get("/console/rights/").content.decode()
    assert "90天没有登录过的在岗账号" in page
    with pytest.raises(NotAllowed):
        unused_accounts(officer("clerk"))
