"""A department writes a letter of its own: one drafts, another publishes."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

import pytest

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Comment, Draft
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.letters.actions import (
    begin_template,
    hand_in_template,
    issue_letter,
    load_templates,
    publish_template,
    return_template,
    revise_template,
)
from tongban.foundation.letters.errors import NotForReview, TemplateRefused
from tongban.foundation.letters.models import LetterTemplate
from tongban.foundation.letters.queries import letters_for_step, own_letters, standard_letters
from tongban.foundation.organisations.tests.factories import make_department


def official(department, verb="items.manage"):
    return Actor(
        kind="staff",
        account_id=uuid7(),
        department_id=department.pk,
        division=department.division_id,
        grants=MappingProxyType({verb: Scope.DEPARTMENT}),
    )


@pytest.fixture
def health(db):
    return make_department("区卫健局", name="广安市广安区卫生健康局")


@pytest.fixture
def writer(health):
    return official(health)


@pytest.fixture
def colleague(health):
    return official(health)


def rewritten(writer, health, text="经审查，**同意**您经营【表单：场所名称】。"):
    draft = begin_template(actor=writer, department_id=health.pk, step="grant")
    ops = [{"op": "replace", "path": "/blocks/1", "value": {"type": "text", "text": text}}]
    return edit(actor=writer, draft_id=draft.pk, revision=0, ops=ops) and draft


def test_it_begins_with_the_standard_text_and_ends_as_a_letter_of_its_own(health, writer, colleague):
    template = hand_in_template(actor=writer, draft_id=rewritten(writer, health).pk)
    assert template.status == "in_review"
    publish_template(actor=colleague, template_id=template.pk, effective_on=today())
    assert [row.code for row in letters_for_step(health.pk)["grant"]] == [template.code]
    letter = issue_letter(
        actor=writer, template_code="grant", department_id=health.pk, subject="case:1", owner_id=None, data={},
        on=today(), own=template.code,
    )  # fmt: skip
    assert letter.template_id == template.pk
    assert Draft.objects.get().state == "done"


def test_the_next_version_begins_with_the_last(health, writer, colleague):
    first = hand_in_template(actor=writer, draft_id=rewritten(writer, health).pk)
    publish_template(actor=colleague, template_id=first.pk, effective_on=today())
    draft = revise_template(actor=writer, code=first.code)
    assert "同意" in draft.content["blocks"][1]["text"]
    assert "source" not in draft.content
    second = hand_in_template(actor=colleague, draft_id=draft.pk)
    publish_template(actor=writer, template_id=second.pk, effective_on=today() + timedelta(days=10))
    assert [row.version for row in own_letters(writer)] == [2]
    assert LetterTemplate.objects.filter(code=first.code, status="published").count() == 2


def test_what_is_wrong_is_told_all_at_once_and_nothing_is_handed_in(health, writer):
    draft = rewritten(writer, health, text="［【没有的】")
    ops = [{"op": "remove", "path": "/blocks/5"}]
    edit(actor=writer, draft_id=draft.pk, revision=1, ops=ops)
    with pytest.raises(TemplateRefused) as error:
        hand_in_template(actor=writer, draft_id=draft.pk)
    assert {reason.code for reason in error.value.reasons} == {"unbalanced", "unsigned"}
    assert Draft.objects.get().state == "open"
    assert not LetterTemplate.objects.filter(department=health).exists()


def test_nobody_publishes_what_he_wrote(health, writer):
    template = hand_in_template(actor=writer, draft_id=rewritten(writer, health).pk)
    with pytest.raises(NotAllowed):
        publish_template(actor=writer, template_id=template.pk, effective_on=today())


@pytest.mark.parametrize("who", ["of another department", "without the right"])
def test_strangers_reach_nothing(health, writer, who):
    template = hand_in_template(actor=writer, draft_id=rewritten(writer, health).pk)
    stranger = official(make_department("区教育局")) if "department" in who else official(health, "cases.see")
    with pytest.raises((NotAllowed, NotFound)):
        publish_template(actor=stranger, template_id=template.pk, effective_on=today())
    with pytest.raises((NotAllowed, NotFound)):
        begin_template(actor=stranger, department_id=health.pk, step="grant")
    with pytest.raises((NotAllowed, NotFound)):
        revise_template(actor=stranger, code=template.code)


def test_a_day_past_is_refused_and_twice_is_told(health, writer, colleague):
    template = hand_in_template(actor=writer, draft_id=rewritten(writer, health).pk)
    with pytest.raises(TemplateRefused):
        publish_template(actor=colleague, template_id=template.pk, effective_on=date(2020, 1, 1))
    publish_template(actor=colleague, template_id=template.pk, effective_on=today())
    with pytest.raises(NotForReview):
        publish_template(actor=colleague, template_id=template.pk, effective_on=today())


def test_a_text_given_back_can_be_mended_and_handed_in_again(health, writer, colleague):
    draft = rewritten(writer, health)
    template = hand_in_template(actor=writer, draft_id=draft.pk)
    with pytest.raises(TemplateRefused):
        return_template(actor=colleague, template_id=template.pk, reason=" ")
    return_template(actor=colleague, template_id=template.pk, reason="请写明有效期")
    assert Comment.objects.get().text == "请写明有效期"
    assert hand_in_template(actor=writer, draft_id=draft.pk).version == 2


def test_the_standard_letters_are_listed_with_one_query(health, django_assert_num_queries):
    load_templates()
    with django_assert_num_queries(1):
        assert standard_letters(today())["grant"].code == "grant"
