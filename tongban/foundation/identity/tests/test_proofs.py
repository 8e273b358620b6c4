"""Proving again who one is before a binding step: nobody who came in long ago binds the city, and no form is lost over it."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client

from tongban.foundation.attempts.models import Attempt
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.actions import set_proof_term
from tongban.foundation.identity.errors import ProofTermRefused
from tongban.foundation.identity.models import Account, Deputy, ProofTerm
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.kept import forget_kept
from tongban.foundation.organisations.tests.factories import make_department

from .factories import citizen, make_officer, officer, sign_in
from .test_entrance import PASSWORD, code_now, with_code, with_password

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "Brook-stone-52"
ROOMS = Path(__file__).resolve().parents[3]
# Where the hand of an official, or of a company's legal representative, binds others. Nothing may fall from this list unseen.
BINDING = {
    "data/gathering/actions/sources.py": {"connect_source", "change_source"},
    "data/registries/actions/amendments.py": {"agree_to_amendment"},
    "data/registries/actions/registers.py": {"publish_ruling"},
    "foundation/identity/actions/clearances.py": {"set_clearance"},
    "foundation/identity/actions/companies.py": {"grant_mandate"},
    "foundation/identity/actions/deputies.py": {"name_deputy"},
    "foundation/identity/actions/phones.py": {"change_phone"},
    "foundation/identity/actions/proofs.py": {"set_proof_term"},
    "foundation/identity/actions/staff.py": {"appoint", "set_password"},
    "foundation/identity/actions/systems.py": {"issue_system_key"},
    "foundation/seals/actions/keeping.py": {"hand_over"},
    "data/quality/actions/rows.py": {"export_rows"},
    "data/registries/actions/exporting.py": {"export_records"},
    "foundation/seals/actions/using.py": {"answer_request", "_taken", "note_export"},
    "foundation/trust/actions/desk.py": {"_waiting", "issue_certificate"},
    "foundation/trust/actions/lifecycle.py": {"_become", "rotate"},
    "services/cases/actions/personal.py": {"export_cases"},
    "services/cases/actions/turn.py": {"begin"},  # of `rules.SIGNED`: decide, certify, terminate, void
    "services/licences/actions/acts.py": {"_asked"},
    "services/licences/actions/scenes.py": {"open_scene"},
}


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    cache.clear()
    forget_kept()
    yield
    forget_kept()


def came_long_ago(client: Client, actor: Actor, *, minutes: int = 16, how: str = "mfa") -> Client:
    """Signed in, but the last proof is so many minutes old."""
    sign_in(client, actor)
    session = client.session
    session["account_authentication_methods"] = [{"method": how, "type": "totp", "at": time.time() - 60 * minutes}]
    session.save()
    return client


def asks_before_binding(path: Path) -> set[str]:
    functions = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))
    calls = {
        f.name: {c.func.id for c in ast.walk(f) if isinstance(c, ast.Call) and isinstance(c.func, ast.Name)}
        for f in functions
    }
    return {name for name, called in calls.items() if "require_proof" in called}


def test_the_binding_steps_are_these() -> None:
    found = {
        str(path.relative_to(ROOMS)): asks
        for path in ROOMS.glob("*/*/actions/*.py")
        if (asks := asks_before_binding(path))
    }
    assert found == BINDING


def naming_a_deputy(office: Any) -> dict[str, Any]:
    day = str(today())
    return {
        "account": make_officer(department=office, name="孙丽").pk,
        "starts_on": day,
        "until_on": day,
        "verbs": "cases.accept",
    }


def test_an_officer_proves_himself_and_what_he_typed_goes_on(client: Client) -> None:
    office = make_department()
    actor = officer(department=office)
    with_code(Account.objects.get(pk=actor.account_id))
    came_long_ago(client, actor)
    form = naming_a_deputy(office) | {"reason": "出差<1>"}
    asked = client.post("/console/deputies/", form)
    assert asked.status_code == 403
    assert 'action="/account/prove/?next=%2Fconsole%2Fdeputies%2F"' in asked.content.decode()
    assert 'name="reason" value="出差&lt;1&gt;"' in asked.content.decode()
    assert 'name="proof-password"' not in asked.content.decode()  # at a post a password proves nothing
    assert not Deputy.objects.exists()

    form |= {"proof-again": "1"}
    wrong = client.post("/account/prove/?next=/console/deputies/", form | {"proof-code": "000000"})
    assert wrong.status_code == 422
    assert 'name="reason" value="出差&lt;1&gt;"' in wrong.content.decode()
    assert Attempt.objects.filter(kind="second_factor").count() == 1
    right = client.post("/account/prove/?next=/console/deputies/", form | {"proof-code": code_now()}, follow=True)
    assert [status for _url, status in right.redirect_chain] == [307, 302]
    assert Deputy.objects.get().reason == "出差<1>"
    assert Fact.objects.get(name="identity.proved").data == {"how": "code"}


def test_a_password_is_no_proof_at_a_post(client: Client) -> None:
    office = make_department()
    actor = officer(department=office)
    with_password(actor.account_id)
    came_long_ago(client, actor)
    form = naming_a_deputy(office) | {"proof-again": "1", "proof-password": PASSWORD}
    assert client.post("/account/prove/?next=/console/deputies/", form, follow=True).status_code == 403
    assert not Deputy.objects.exists()


def test_a_fresh_sign_in_is_a_proof(client: Client) -> None:
    office = make_department()
    sign_in(client, officer(department=office))
    assert client.post("/console/deputies/", naming_a_deputy(office)).status_code == 302


def test_an_export_waits_for_a_proof(client: Client) -> None:
    actor = officer()
    with_code(Account.objects.get(pk=actor.account_id))
    came_long_ago(client, actor)
    export, came_from = "/console/cases/export/?view=all", "http://testserver/console/cases/?view=all"
    asked = client.post(export, headers={"referer": came_from})
    assert asked.status_code == 403
    assert f'data-back="{came_from}"' in asked.content.decode()
    for elsewhere in ("", "https://elsewhere.example/"):
        assert "data-back" not in client.post(export, headers={"referer": elsewhere}).content.decode()
    assert not Fact.objects.filter(name="cases.exported").exists()
    form = {"proof-again": "1", "proof-code": code_now()}
    went_on = client.post(f"/account/prove/?next={quote(export)}", form)
    assert (went_on.status_code, went_on.url) == (307, export)
    file = client.post(export, form | {"proof-again": "a1b2"})
    assert file.status_code == 200
    assert file.cookies["proof-done"].value == "a1b2"  # what the proof page waits for, to go back
    for wrong in ("", "a;b", "x" * 33):
        assert "proof-done" not in client.post(export, {"proof-again": wrong}).cookies


def test_a_citizen_proves_himself_by_password_and_a_program_is_told_how(client: Client) -> None:
    actor = citizen()
    with_password(actor.account_id)
    came_long_ago(client, actor, how="password")
    assert 'name="proof-password"' in client.get("/account/prove/").content.decode()
    json = {"headers": {"Accept": "application/json"}}
    assert client.post("/account/prove/", {"proof-password": "not-this-one-1"}, **json).status_code == 422
    assert client.post("/account/prove/", {"proof-password": PASSWORD}, **json).status_code == 204
    assert (
        client.post("/account/prove/?next=https://evil.example/", {"proof-password": PASSWORD}).url == "/my/security/"
    )


def test_a_program_gets_the_code_and_where_to_prove(client: Client) -> None:
    came_long_ago(client, officer())
    answer = client.post("/console/cases/export/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"], answer.json()["prove_at"]) == (
        403,
        "proof_needed",
        "/account/prove/",
    )


def test_the_term_is_the_citys_with_a_date(client: Client) -> None:
    guard = officer("security_admin")
    set_proof_term(actor=guard, minutes=5, starts_on=today(), reason="专项检查期间从严")
    set_proof_term(actor=guard, minutes=30, starts_on=today() + timedelta(days=7), reason="检查结束后放宽")
    assert set(ProofTerm.objects.values_list("minutes", flat=True)) == {5, 30}
    came_long_ago(client, guard, minutes=6)
    form = {"minutes": "10", "starts_on": str(today()), "reason": "再放宽一点"}
    assert client.post("/console/rights/proofs/", form).status_code == 403
    came_long_ago(client, guard, minutes=4)
    assert client.post("/console/rights/proofs/", form | {"minutes": "61"}).status_code == 422
    assert client.post("/console/rights/proofs/", form).status_code == 302
    with pytest.raises(ProofTermRefused) as refusal:
        set_proof_term(actor=guard, minutes=0, starts_on=None, reason="")
    assert set(refusal.value.fields) == {"minutes", "starts_on", "reason"}
    with pytest.raises(NotAllowed):
        set_proof_term(actor=officer(), minutes=5, starts_on=today(), reason="不归他管")


def test_a_password_typed_before_the_proof_is_not_sent_on_and_that_is_said(client: Client) -> None:
    chief = officer("system_admin")
    came_long_ago(client, chief)
    target = f"/console/staff/{make_officer().pk}/password/"
    asked = client.post(target, {"password": NEW_PASSWORD, "note": "本人忘记密码"})
    page = asked.content.decode()
    assert asked.status_code == 403
    assert NEW_PASSWORD not in page
    assert "附件和密码不能跟着过来" in page
