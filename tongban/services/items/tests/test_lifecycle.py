"""The way of a definition among officials: in twos, from a day on, and back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.audit.models import Fact
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, NotAllowed, TongbanError
from tongban.foundation.kernel.ids import uuid7
from tongban.services.items.actions import (
    check_definition,
    draft_version,
    publish_version,
    recall_version,
    return_version,
    roll_back,
    submit_for_review,
    take_back_version,
)
from tongban.services.items.errors import (
    CodeTaken,
    ItemRefused,
    OwnWork,
    PublishRefused,
    ReasonMissing,
)
from tongban.services.items.models import ItemEvent, ItemVersion
from tongban.services.items.queries import (
    comparison_of,
    published,
    waiting_for,
)
from tongban.services.items.rules.lifecycle import FARTHEST, Known, faults_of_day, faults_of_succession

from .factories import a_definition, handed_in, make_item, manager_of

DAY = timedelta(days=1)
ON = date(2026, 5, 1)


# --- rules -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "last", "faults"),
    [
        (ON, None, []),
        (ON - DAY, None, ["day_past"]),
        (ON + FARTHEST, None, []),
        (ON + FARTHEST + DAY, None, ["day_too_far"]),
        (ON + 5 * DAY, ON + 5 * DAY, []),
        (ON + 4 * DAY, ON + 5 * DAY, ["day_before_last"]),
        (ON - DAY, ON, ["day_past", "day_before_last"]),
    ],
)
def test_from_which_day_a_version_may_hold(day, last, faults):
    assert faults_of_day(day, today=ON, last_on=last) == faults


A, B = Known("a", ON - 90 * DAY, True), Known("b", ON - 60 * DAY, True)
C, D = Known("c", ON - 2 * DAY, True), Known("d", ON - DAY, True)


@pytest.mark.parametrize(
    ("old", "new", "day", "faults"),
    [
        ([A, B], [C], ON, set()),
        ([A], [C, D], ON, set()),
        ([A], [C], ON, {"too_few"}),
        ([A, B], [], ON, {"too_few"}),
        ([A, B], [C], ON - DAY, {"day_past"}),
        ([A, B], [A], ON, {"follows_itself", "not_a_new_code"}),
        ([C, D], [A], ON, {"not_a_new_code"}),
        ([A, Known("b", ON, True, ON + DAY)], [C], ON, {"ended", "not_a_new_code"}),
        ([A, Known("b", None, False)], [C], ON, {"never_published"}),
        ([A, B], [Known("c", ON + DAY, False)], ON, {"not_in_force"}),
    ],
)
def test_which_codes_may_follow_which(old, new, day, faults):
    assert {fault for fault, _code in faults_of_succession(old, new, from_on=day, today=ON)} == faults


@given(st.lists(st.sampled_from([A, B, C, D]), max_size=4), st.sampled_from([A, B, C, D]))
def test_nothing_ever_follows_itself(old, new):
    if new in old:
        assert faults_of_succession(old, [new], from_on=ON, today=ON)


# --- versions ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def item(db):
    return make_item().item


@pytest.fixture
def drafter(item):
    return manager_of(item.department_id)


@pytest.fixture
def reviewer(item):
    return manager_of(item.department_id)


def test_officials_publish_in_twos(item, drafter, reviewer):
    draft = draft_version(actor=drafter, code=item.code, content=a_definition(summary="新的。"))
    with pytest.raises(Conflict):
        publish_version(actor=reviewer, version_id=draft.pk)
    submit_for_review(actor=drafter, version_id=draft.pk)
    with pytest.raises(OwnWork):
        publish_version(actor=drafter, version_id=draft.pk)
    with pytest.raises(NotAllowed):
        publish_version(actor=manager_of(uuid7()), version_id=draft.pk)
    version = publish_version(actor=reviewer, version_id=draft.pk, effective_on=today())
    assert published(item.code) == version
    assert version.content["effective_on"] == today().isoformat()
    names = Fact.objects.filter(stream=f"serviceitem:{item.pk}").order_by("position").values_list("name", flat=True)
    assert list(names) == ["items.published", "items.drafted", "items.submitted", "items.published"]
    with pytest.raises(Conflict):
        publish_version(actor=reviewer, version_id=draft.pk)


def test_whoever_wrote_in_it_does_not_review_it(item, drafter, reviewer):
    draft = draft_version(
        actor=drafter, code=item.code, content=a_definition(summary="新的。"), authors=[reviewer.account_id]
    )
    submit_for_review(actor=drafter, version_id=draft.pk)
    assert waiting_for(reviewer) == []
    for act in (publish_version, lambda **given: return_version(**given, reason="请补充")):
        with pytest.raises(OwnWork):
            act(actor=reviewer, version_id=draft.pk)
    assert publish_version(actor=manager_of(item.department_id), version_id=draft.pk, effective_on=today())


@pytest.mark.parametrize(("days", "code"), [(-1, "day_past"), (400, "day_too_far")])
def test_a_day_that_cannot_be_is_refused(item, drafter, reviewer, days, code):
    version = handed_in(drafter, item)
    with pytest.raises(PublishRefused) as refusal:
        publish_version(actor=reviewer, version_id=version.pk, effective_on=today() + days * DAY)
    assert [reason.code for reason in refusal.value.reasons] == [code]
    version.refresh_from_db()
    assert version.status == ItemVersion.Status.IN_REVIEW


def test_a_scheduled_version_holds_from_its_day_and_may_be_taken_back_before(item, drafter, reviewer):
    first, later = published(item.code), today() + 10 * DAY
    version = handed_in(drafter, item, summary="十天后。")
    publish_version(actor=reviewer, version_id=version.pk, effective_on=later)
    assert (published(item.code), published(item.code, later)) == (first, version)
    overtaking = handed_in(drafter, item, summary="五天后。")
    with pytest.raises(PublishRefused) as refusal:
        publish_version(actor=reviewer, version_id=overtaking.pk, effective_on=today() + 5 * DAY)
    assert [reason.code for reason in refusal.value.reasons] == ["day_before_last"]
    with pytest.raises(ReasonMissing):
        take_back_version(actor=drafter, version_id=version.pk, reason=" ")
    take_back_version(actor=drafter, version_id=version.pk, reason="上级文件推迟")
    assert published(item.code, later) == first
    publish_version(actor=reviewer, version_id=overtaking.pk, effective_on=today() + 5 * DAY)
    with pytest.raises(PublishRefused):
        take_back_version(actor=drafter, version_id=first.pk, reason="已经生效的不能撤")


def test_a_returned_draft_goes_on_with_the_reasons_kept(item, drafter, reviewer):
    version = handed_in(drafter, item)
    assert waiting_for(reviewer) == [version]
    assert waiting_for(drafter) == []
    return_version(actor=reviewer, version_id=version.pk, reason="承诺时限请按新文件改为3天")
    assert waiting_for(reviewer) == []
    again = draft_version(
        actor=drafter, code=item.code, version_id=version.pk, content=a_definition(promise={"days": 3, "unit": "1"})
    )
    assert (again.pk, again.version) == (version.pk, version.version)
    submit_for_review(actor=drafter, version_id=version.pk)
    with pytest.raises(OwnWork):
        recall_version(actor=reviewer, version_id=version.pk)
    recall_version(actor=drafter, version_id=version.pk)
    kinds = list(version.events.values_list("kind", flat=True))
    assert kinds == ["drafted", "submitted", "returned", "drafted", "submitted", "recalled"]
    assert version.events.get(kind="returned").reason.startswith("承诺时限")


def test_a_faulty_draft_may_be_kept_but_not_handed_in(item, drafter):
    draft = draft_version(actor=drafter, code=item.code, content=a_definition(questions=[]))
    with pytest.raises(ItemRefused):
        submit_for_review(actor=drafter, version_id=draft.pk)
    half = draft_version(actor=drafter, code=item.code, content={"plain_name": "只写了名字", "effective_on": "明天"})
    assert half.effective_on == today()


def test_a_rollback_is_a_new_version_somebody_else_publishes(item, drafter, reviewer):
    worse = handed_in(drafter, item, promise={"days": 15, "unit": "1"})
    publish_version(actor=reviewer, version_id=worse.pk)
    back = roll_back(actor=drafter, code=item.code, to_version=1, reason="新时限做不到")
    assert (back.version, back.status) == (3, ItemVersion.Status.IN_REVIEW)
    compared = comparison_of(back)
    assert [told.text for told in compared.told] == ["承诺办结时限由15个工作日缩短为5个工作日"]
    assert not compared.is_outdated
    with pytest.raises(OwnWork):
        publish_version(actor=drafter, version_id=back.pk)
    publish_version(actor=reviewer, version_id=back.pk)
    assert published(item.code).content["promise"]["days"] == 5
    assert ItemVersion.objects.get(pk=worse.pk).status == ItemVersion.Status.PUBLISHED


def test_what_was_published_can_be_handed_in_again_as_it_is(item):
    special = [{"key": "visit", "type": "2", "name": "现场核查"}]
    content, findings = check_definition(a_definition(special_procedures=special))
    assert not findings
    assert check_definition(content) == (content, [])


def test_a_draft_begun_before_another_was_published_is_known_as_such(item, drafter, reviewer):
    slow = handed_in(drafter, item, summary="慢的。")
    fast = handed_in(reviewer, item, summary="快的。")
    publish_version(actor=drafter, version_id=fast.pk)
    compared = comparison_of(ItemVersion.objects.get(pk=slow.pk))
    assert compared.is_outdated
    assert compared.previous == fast


# --- at once -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_many_who_publish_at_once_one_does():
    item = make_item().item
    version = handed_in(manager_of(item.department_id), item, summary="新的。")

    def publish(_number):
        try:
            return publish_version(actor=manager_of(item.department_id), version_id=version.pk).pk
        except TongbanError as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(publish, range(6)))
    assert outcomes.count("conflict") == 5
    assert ItemEvent.objects.filter(version=version, kind="published").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_one_code_one_gets_it():
    item = make_item().item

    def begin(number):
        content = a_definition(code="same", catalog_code=f"00012300950{number}")
        try:
            return draft_version(actor=manager_of(item.department_id), code="same", content=content, is_new=True).pk
        except CodeTaken as refusal:
            return refusal.reasons[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(begin, range(6)))
    assert outcomes.count("code_taken") == 5
