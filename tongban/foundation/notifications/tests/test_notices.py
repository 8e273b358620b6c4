"""A department words a notice itself: one drafts, another publishes, and running cases are told in the words in force."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType

import pytest

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Comment, Draft
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.notifications.actions import (
    begin_notice,
    hand_in_notice,
    publish_notice,
    recall_notice,
    return_notice,
    roll_back_notice,
    use_standard_notice,
)
from tongban.foundation.notifications.errors import NoSuchTemplate, NotForReview, NoticeRefused
from tongban.foundation.notifications.models import Message, MessageTemplate
from tongban.foundation.notifications.queries import (
    fields_of_notice,
    notice_codes,
    shipped_templates,
    template_in_force,
    work_waiting,
)
from tongban.foundation.notifications.rules import words_asked_for
from tongban.foundation.organisations.tests.factories import make_department

from .factories import make_message, make_notice, make_person


def official(department, verb="items.manage"):
    return Actor(
        kind="staff", account_id=uuid7(), department_id=department.pk, division=department.division_id, name="王芳",
        grants=MappingProxyType({verb: Scope.DEPARTMENT}),
    )  # fmt: skip


@pytest.fixture
def health(db):
    return make_department("区卫健局", name="广安市广安区卫生健康局")


@pytest.fixture
def writer(health):
    return official(health)


@pytest.fixture
def colleague(health):
    return official(health)


def handed_in(writer, body="【事项名称】已受理，请等消息。", code="cases.accepted"):
    draft = begin_notice(actor=writer, code=code)
    edit(actor=writer, draft_id=draft.pk, revision=0, ops=[{"op": "replace", "path": "/body", "value": body}])
    return hand_in_notice(actor=writer, draft_id=draft.pk)


def published(writer, colleague, body="【事项名称】已受理，请等消息。", on=None):
    template = handed_in(writer, body)
    return publish_notice(actor=colleague, template_id=template.pk, effective_on=on or today())


def told(department_id):
    return make_message(make_person(), department_id=department_id).body


def test_its_cases_are_told_in_its_words_and_others_in_the_standard(health, writer, colleague):
    published(writer, colleague)
    assert told(health.pk) == "公共场所卫生许可已受理，请等消息。"
    assert told(make_department("区教育局").pk) == told(None) != told(health.pk)


def test_words_published_for_a_later_day_wait_for_it(health, writer, colleague):
    published(writer, colleague, on=today() + timedelta(days=1))
    assert told(health.pk) == told(None)
    assert template_in_force("cases.accepted", today() + timedelta(days=1), health.pk).department_id == health.pk


def test_which_words_hold_is_one_query(health, writer, colleague, django_assert_num_queries):
    published(writer, colleague)
    with django_assert_num_queries(1):
        assert template_in_force("cases.accepted", today(), health.pk)


def test_the_next_version_begins_with_the_last_and_an_older_one_can_be_brought_back(health, writer, colleague):
    first = published(writer, colleague, "一。")
    second = published(writer, colleague, "二。")
    assert told(health.pk) == "二。"
    with pytest.raises(NoticeRefused):
        roll_back_notice(actor=writer, template_id=second.pk, reason="写错了")
    third = roll_back_notice(actor=writer, template_id=first.pk, reason="新的说法群众看不懂")
    assert (third.version, third.back_to, third.status) == (3, 1, "in_review")
    with pytest.raises(NotForReview):
        roll_back_notice(actor=writer, template_id=first.pk, reason="再来一次")
    publish_notice(actor=colleague, template_id=third.pk, effective_on=today())
    assert told(health.pk) == "一。"


def test_a_department_can_go_back_to_the_standard(health, writer, colleague):
    with pytest.raises(NoticeRefused):
        use_standard_notice(actor=writer, code="cases.accepted", reason="标准的更清楚")
    published(writer, colleague)
    back = use_standard_notice(actor=writer, code="cases.accepted", reason="标准的更清楚")
    publish_notice(actor=colleague, template_id=back.pk, effective_on=today())
    assert told(health.pk) == told(None)
    assert begin_notice(actor=writer, code="cases.accepted").content["body"].startswith("您的申请“【事项名称】”")


def test_what_is_wrong_is_told_all_at_once_and_nothing_is_handed_in(health, writer):
    draft = begin_notice(actor=writer, code="cases.accepted")
    ops = [{"op": "replace", "path": f"/{part}", "value": text} for part, text in (("title", ""), ("sms", "【年龄】"))]
    edit(actor=writer, draft_id=draft.pk, revision=0, ops=ops)
    with pytest.raises(NoticeRefused) as error:
        hand_in_notice(actor=writer, draft_id=draft.pk)
    assert {reason.code for reason in error.value.reasons} == {"title_missing", "no_such_field"}
    assert not MessageTemplate.objects.filter(department=health).exists()


def test_nobody_publishes_what_he_wrote_nor_for_a_day_past(health, writer, colleague):
    template = handed_in(writer)
    with pytest.raises(NotAllowed):
        publish_notice(actor=writer, template_id=template.pk, effective_on=today())
    with pytest.raises(NoticeRefused):
        publish_notice(actor=colleague, template_id=template.pk, effective_on=today() - timedelta(days=1))
    assert work_waiting(writer) == []
    assert work_waiting(colleague) == [template]


def test_a_text_given_back_says_why_and_its_writer_is_told(health, writer, colleague):
    template = handed_in(writer)
    with pytest.raises(NoticeRefused):
        return_notice(actor=colleague, template_id=template.pk, reason=" ")
    return_notice(actor=colleague, template_id=template.pk, reason="请写明期限")
    assert Comment.objects.get().text == "请写明期限"
    message = Message.objects.get()
    assert message.recipient_id == writer.account_id
    assert "请写明期限" in message.body
    assert hand_in_notice(actor=writer, draft_id=template.draft_id).version == 2


def test_only_the_writer_takes_his_text_out_of_review(health, writer, colleague):
    template = handed_in(writer)
    with pytest.raises(NotAllowed):
        recall_notice(actor=colleague, template_id=template.pk)
    recall_notice(actor=writer, template_id=template.pk)
    assert Draft.objects.get().state == "open"
    with pytest.raises(NotForReview):
        publish_notice(actor=colleague, template_id=template.pk, effective_on=today())


@pytest.mark.parametrize("who", ["of another department", "without the right"])
def test_strangers_reach_nothing(health, who):
    template = make_notice(department_id=health.pk)
    stranger = official(make_department("区教育局")) if "department" in who else official(health, "cases.see")
    with pytest.raises((NotAllowed, NotFound)):
        publish_notice(actor=stranger, template_id=template.pk, effective_on=today())
    with pytest.raises((NotAllowed, NotFound)):
        roll_back_notice(actor=stranger, template_id=template.pk, reason="试一试")
    assert work_waiting(stranger) == []


@pytest.mark.parametrize("code", ["identity.signed_in", "cases.draft_helped", "cases.staff_urged", "nothing.such"])
def test_warnings_and_messages_to_staff_are_not_for_departments_to_word(writer, code):
    with pytest.raises(NoSuchTemplate):
        begin_notice(actor=writer, code=code)


@pytest.mark.django_db
@pytest.mark.parametrize("code", notice_codes())
def test_every_word_of_a_standard_notice_has_a_name_officials_know(code):
    asked = words_asked_for(shipped_templates()["templates"][code])
    assert asked <= {field.key for field in fields_of_notice(code)}
