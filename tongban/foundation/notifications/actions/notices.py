"""The way of a department's own notice among officials: written by one, reviewed and published by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting import actions as drafting
from tongban.foundation.drafting.queries import draft_for
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.errors import NotForReview, NoticeRefused, reason_of, reasons_of
from tongban.foundation.notifications.models import MessageTemplate
from tongban.foundation.notifications.queries import (
    KIND,
    VERB,
    fields_of_notice,
    name_of_notice,
    own_notices,
    own_standing,
    standard_notice,
)
from tongban.foundation.notifications.rules import composed, faults_of_text, written

from .writers import tell_writer

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor

Status = MessageTemplate.Status
LONGEST_REASON = 1000


@transaction.atomic
def begin_notice(*, actor: Actor, code: str) -> Draft:
    """Open a draft of the department's own wording, beginning with what is sent today."""
    permit(actor, VERB, department_id=actor.department_id)
    assert actor.department_id is not None  # whoever holds the right sits in a department
    standing = own_standing(actor.department_id, code)
    content = standing.content if standing else standard_notice(code)
    text = {**written(content, fields_of_notice(code)), "code": code}
    return drafting.begin(
        actor=actor, kind=KIND, key=f"{code}:{actor.department_id}", title=name_of_notice(code),
        department_id=actor.department_id, verb=VERB, content=text, base=text,
        base_ref=f"{code}@{standing.version if standing else 0}",
    )  # fmt: skip


@transaction.atomic
def hand_in_notice(*, actor: Actor, draft_id: UUID) -> MessageTemplate:
    """Hand a draft in for review. Refused with everything that is wrong with it."""
    draft = draft_for(actor, draft_id, kind=KIND)
    code = draft.key.partition(":")[0]
    fields = fields_of_notice(code)
    if faults := faults_of_text(draft.content, fields, settings.SMS_SIGN):
        raise NoticeRefused(reasons=reasons_of(faults))
    content = composed(draft.content, fields, standard=standard_notice(code))
    drafting.submit(actor=actor, draft_id=draft.pk)
    return _into_review(actor, code, draft.department_id, content, draft_id=draft.pk)


def _into_review(
    actor: Actor, code: str, department_id: UUID, content: Mapping[str, Any], **rest: Any
) -> MessageTemplate:
    own = MessageTemplate.objects.filter(code=code, department=department_id)
    last = own.order_by("-version").values_list("version", flat=True).first() or 0
    template = MessageTemplate.objects.create(
        code=code,
        department_id=department_id,
        version=last + 1,
        status=Status.IN_REVIEW,
        effective_on=today(),
        drafted_by=actor.account_id,
        content=dict(content),
        digest=sm3(canonical(dict(content))),
        **rest,
    )
    record("notifications.notice_handed_in", actor=actor, subject=template, data=_said(template))
    return template


@transaction.atomic
def publish_notice(*, actor: Actor, template_id: UUID, effective_on: date | None) -> MessageTemplate:
    """Publish what a colleague wrote, from a day on. From then every notice of the department's cases is worded by it."""
    template = _in_review(actor, template_id)
    if template.drafted_by in actor.names:
        raise NotAllowed(_("起草人不能审核自己起草的通知，请由另一位同事审核发布。"))
    if effective_on is None or effective_on < today():
        raise NoticeRefused(reasons=[reason_of("day_past", "effective_on")])
    template.status, template.effective_on = Status.PUBLISHED, effective_on
    template.reviewed_by, template.published_at = actor.account_id, now()
    template.save(update_fields=["status", "effective_on", "reviewed_by", "published_at"])
    if template.draft_id:
        drafting.finish(actor=actor, draft_id=template.draft_id)
    data = {**_said(template), "effective_on": effective_on.isoformat()}
    record("notifications.notice_published", actor=actor, subject=template, data=data)
    _tell("published", actor, template, day=effective_on)
    return template


@transaction.atomic
def return_notice(*, actor: Actor, template_id: UUID, reason: str) -> MessageTemplate:
    """Give a text back to who wrote it; why stands as a comment on the draft, and he is told."""
    template = _in_review(actor, template_id)
    said = _reason(reason)
    _out_of_review(template)
    if template.draft_id:
        drafting.return_(actor=actor, draft_id=template.draft_id)
        drafting.comment(actor=actor, draft_id=template.draft_id, path="", text=said)
    record("notifications.notice_returned", actor=actor, subject=template, data=_said(template))
    _tell("returned" if template.draft_id else "refused", actor, template, why=said)
    return template


@transaction.atomic
def recall_notice(*, actor: Actor, template_id: UUID) -> MessageTemplate:
    """The writer takes his text out of review, to go on writing or to let it be."""
    template = _in_review(actor, template_id)
    if template.drafted_by not in actor.names:
        raise NotAllowed(_("只有起草人能收回。审核的同事请用“退回”，并写明原因。"))
    _out_of_review(template)
    if template.draft_id:
        drafting.return_(actor=actor, draft_id=template.draft_id)
    record("notifications.notice_recalled", actor=actor, subject=template, data=_said(template))
    return template


@transaction.atomic
def roll_back_notice(*, actor: Actor, template_id: UUID, reason: str) -> MessageTemplate:
    """Put an older version's text forward as the next one, for another person to publish. What was sent stays as it was."""
    old = find(own_notices(actor).filter(status=Status.PUBLISHED), pk=template_id)
    assert old.department_id is not None
    standing = own_standing(old.department_id, old.code)
    if standing and standing.digest == old.digest:
        raise NoticeRefused(reasons=[reason_of("same")])
    return _brought_back(actor, old.code, old.department_id, old.content, reason, back_to=old.version)


@transaction.atomic
def use_standard_notice(*, actor: Actor, code: str, reason: str) -> MessageTemplate:
    """Propose to send the standard text again, that of every later release included."""
    permit(actor, VERB, department_id=actor.department_id)
    assert actor.department_id is not None
    if own_standing(actor.department_id, code) is None:
        raise NoticeRefused(reasons=[reason_of("already_standard")])
    return _brought_back(actor, code, actor.department_id, {"standard": True}, reason, back_to=0)


def _brought_back(
    actor: Actor, code: str, department_id: UUID, content: Mapping[str, Any], reason: str, back_to: int
) -> MessageTemplate:
    said = _reason(reason)
    if MessageTemplate.objects.filter(code=code, department=department_id, status=Status.IN_REVIEW).exists():
        raise NotForReview(_("这份通知已有一版等待审核，请先处理它。"))
    return _into_review(actor, code, department_id, content, back_to=back_to, reason=said)


def _reason(text: str) -> str:
    said = text.strip()
    if not 2 <= len(said) <= LONGEST_REASON:
        raise NoticeRefused(reasons=[reason_of("reason_missing", "reason")])
    return said


def _out_of_review(template: MessageTemplate) -> None:
    template.status = Status.WITHDRAWN
    template.save(update_fields=["status"])


def _said(template: MessageTemplate) -> dict[str, Any]:
    return {"code": template.code, "version": template.version, "digest": template.digest}


def _tell(outcome: str, actor: Actor, template: MessageTemplate, *, why: str = "", day: date | None = None) -> None:
    tell_writer(
        outcome, actor=actor, writers=[template.drafted_by], what=_("通知"), title=name_of_notice(template.code),
        subject=template, link=reverse("console-notice-version", args=[template.pk]), why=why, day=day,
    )  # fmt: skip


def _in_review(actor: Actor, template_id: UUID) -> MessageTemplate:
    rows = MessageTemplate.objects.exclude(department=None).select_for_update(of=("self",)).select_related("department")
    template = find(rows, pk=template_id)
    office = template.department
    assert office is not None
    permit(actor, VERB, department_id=office.pk, division=office.division_id)
    if template.status != Status.IN_REVIEW:
        raise NotForReview
    return template
