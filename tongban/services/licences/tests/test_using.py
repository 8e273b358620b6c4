"""Showing, allowing, taking back, looking: and the ledger that the holder reads."""

from datetime import timedelta

import pytest
import time_machine

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.services.licences.actions import allow, look_up, show_code, suspend, take_back
from tongban.services.licences.errors import CodeSpent, GrantRefused, LookRefused, NoConsent, NotShowable
from tongban.services.licences.models import Scene, Use
from tongban.services.licences.queries import grants_of, is_live, ledger_of
from tongban.services.licences.rules.using import look_faults

from .factories import make_licence

pytestmark = pytest.mark.django_db
FOR = {"purpose": "核对经营资格", "case_no": "示例2026001"}


@pytest.fixture
def holder():
    return citizen()


@pytest.fixture
def licence(holder):
    return make_licence(holder=holder)


@pytest.fixture
def clerk():
    return officer("clerk")


def ask(clerk, licence):
    return look_up(actor=clerk, number=licence.holder_number, type_code=licence.type_code, **FOR)


def test_a_shown_code_opens_once(holder, licence, clerk):
    code, _until = show_code(actor=holder, licence_id=licence.pk)
    spaced = f"{code[:4]} {code[4:8]} {code[8:]}"
    assert look_up(actor=clerk, code=spaced, **FOR).fields["business_name"] == licence.fields["business_name"]
    with pytest.raises(CodeSpent):
        look_up(actor=clerk, code=code, **FOR)
    [use] = ledger_of(holder)
    assert (use.way, use.purpose, use.case_no, use.given) == ("code", *FOR.values(), True)


def test_a_code_ends_after_two_minutes_and_a_new_one_spends_the_old(holder, licence, clerk):
    old, _ = show_code(actor=holder, licence_id=licence.pk)
    code, until = show_code(actor=holder, licence_id=licence.pk)
    with pytest.raises(CodeSpent):
        look_up(actor=clerk, code=old, **FOR)
    with time_machine.travel(until + timedelta(seconds=1)), pytest.raises(CodeSpent):
        look_up(actor=clerk, code=code, **FOR)
    assert until - now() <= timedelta(minutes=2)


def test_what_is_suspended_is_not_shown(holder, clerk):
    approver = officer("approver")
    licence = make_licence(approver, holder)
    suspend(actor=approver, licence_id=licence.pk, reason="检查不合格", document="1号")
    with pytest.raises(NotShowable):
        show_code(actor=holder, licence_id=licence.pk)
    with pytest.raises(NotFound):
        show_code(actor=citizen(), licence_id=licence.pk)


def test_without_consent_nothing_is_seen_and_the_attempt_is_told(holder, licence, clerk):
    with pytest.raises(NoConsent):
        ask(clerk, licence)
    [use] = ledger_of(holder)
    assert (use.given, use.fields, use.way) == (False, [], "none")


def test_a_permission_opens_its_fields_until_it_is_taken_back(holder, licence, clerk):
    grant = allow(
        actor=holder, licence_id=licence.pk, department_id=clerk.department_id, fields=["scope"], purpose="补贴审核",
        until_on=today() + timedelta(days=30),
    )  # fmt: skip
    assert ask(clerk, licence).fields == {"scope": "tea"}
    assert ask(clerk, licence).way == "grant"
    with pytest.raises(NoConsent):
        ask(officer("clerk"), licence)
    take_back(actor=holder, grant_id=grant.pk)
    with pytest.raises(NoConsent):
        ask(clerk, licence)
    assert [is_live(row) for row in grants_of(holder)] == [False]
    with pytest.raises(NotFound):
        take_back(actor=citizen(), grant_id=grant.pk)


def test_a_permission_for_once_opens_once(holder, licence, clerk):
    allow(
        actor=holder,
        licence_id=licence.pk,
        department_id=clerk.department_id,
        fields=["scope"],
        purpose="审核",
        once=True,
    )
    ask(clerk, licence)
    with pytest.raises(NoConsent):
        ask(clerk, licence)


def test_a_permission_ends_with_its_last_day(holder, licence, clerk):
    allow(
        actor=holder,
        licence_id=licence.pk,
        department_id=clerk.department_id,
        fields=["scope"],
        purpose="审核",
        until_on=today(),
    )
    ask(clerk, licence)
    with time_machine.travel(now() + timedelta(days=1)), pytest.raises(NoConsent):
        ask(clerk, licence)


def test_a_permission_says_what_and_until_when(holder, licence):
    with pytest.raises(GrantRefused) as refusal:
        allow(actor=holder, licence_id=licence.pk, department_id=None, fields=[], purpose="", until_on=None)
    assert set(refusal.value.fields) == {"fields", "purpose", "until_on", "department"}


def test_by_law_only_in_a_scene_in_use_and_with_its_ground(holder, licence, clerk):
    scene = Scene.objects.create(
        department_id=clerk.department_id, issuer_id=licence.issuer_id, type_code=licence.type_code, name="复核",
        purpose="复核", fields=["scope"], ground="食品安全法第一百一十条", state="settled", made_at=now(),
    )  # fmt: skip
    with pytest.raises(NoConsent):
        ask(clerk, licence)
    scene.state = "open"
    scene.save()
    seen = ask(clerk, licence)
    assert (seen.way, seen.ground, seen.fields) == ("law", scene.ground, {"scope": "tea"})
    assert ledger_of(holder).rows[0].ground == scene.ground
    assert Use.objects.get(given=True).scene_id == scene.pk
    assert Fact.objects.filter(name="persons.seen", person_id=holder.person_id).count() == 1


def test_never_by_name_and_never_without_a_purpose(clerk, licence):
    with pytest.raises(LookRefused) as refusal:
        look_up(actor=clerk, number="李华", type_code=licence.type_code, purpose="", case_no="")
    assert set(refusal.value.fields) == {"number", "purpose", "case_no"}
    assert not Use.objects.exists()
    assert look_up(actor=clerk, number=licence.holder_number, type_code="none", **FOR) is None


def test_who_may_not_look_is_refused(holder, licence):
    for actor in (officer("item_manager"), citizen()):
        with pytest.raises(NotAllowed):
            ask(actor, licence)


@pytest.mark.parametrize("number", ["", "李华", "51160219900307101", "511602199003071010", "1' or '1'='1"])
def test_only_a_whole_number_asks(number):
    assert "number" in look_faults(number=number, purpose="核对", case_no="1", by_code=False, today=today())
