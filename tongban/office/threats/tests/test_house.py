"""The house checks itself: what gives rights, guards the trail or sets the rules, and was not done through our actions, is an alert."""

from __future__ import annotations

import pytest
from django.db import connection

from tongban.foundation.audit.gateways import keep_head
from tongban.foundation.identity.actions import appoint, open_account, set_proof_term
from tongban.foundation.identity.models import Account, Appointment, ProofTerm
from tongban.foundation.identity.queries import actor_of, separation
from tongban.foundation.identity.tests.factories import make_officer, officer, sign_in
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.organisations.models import Post
from tongban.foundation.organisations.tests.factories import make_post
from tongban.office.threats.actions import check_house, tune, watch
from tongban.office.threats.models import Alert, Rule

pytestmark = pytest.mark.django_db
SETTER = installer("identity.manage_accounts")


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path) -> None:
    settings.AUDIT_KEY_FOLDER = tmp_path


def appointed(role: str) -> Account:
    account = open_account(actor=SETTER, username=f"new-{role.replace('_', '-')}", name="周丽", password_hash="!")
    appoint(actor=SETTER, account_id=account.pk, post_id=make_post(role=role).pk)
    return account


def test_a_house_as_it_was_written_has_nothing_to_tell() -> None:
    guard = actor_of(appointed("security_admin"))
    tune(actor=guard, kind="refused", most=9, minutes=60, is_active=True, reason="试着放宽一点")
    set_proof_term(actor=guard, minutes=5, starts_on=today(), reason="专项检查期间从严")
    assert check_house() == []
    assert watch() == []


def test_a_file_that_changed_is_told() -> None:
    assert check_house(altered=["tongban/urls.py"]) == ["file:tongban/urls.py"]
    assert [alert.kind for alert in watch()] == ["house"]
    assert Alert.objects.get().who == "house"


def test_an_administrator_whom_nobody_appointed_is_told() -> None:
    seat = Appointment.objects.get(account=make_officer("audit_admin"))
    assert check_house() == [f"appointment:{seat.pk}"]


def test_rules_changed_behind_our_back_are_told() -> None:
    guard = actor_of(appointed("security_admin"))
    tune(actor=guard, kind="refused", most=9, minutes=60, is_active=True, reason="试着放宽一点")
    set_proof_term(actor=guard, minutes=5, starts_on=today(), reason="专项检查期间从严")
    Rule.objects.update(most=999)
    ProofTerm.objects.update(minutes=60)
    assert check_house() == [f"proof-term:{ProofTerm.objects.get().pk}", "threat-rule:refused"]


def test_a_post_that_changes_its_role_is_found_and_shown(client) -> None:
    account = appointed("clerk")
    appoint(actor=SETTER, account_id=account.pk, post_id=make_post(role="reviewer").pk)
    assert check_house() == []
    with connection.cursor() as cursor:  # by whoever owns the database: nobody else gets past it
        cursor.execute("set constraints all immediate")
        cursor.execute("alter table organisations_post disable trigger administrators_kept_apart")
    Post.objects.filter(role="reviewer").update(role="audit_admin")
    assert {"identity:guards", f"account:{account.pk}"} <= set(check_house())
    guard = officer("security_admin")
    clashes, _administrators = separation(guard)
    assert [held for held, _seats in clashes] == [account]
    page = sign_in(client, guard).get("/console/rights/").content.decode()
    assert "有人兼任" in page
    with pytest.raises(NotAllowed):
        separation(officer("system_admin"))


def test_guards_that_are_off_and_a_seal_that_is_gone_are_told() -> None:
    keep_head(7, "f" * 64)
    assert check_house() == ["audit:head"]
    with connection.cursor() as cursor:
        cursor.execute("alter table audit_fact disable trigger audit_fact_rows")
    assert check_house() == ["audit:guards", "audit:head"]
