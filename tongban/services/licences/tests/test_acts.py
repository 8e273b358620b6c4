"""The life of a licence: each act with reason and document, every version kept, one in force at a time."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.notifications.models import Message
from tongban.foundation.trust.queries import check_record, stands
from tongban.services.licences import actions
from tongban.services.licences.errors import ActRefused, LicenceRefused, NotInThisState
from tongban.services.licences.models import Licence, LicenceChange
from tongban.services.licences.queries import my_licences, standing_for, story_of, versions_of
from tongban.services.licences.rules import identifiers
from tongban.services.licences.rules.types import last_day

from .factories import PERMIT, make_licence, make_type

pytestmark = pytest.mark.django_db
WHY = {"reason": "卫生检查不合格", "document": "广区卫罚〔2026〕3号"}


@pytest.fixture
def approver():
    return officer("approver")


@pytest.fixture
def licence(approver):
    return make_licence(approver)


def state_of(licence):
    return Licence.objects.values_list("state", flat=True).get(pk=licence.pk)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        ("suspend", "suspended"),
        ("cancel", "cancelled"),
        ("revoke", "revoked"),
        ("annul", "annulled"),
        ("declare_lost", "lost"),
        ("check_yearly", "valid"),
    ],
)
def test_an_act_leads_to_its_state_and_is_written_down(approver, licence, act, state):
    getattr(actions, act)(actor=approver, licence_id=licence.pk, **WHY)
    assert state_of(licence) == state
    line = LicenceChange.objects.get()
    assert (line.act, line.from_state, line.to_state, line.reason, line.document) == (
        act,
        "valid",
        state,
        *WHY.values(),
    )
    assert Fact.objects.get(name="licences.changed").data == {"act": act, "to": state}


def test_a_punishment_without_paper_is_refused_with_every_reason(approver, licence):
    with pytest.raises(ActRefused) as refusal:
        actions.revoke(actor=approver, licence_id=licence.pk, reason="", document="")
    assert set(refusal.value.fields) == {"reason", "document"}
    assert state_of(licence) == "valid"


def test_only_the_issuer_acts_and_only_by_those_who_manage(licence):
    with pytest.raises(NotFound):
        actions.suspend(actor=officer("approver"), licence_id=licence.pk, **WHY)
    with pytest.raises(NotFound):
        actions.suspend(actor=citizen(), licence_id=licence.pk, **WHY)


def test_a_holder_may_say_that_it_is_lost_and_nothing_else(approver):
    holder = citizen()
    licence = make_licence(approver, holder)
    with pytest.raises(NotAllowed):
        actions.cancel(actor=holder, licence_id=licence.pk, **WHY)
    actions.declare_lost(actor=holder, licence_id=licence.pk, reason="搬家时丢了")
    assert state_of(licence) == "lost"
    assert Message.objects.filter(recipient_id=holder.person_id).count() == 1


def test_what_is_revoked_stays_revoked(approver, licence):
    actions.revoke(actor=approver, licence_id=licence.pk, **WHY)
    for act in ("restore", "suspend", "renew", "cancel"):
        with pytest.raises(NotInThisState):
            getattr(actions, act)(actor=approver, licence_id=licence.pk, **WHY)


def test_a_change_is_the_next_version_and_the_old_one_stays_as_it_was(approver):
    holder = citizen()
    old = make_licence(approver, holder)
    new = actions.change(actor=approver, licence_id=old.pk, fields={"address": "广安区厚街1号"}, reason="迁址")
    assert (new.version, new.family_id, new.number) == (2, old.pk, old.number)
    assert identifiers.read(new.identifier).serial == old.serial
    kept = Licence.objects.get(pk=old.pk)
    assert (kept.state, kept.fields["address"], kept.record) == ("superseded", "广安区翠屏路20号", old.record)
    assert new.fields["address"] == "广安区厚街1号"
    assert my_licences(holder) == [new]
    assert versions_of(new) == [old, new]
    assert [chapter.act for chapter in story_of(new)] == ["issue", "change", "issue"]


def test_a_change_that_the_type_does_not_allow_leaves_everything_as_it_was(approver, licence):
    with pytest.raises(LicenceRefused):
        actions.change(actor=approver, licence_id=licence.pk, fields={"scope": "cold"}, reason="增项")
    assert state_of(licence) == "valid"
    assert not LicenceChange.objects.exists()


def test_two_versions_are_never_in_force_at_once(approver, licence):
    actions.change(actor=approver, licence_id=licence.pk, fields={}, reason="更正")
    with pytest.raises(IntegrityError), transaction.atomic():
        Licence.objects.filter(pk=licence.pk).update(state="valid")


def test_who_renews_early_loses_nothing_of_what_is_left(approver, licence):
    end = licence.valid_until
    new = actions.renew(actor=approver, licence_id=licence.pk, reason="期满前延续")
    assert (new.valid_from, new.valid_until) == (today(), last_day(PERMIT["validity"], end + timedelta(days=1)))
    said = actions.renew(actor=approver, licence_id=new.pk, reason="按规定自决定之日起算", valid_until=end)
    assert said.valid_until == end


def test_a_licence_whose_end_its_issuer_says_does_not_become_endless(approver):
    code = make_type(code=PERMIT["code"][:-3] + "999", validity={"kind": "given"}).code
    licence = make_licence(approver, type_code=code, valid_until=today() + timedelta(days=30))
    with pytest.raises(ActRefused) as refused:
        actions.renew(actor=approver, licence_id=licence.pk, reason="延续")
    assert refused.value.fields["valid_until"]
    assert state_of(licence) == "valid"


def test_a_lost_one_given_anew_does_not_last_longer(approver, licence):
    actions.declare_lost(actor=approver, licence_id=licence.pk, reason="遗失")
    with time_machine.travel(today() + timedelta(days=400)):
        new = actions.renew(actor=approver, licence_id=licence.pk, reason="补发")
    assert new.valid_until == licence.valid_until
    assert state_of(licence) == "superseded"  # the paper may turn up: it says by which it was replaced
    with pytest.raises(ActRefused) as refused:
        actions.renew(actor=approver, licence_id=new.pk, reason="延续", valid_from=today() + timedelta(days=1))
    assert refused.value.fields["valid_from"]


def test_the_calendar_ends_licences_and_lifts_suspensions_once(approver):
    holder = citizen()
    short = make_licence(approver, holder, valid_until=today() + timedelta(days=9))
    held, long = make_licence(approver), make_licence(approver)
    actions.suspend(actor=approver, licence_id=held.pk, **WHY, until_on=today() + timedelta(days=3))
    actions.suspend(actor=approver, licence_id=long.pk, **WHY)
    with time_machine.travel(today() + timedelta(days=10)):
        assert (
            standing_for(owner_id=holder.person_id, type_codes=[short.type_code]) == []
        )  # even before the clock has swept
        assert actions.expire_due() == {"expire": 1, "restore": 1}
        assert actions.expire_due() == {"expire": 0, "restore": 0}
        assert [state_of(row) for row in (short, held, long)] == ["expired", "valid", "suspended"]
        new = actions.renew(actor=approver, licence_id=short.pk, reason="延续")
    assert (new.version, state_of(short)) == (2, "superseded")


def test_a_suspension_may_not_end_in_the_past(approver, licence):
    with pytest.raises(ActRefused) as refusal:
        actions.suspend(actor=approver, licence_id=licence.pk, **WHY, until_on=today() - timedelta(days=1))
    assert set(refusal.value.fields) == {"until_on"}


def test_the_record_is_signed_by_the_issuer_in_both_algorithms(licence):
    kept = Licence.objects.get(pk=licence.pk)
    assert {line["alg"] for line in kept.signatures} == {"sm2", "p256"}
    assert stands(check_record(kept.record.encode(), kept.signatures))
    assert not stands(check_record(kept.record.replace("清渠", "浊渠").encode(), kept.signatures))
