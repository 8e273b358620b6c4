"""What one proposes a second confirms; until then nothing happens, and the codes' rules hold at both moments."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tongban.foundation.audit.queries import facts_about
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, NotAllowed
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.notifications.models import Message
from tongban.services.items.actions import (
    confirm_proposal,
    propose,
    publish_version,
    refuse_proposal,
    return_version,
    withdraw_proposal,
)
from tongban.services.items.errors import OwnWork, ProposalUnderWay, ReasonMissing, StandingRefused
from tongban.services.items.models import ItemVersion, Proposal, ServiceItem, Succession
from tongban.services.items.queries import consequences_of, proposals_waiting, standing_of, story_of

from .factories import handed_in, make_item, manager_of, new_item

pytestmark = pytest.mark.django_db


@pytest.fixture
def item():
    return make_item().item


@pytest.fixture
def first(item):
    return manager_of(item.department_id)


@pytest.fixture
def second(item):
    return manager_of(item.department_id)


def status(item):
    return ServiceItem.objects.get(pk=item.pk).status


def test_nothing_happens_before_a_second_person_confirms(item, first, second):
    proposal = propose(actor=first, code=item.code, act="suspend", reason="系统升级")
    assert status(item) == "in_use"
    assert proposals_waiting(first) == []
    assert proposals_waiting(second) == [proposal]
    with pytest.raises(OwnWork):
        confirm_proposal(actor=first, proposal_id=proposal.pk)
    confirm_proposal(actor=second, proposal_id=proposal.pk)
    assert status(item) == "suspended"
    assert standing_of(item.code).reason == "系统升级"
    names = [fact.name for fact in facts_about(installer("audit.see"), f"serviceitem:{item.pk}")]
    assert names.count("items.suspended") == names.count("items.proposed") == 1
    assert Message.objects.get(recipient_id=first.account_id).title.startswith("已确认：暂停受理")


def test_a_rehearsal_leaves_nothing_behind(item, first):
    before = item.events.count()
    propose(actor=first, code=item.code, act="cancel", reason="国务院决定", from_on=today())
    assert status(item) == "in_use"
    assert item.events.count() == before + 1  # that it was proposed, and nothing else


def test_one_proposal_at_a_time(item, first, second):
    propose(actor=first, code=item.code, act="suspend", reason="系统升级")
    with pytest.raises(ProposalUnderWay):
        propose(actor=second, code=item.code, act="cancel", reason="不办了", from_on=today())


@pytest.mark.parametrize("act", ["resume", "keep"])
def test_what_the_rules_refuse_cannot_even_be_proposed(item, first, act):
    with pytest.raises(Conflict):
        propose(actor=first, code=item.code, act=act, reason="试一试")
    with pytest.raises(ReasonMissing):
        propose(actor=first, code=item.code, act="suspend", reason=" ")
    with pytest.raises(StandingRefused):
        propose(actor=first, code=item.code, act="cancel", reason="不办了", from_on=today() - timedelta(days=1))
    assert not Proposal.objects.exists()


def test_a_split_follows_the_rules_of_codes_and_names_who_comes_after(item, first, second):
    for code, number in (("hotels", "000123009003"), ("pools", "000123009004")):
        new_item(first, second, code, number, task_name=f"{code}卫生许可")
    with pytest.raises(StandingRefused):
        propose(actor=first, code=item.code, act="split", others=["hotels"], reason="分开", from_on=today())
    proposal = propose(
        actor=first, code=item.code, act="split", others=["hotels", "pools"], reason="按场所分开", from_on=today()
    )
    words = "".join(consequences_of(proposal))
    assert f"代码{item.code}永久冻结" in words
    assert "“hotels卫生许可”、“pools卫生许可”" in words
    confirm_proposal(actor=second, proposal_id=proposal.pk)
    assert Succession.objects.count() == 2
    assert status(item) == "cancelled"


def test_two_items_merge_and_both_stories_tell_both_names(item, first, second):
    other = new_item(first, second, "other", "000123009003", task_name="另一个")
    ItemVersion.objects.filter(item=other).update(effective_on="2026-02-01")
    new_item(first, second, "both", "000123009004", task_name="合起来")
    proposal = propose(
        actor=first, code=item.code, act="merge", others=["other"], into="both", reason="合二为一", from_on=today()
    )
    confirm_proposal(actor=second, proposal_id=proposal.pk)
    for one in (item, other):
        assert "proposed_by" in story_of(one).chapters[-1].event.data


def test_rules_are_asked_again_when_it_is_confirmed(item, first, second):
    proposal = propose(actor=first, code=item.code, act="cancel", reason="不办了", from_on=today())
    ServiceItem.objects.filter(pk=item.pk).update(ends_on=today())
    with pytest.raises(StandingRefused):
        confirm_proposal(actor=second, proposal_id=proposal.pk)


def test_a_day_that_has_gone_by_becomes_today(item, first, second):
    proposal = propose(actor=first, code=item.code, act="cancel", reason="不办了", from_on=today())
    Proposal.objects.filter(pk=proposal.pk).update(from_on=today() - timedelta(days=3))
    confirm_proposal(actor=second, proposal_id=proposal.pk)
    assert ServiceItem.objects.get(pk=item.pk).ends_on == today()


def test_it_is_refused_by_the_second_or_withdrawn_by_the_first_each_with_a_reason(item, first, second):
    proposal = propose(actor=first, code=item.code, act="suspend", reason="系统升级")
    with pytest.raises(OwnWork):
        refuse_proposal(actor=first, proposal_id=proposal.pk, reason="算了")
    with pytest.raises(OwnWork):
        withdraw_proposal(actor=second, proposal_id=proposal.pk, reason="算了")
    with pytest.raises(ReasonMissing):
        refuse_proposal(actor=second, proposal_id=proposal.pk, reason="")
    refuse_proposal(actor=second, proposal_id=proposal.pk, reason="升级不影响收件")
    assert "升级不影响收件" in Message.objects.get(recipient_id=first.account_id).body
    with pytest.raises(Conflict):
        confirm_proposal(actor=second, proposal_id=proposal.pk)
    again = propose(actor=first, code=item.code, act="suspend", reason="系统升级")
    withdraw_proposal(actor=first, proposal_id=again.pk, reason="改到下周")
    assert status(item) == "in_use"


def test_strangers_neither_propose_nor_answer(item, first):
    proposal = propose(actor=first, code=item.code, act="suspend", reason="系统升级")
    stranger = manager_of(uuid7())
    with pytest.raises(NotAllowed):
        confirm_proposal(actor=stranger, proposal_id=proposal.pk)
    with pytest.raises(NotAllowed):
        propose(actor=stranger, code=item.code, act="cancel", reason="别人的", from_on=today())
    assert proposals_waiting(stranger) == []


def test_the_database_itself_wants_two_people(item, first):
    proposal = propose(actor=first, code=item.code, act="suspend", reason="系统升级")
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk).update(state="confirmed", answered_by=first.account_id)


def test_whoever_wrote_a_version_is_told_what_became_of_it(item, first, second):
    return_version(actor=second, version_id=handed_in(first, item).pk, reason="请写明依据")
    publish_version(actor=second, version_id=handed_in(first, item, summary="新的。").pk)
    told = Message.objects.filter(recipient_id=first.account_id).order_by("created_at", "pk")
    assert [message.title.split("：")[0] for message in told] == ["退回修改", "已发布"]
    assert "请写明依据" in told[0].body
    assert not Message.objects.filter(recipient_id=second.account_id).exists()
