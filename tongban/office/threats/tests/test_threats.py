"""What is recorded becomes an alert, once; it is closed by another person than whoever handled it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tongban.foundation.attempts.actions import note
from tongban.foundation.attempts.queries import mark_of
from tongban.foundation.audit.actions import record
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import appoint, open_account
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.kept import forget_kept
from tongban.foundation.notifications.models import Message
from tongban.foundation.organisations.tests.factories import make_post
from tongban.office.threats.actions import check_trail, handle, take, tune, verify, watch
from tongban.office.threats.errors import AlertRefused, RuleRefused
from tongban.office.threats.models import Alert, Mark, Rule
from tongban.office.threats.queries import alerts, counts, evidence, rules_in_force
from tongban.services.cases.queries import case_for
from tongban.services.cases.tests.factories import make_accepted, make_case, make_office

pytestmark = pytest.mark.django_db
NOON = "2026-11-20T04:00:00+00:00"  # in China
NIGHT = "2026-11-20T18:00:00+00:00"
FINDING, OPINION = "已与本人联系，是忘记了密码", "情况属实，同意关闭"


@pytest.fixture(autouse=True)
def noon():
    with time_machine.travel(NOON, tick=True) as clock:
        yield clock


@pytest.fixture
def guard():
    return officer("security_admin")


@pytest.fixture
def auditor():
    return officer("audit_admin")


def kinds() -> list[str]:
    return [alert.kind for alert in watch()]


def fails(n: int, account_id=None, address: str = "192.0.2.1", kind: str = "sign_in", **more: str) -> None:
    for _ in range(n):
        note(kind, account_id=account_id, address=address, **more)


def one(guard) -> Alert:
    fails(5, account_id=officer("clerk").account_id)
    (alert,) = watch()
    return alert


@pytest.mark.parametrize(
    ("kind", "n", "by", "alert"),
    [
        ("sign_in", 5, "account", "failed_account"),
        ("sign_in", 20, "address", "failed_address"),
        ("second_factor", 3, "account", "second_factor"),
        ("key", 5, "address", "wrong_key"),
        ("refused", 5, "account", "refused"),
        ("others_id", 5, "account", "others_ids"),
        ("limit", 1, "address", "limit"),
    ],
)
def test_attempts_make_an_alert_at_the_number_and_not_before(kind: str, n: int, by: str, alert: str) -> None:
    account = officer("clerk").account_id if by == "account" else None
    fails(n - 1, account, kind=kind)
    assert kinds() == []
    fails(1, account, kind=kind)
    assert kinds() == [alert]
    assert Alert.objects.get().who == (str(account) if account else mark_of("192.0.2.1"))


def test_an_open_alert_grows_and_is_no_second_one(guard) -> None:
    clerk = officer("clerk").account_id
    fails(5, clerk)
    watch()
    fails(2, clerk)
    assert kinds() == []
    assert Alert.objects.get().count == 7


def test_after_it_was_closed_only_what_came_later_counts(guard, auditor) -> None:
    alert = one(guard)
    handle(actor=guard, alert_id=alert.pk, finding=FINDING)
    verify(actor=auditor, alert_id=alert.pk, opinion=OPINION, agreed=True)
    assert kinds() == []
    fails(4, alert.who)
    assert kinds() == []
    fails(1, alert.who)
    assert kinds() == ["failed_account"]


def test_what_is_long_past_counts_no_more(noon) -> None:
    clerk = officer("clerk").account_id
    fails(4, clerk)
    noon.shift(timedelta(minutes=16))
    forget_kept()
    fails(4, clerk)
    assert kinds() == []


def test_security_administrators_are_told_without_a_name(guard) -> None:
    alert = one(guard)
    message = Message.objects.get(recipient_id=guard.account_id)
    assert "同一账号连续登录失败" in message.title
    assert message.link == f"/console/threats/{alert.pk}/"
    assert alert.who not in message.body


def export(actor, rows: int = 10) -> None:
    record("cases.exported", actor=actor, subject=f"department:{actor.department_id}", data={"rows": rows})


def test_exports_too_many_at_night_and_too_large(noon) -> None:
    clerk = officer("clerk")
    for _ in range(4):
        export(clerk)
    assert kinds() == []
    export(clerk)
    assert kinds() == ["exports", "export_unusual"]
    noon.move_to(NIGHT)
    export(officer("clerk"), rows=2500)
    assert kinds() == ["export_hours", "export_size"]


def test_who_exports_much_every_day_is_not_unusual(noon) -> None:
    clerk = officer("clerk")
    for day in range(3, 0, -1):
        noon.move_to(f"2026-11-{20 - day}T04:00:00+00:00")
        for _ in range(5):
            export(clerk)
    noon.move_to("2026-11-20T05:00:00+00:00")
    for _ in range(5):
        export(clerk)
    assert kinds() == ["exports"]


def test_persons_seen_without_an_open_case() -> None:
    office = make_office()
    clerk, idle, working = office.clerk, make_case(office), make_accepted(office)
    type(idle).objects.filter(pk=idle.pk).update(
        state="closed", is_open=False, closed_at=now(), result="granted", decided_at=now()
    )
    for _ in range(3):
        case_for(clerk, working.pk)
    assert kinds() == []
    for _ in range(3):
        case_for(clerk, idle.pk)
    assert kinds() == ["looks"]
    assert Alert.objects.get().who == str(clerk.account_id)


def test_a_new_administrator_is_told(guard) -> None:
    chief = installer("identity.manage_accounts")
    for role in ("clerk", "system_admin"):
        account = open_account(actor=chief, username=f"new-{role.replace('_', '-')}", name="新人", password_hash="!")
        appoint(actor=chief, account_id=account.pk, post_id=make_post(role=role).pk)
    assert kinds() == []  # done by the machine itself, at set-up
    admin = officer("system_admin")
    account = open_account(actor=admin, username="another", name="新人", password_hash="!")
    appoint(actor=admin, account_id=account.pk, post_id=make_post(role="audit_admin").pk)
    assert kinds() == ["administrators"]


def test_an_altered_trail_is_told(guard) -> None:
    assert check_trail() == 0
    fact = Fact.objects.filter(name="threats.trail_checked").get()
    with connection.cursor() as cursor:
        cursor.execute("alter table audit_fact disable trigger audit_fact_rows")
        cursor.execute("update audit_fact set data = '{}' where id = %s", [fact.pk])
        cursor.execute("alter table audit_fact enable trigger audit_fact_rows")
    assert check_trail() == 1
    assert kinds() == ["trail"]


def test_taken_handled_and_verified_by_another(guard, auditor) -> None:
    alert = one(guard)
    take(actor=guard, alert_id=alert.pk)
    with pytest.raises(AlertRefused):
        handle(actor=guard, alert_id=alert.pk, finding=" ")
    handle(actor=guard, alert_id=alert.pk, finding=FINDING)
    with pytest.raises(AlertRefused) as refusal:
        verify(actor=guard, alert_id=alert.pk, opinion=OPINION, agreed=True)
    assert [reason.code for reason in refusal.value.reasons] == ["same_person"]
    verify(actor=auditor, alert_id=alert.pk, opinion="请再核对一次网络地址", agreed=False)
    handle(actor=guard, alert_id=alert.pk, finding=FINDING)
    closed = verify(actor=auditor, alert_id=alert.pk, opinion=OPINION, agreed=True)
    assert (closed.state, closed.verified_by) == ("closed", auditor.account_id)
    names = Fact.objects.filter(stream=f"alert:{alert.pk}").order_by("position").values_list("name", flat=True)
    assert [name.removeprefix("threats.alert_") for name in names] == [
        "opened", "taken", "handled", "sent_back", "handled", "closed"
    ]  # fmt: skip


def test_the_database_keeps_the_two_apart_as_well(guard) -> None:
    alert = one(guard)
    handle(actor=guard, alert_id=alert.pk, finding=FINDING)
    with pytest.raises(IntegrityError, match="alert_verified_by_another"), transaction.atomic():
        Alert.objects.update(state="closed", verified_by=guard.account_id)


def test_rules_are_versions(guard) -> None:
    fails(4, officer("clerk").account_id)
    assert kinds() == []
    tune(actor=guard, kind="failed_account", most=4, minutes=15, is_active=True, reason="近期撞库增多")
    (alert,) = watch()
    assert (alert.kind, alert.version) == ("failed_account", 1)
    tune(actor=guard, kind="failed_account", most=4, minutes=15, is_active=False, reason="演练期间停用")
    fails(4, officer("clerk").account_id)
    assert kinds() == []
    assert [rule.version for rule in Rule.objects.filter(kind="failed_account")] == [2, 1]
    assert rules_in_force()["failed_account"].version == 2
    with pytest.raises(RuleRefused):
        tune(actor=guard, kind="failed_account", most=0, minutes=None, is_active=True, reason="")


@pytest.mark.parametrize("role", ["clerk", "system_admin", "operator"])
def test_others_see_and_do_nothing(guard, role: str) -> None:
    alert, stranger = one(guard), officer(role)
    for call in (
        lambda: alerts(stranger),
        lambda: evidence(stranger, alert),
        lambda: take(actor=stranger, alert_id=alert.pk),
        lambda: verify(actor=stranger, alert_id=alert.pk, opinion=OPINION, agreed=True),
        lambda: tune(actor=stranger, kind="refused", most=1, minutes=1, is_active=True, reason="试一试改规则"),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_the_auditor_verifies_and_tunes_nothing(guard, auditor) -> None:
    alert = one(guard)
    with pytest.raises(NotAllowed):
        take(actor=auditor, alert_id=alert.pk)
    with pytest.raises(NotAllowed):
        tune(actor=auditor, kind="refused", most=1, minutes=1, is_active=True, reason="试一试改规则")


def test_an_alert_holds_no_personal_data(guard) -> None:
    alert = one(guard)
    values = " ".join(str(value) for value in Alert.objects.filter(pk=alert.pk).values_list()[0])
    assert "周丽" not in values
    assert "192.0.2.1" not in values


def test_the_pages(guard, auditor, django_assert_max_num_queries) -> None:
    alert = one(guard)
    fails(3, officer("clerk").account_id, kind="second_factor", route="account/2fa/authenticate/")
    watch()
    client = sign_in(Client(), guard)
    with django_assert_max_num_queries(20):
        page = client.get("/console/threats/").content.decode()
    assert "同一账号连续登录失败" in page
    assert "二次验证连续失败" in page
    assert str(alert.pk) not in client.get("/console/threats/?kind=second_factor").content.decode()
    assert client.get("/console/threats/?state=closed").status_code == 200
    assert client.get(f"/console/threats/{alert.pk}/").status_code == 200
    assert client.post(f"/console/threats/{alert.pk}/take/").status_code == 302
    assert client.post(f"/console/threats/{alert.pk}/handle/", {"words": "无"}).status_code == 422
    assert client.post(f"/console/threats/{alert.pk}/handle/", {"words": FINDING}).status_code == 302
    assert client.post(f"/console/threats/{alert.pk}/close/", {"words": OPINION}).status_code == 422
    assert client.post(f"/console/threats/{alert.pk}/open/").status_code == 404
    changed = {"most": "6", "minutes": "20", "is_active": "1", "reason": "误报太多，放宽"}
    assert client.post("/console/threats/rules/failed_account/", changed).status_code == 302
    assert "误报太多，放宽" in client.get("/console/threats/rules/failed_account/").content.decode()
    assert client.post("/console/threats/rules/failed_account/", {"most": "x"}).status_code == 422
    assert client.get("/console/threats/rules/").status_code == 200
    assert client.get("/console/threats/rules/none/").status_code == 404
    other = sign_in(Client(), auditor)
    assert other.post(f"/console/threats/{alert.pk}/close/", {"words": OPINION}).status_code == 302
    by_kind, by_day, by_state = counts(guard)
    assert by_kind == {"failed_account": 1, "second_factor": 1}
    assert sum(by_day.values()) == 2
    assert by_state == {"closed": 1, "new": 1}


def test_papers_whose_signature_fails_are_noticed() -> None:
    fails(2, kind="signature")
    assert kinds() == []
    fails(1, kind="signature")
    assert kinds() == ["signature"]


def test_only_what_is_new_is_read_and_of_those_alone_who_did_it(noon, django_assert_max_num_queries) -> None:
    clerk, other = officer("clerk").account_id, officer("clerk").account_id
    fails(4, clerk)
    fails(4, other)
    assert kinds() == []
    noon.shift(timedelta(minutes=5))
    with django_assert_max_num_queries(len(rules_in_force()) + 6):  # what is new of each; of nobody his period
        assert kinds() == []
    fails(1, clerk)
    assert kinds() == ["failed_account"]
    assert Mark.objects.count() == len(rules_in_force())


def test_a_rule_that_was_changed_reads_its_period_anew(guard, noon) -> None:
    fails(4, officer("clerk").account_id)
    assert kinds() == []
    noon.shift(timedelta(minutes=5))
    tune(actor=guard, kind="failed_account", most=4, minutes=15, is_active=True, reason="试着收紧一点")
    assert kinds() == ["failed_account"]
