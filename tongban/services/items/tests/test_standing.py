"""Codes are held for good; items are suspended, cancelled, merged and split."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, NotAllowed
from tongban.foundation.kernel.ids import uuid7
from tongban.services.items.actions import draft_version, publish_version, submit_for_review
from tongban.services.items.actions.standing import (
    cancel_item,
    keep_item,
    merge_items,
    resume_item,
    split_item,
    suspend_item,
)
from tongban.services.items.errors import (
    CodeTaken,
    ItemNotInForce,
    ItemRefused,
    PublishRefused,
    ReasonMissing,
    StandingRefused,
)
from tongban.services.items.models import ItemEvent, ItemVersion, ServiceItem
from tongban.services.items.queries import (
    in_force_items,
    published,
    standing_of,
)

from .factories import a_definition, handed_in, make_item, manager_of, new_item

DAY = timedelta(days=1)


@pytest.fixture
def item(db):
    return make_item().item


@pytest.fixture
def drafter(item):
    return manager_of(item.department_id)


@pytest.fixture
def reviewer(item):
    return manager_of(item.department_id)


# --- codes -------------------------------------------------------------------------------------------------------------


def test_a_code_that_is_taken_is_refused_with_who_holds_it(item, drafter):
    content = a_definition(catalog_code="000123009555")
    with pytest.raises(CodeTaken) as refusal:
        draft_version(actor=drafter, code=item.code, content=content, is_new=True)
    (reason,) = refusal.value.reasons
    assert reason.code == "code_taken"
    assert "区卫健局" in reason.text
    assert "公共场所卫生许可（新证）" in reason.text
    cancel_item(actor=drafter, code=item.code, reason="不再实施")
    with pytest.raises(CodeTaken, match="不能用") as refusal:
        draft_version(actor=drafter, code=item.code, content=content, is_new=True)
    assert "永久冻结" in refusal.value.reasons[0].text


def test_two_items_never_share_an_implementation_code(item, drafter):
    draft = draft_version(actor=drafter, code="other", content=a_definition(code="other"), is_new=True)
    with pytest.raises(ItemRefused) as refusal:
        submit_for_review(actor=drafter, version_id=draft.pk)
    assert [reason.code for reason in refusal.value.reasons] == ["task_code_taken"]


def test_a_published_item_keeps_its_codes_and_department(item, drafter):
    draft = draft_version(actor=drafter, code=item.code, content=a_definition(catalog_code="000123009777"))
    with pytest.raises(ItemRefused) as refusal:
        submit_for_review(actor=drafter, version_id=draft.pk)
    assert [reason.code for reason in refusal.value.reasons] == ["task_code_fixed"]


@pytest.mark.parametrize("code", ["", "Bad", "a b", "-a", "definitions", "a" * 61])
def test_a_code_that_cannot_stand_in_an_address_is_refused(item, drafter, code):
    with pytest.raises(CodeTaken) as refusal:
        draft_version(actor=drafter, code=code, content=a_definition(), is_new=True)
    assert refusal.value.reasons[0].code == "code_unfit"


# --- suspended, cancelled, merged, split ---------------------------------------------------------------------------------


def test_a_suspended_item_says_why_and_comes_back(item, drafter):
    with pytest.raises(ReasonMissing):
        suspend_item(actor=drafter, code=item.code, reason="")
    suspend_item(actor=drafter, code=item.code, reason="系统升级")
    with pytest.raises(ItemNotInForce):
        published(item.code)
    assert in_force_items() == []
    standing = standing_of(item.code)
    assert (standing.state, standing.since, standing.reason) == ("suspended", today(), "系统升级")
    with pytest.raises(Conflict):
        suspend_item(actor=drafter, code=item.code, reason="再来一次")
    resume_item(actor=drafter, code=item.code, reason="升级完成")
    assert published(item.code)
    assert standing_of(item.code).state == "in_use"
    with pytest.raises(NotAllowed):
        suspend_item(actor=manager_of(uuid7()), code=item.code, reason="别人的")


def test_a_cancelled_item_never_comes_back(item, drafter, reviewer):
    waiting = handed_in(drafter, item)
    with pytest.raises(StandingRefused):
        cancel_item(actor=drafter, code=item.code, reason="取消审批", from_on=today() - DAY)
    cancel_item(actor=drafter, code=item.code, reason="取消审批")
    for act in (resume_item, suspend_item, keep_item):
        with pytest.raises(Conflict):
            act(actor=drafter, code=item.code, reason="再想想")
    with pytest.raises(StandingRefused):
        cancel_item(actor=drafter, code=item.code, reason="再取消")
    with pytest.raises(PublishRefused):
        publish_version(actor=reviewer, version_id=waiting.pk)


def test_a_cancellation_ahead_is_told_and_may_be_called_off(item, drafter):
    day = today() + 30 * DAY
    cancel_item(actor=drafter, code=item.code, reason="国务院决定取消", from_on=day)
    assert published(item.code, day - DAY)
    with pytest.raises(ItemNotInForce):
        published(item.code, day)
    assert (standing_of(item.code).state, standing_of(item.code).since) == ("cancelled", day)
    assert ServiceItem.objects.get(code=item.code).status_on(day) == "cancelled"
    keep_item(actor=drafter, code=item.code, reason="文件改了")
    assert published(item.code, day)


def test_two_items_become_one_with_a_new_code(item, drafter, reviewer):
    other = new_item(drafter, reviewer, "other", "000123009001", task_name="另一个事项")
    with pytest.raises(StandingRefused) as refusal:
        merge_items(actor=drafter, codes=[item.code, other.code], into="other", reason="合二为一")
    assert {reason.code for reason in refusal.value.reasons} == {"follows_itself", "not_a_new_code"}
    ItemVersion.objects.filter(item=other).update(effective_on="2026-02-01")
    new = new_item(drafter, reviewer, "both", "000123009002", task_name="合并后的事项")
    merge_items(actor=drafter, codes=[item.code, other.code], into="both", reason="合二为一")
    for old in (item, other):
        standing = standing_of(old.code)
        assert (standing.state, standing.is_over) == ("merged", True)
        assert standing.successors == [("both", "合并后的事项")]
    assert [version.item for version in in_force_items()] == [new]
    assert ItemEvent.objects.get(item=new, kind="merged").data == {"predecessors": ["venue-permit", "other"]}
    with pytest.raises(CodeTaken):
        draft_version(actor=drafter, code="other", content=a_definition(), is_new=True)


def test_one_item_becomes_two(item, drafter, reviewer):
    for code, number in (("hotels", "000123009003"), ("pools", "000123009004")):
        new_item(drafter, reviewer, code, number, task_name=code)
    with pytest.raises(StandingRefused):
        split_item(actor=drafter, code=item.code, into=["hotels"], reason="只有一个")
    day = today() + DAY
    split_item(actor=drafter, code=item.code, into=["hotels", "pools"], reason="按场所分开", from_on=day)
    assert published(item.code)
    assert standing_of(item.code).successors == [("hotels", "hotels"), ("pools", "pools")]
    assert [version.item.code for version in in_force_items(day)] == ["hotels", "pools"]
