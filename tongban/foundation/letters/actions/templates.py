"""The way of a letter's text among officials: written by one, reviewed and published by another of the same department."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting import actions as drafting
from tongban.foundation.drafting.queries import draft_for
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.lookup import find
from tongban.foundation.letters.errors import NotForReview, TemplateRefused, reasons_of
from tongban.foundation.letters.models import LetterTemplate
from tongban.foundation.letters.queries import KIND, VERB, asked_by, own_templates, template_in_force
from tongban.foundation.letters.rules import faults_of
from tongban.foundation.notifications.actions import tell_writer

from .packaged import packaged, source_of

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor

Status = LetterTemplate.Status


@transaction.atomic
def begin_template(*, actor: Actor, department_id: UUID, step: str, item_code: str = "") -> Draft:
    """Open a draft of the department's own letter for a step, beginning with the standard text. `item_code`: the item whose
    questions its text may quote."""
    standard = template_in_force(step, today())
    content = _text(standard.content if standard else packaged(step))
    content["item_code"] = item_code
    return _begin(actor, department_id, f"{step}-{uuid7().hex[-10:]}", content, base_ref=step)


@transaction.atomic
def revise_template(*, actor: Actor, code: str) -> Draft:
    """Open a draft of the next version of one of the department's own letters."""
    published = own_templates(actor).filter(status=Status.PUBLISHED)
    newest = find(published.order_by("code", "-version").distinct("code"), code=code)
    assert newest.department_id is not None
    return _begin(actor, newest.department_id, code, _text(newest.content), base_ref=f"{code}@{newest.version}")


def _begin(actor: Actor, department_id: UUID, code: str, content: dict[str, Any], *, base_ref: str) -> Draft:
    return drafting.begin(
        actor=actor, kind=KIND, key=code, title=content["title"], department_id=department_id, verb=VERB,
        content=content, base=content, base_ref=base_ref,
    )  # fmt: skip


def _text(content: dict[str, Any]) -> dict[str, Any]:
    """What officials write of a template: all but what is made from it."""
    return {name: value for name, value in content.items() if name != "source"}


@transaction.atomic
def hand_in_template(*, actor: Actor, draft_id: UUID) -> LetterTemplate:
    """Hand a draft in for review. Refused with everything that is wrong with it."""
    draft = draft_for(actor, draft_id)
    item = draft.content.get("item_code", "")
    if faults := faults_of(draft.content, frozenset(asked_by(actor, item)) if item else None):
        raise TemplateRefused(reasons=reasons_of(faults))
    drafting.submit(actor=actor, draft_id=draft.pk)
    newest = LetterTemplate.objects.filter(code=draft.key).order_by("-version").first()
    content = {**draft.content, "source": source_of(draft.key, draft.content)}
    template = LetterTemplate.objects.create(
        code=draft.key,
        department_id=draft.department_id,
        draft_id=draft.pk,
        version=newest.version + 1 if newest else 1,
        status=Status.IN_REVIEW,
        effective_on=today(),
        drafted_by=actor.account_id,
        content=content,
        digest=sm3(canonical(content)),
    )
    record("letters.template_handed_in", actor=actor, subject=template, data={"version": template.version})
    return template


@transaction.atomic
def publish_template(*, actor: Actor, template_id: UUID, effective_on: date | None) -> LetterTemplate:
    """Publish what a colleague wrote, from a day on, today at the earliest. Letters sent before keep the text they had."""
    template = _in_review(actor, template_id)
    if template.drafted_by in actor.names:
        raise NotAllowed(_("起草人不能审核自己起草的文书，请由另一位同事审核发布。"))
    if effective_on is None or effective_on < today():
        raise TemplateRefused(
            reasons=[Reason("day_past", _("生效日期不能早于今天，请改为今天或以后的日期。"), "effective_on")]
        )
    template.status, template.effective_on = Status.PUBLISHED, effective_on
    template.reviewed_by, template.published_at = actor.account_id, now()
    template.save(update_fields=["status", "effective_on", "reviewed_by", "published_at"])
    drafting.finish(actor=actor, draft_id=_draft_of(template))
    data = {"version": template.version, "digest": template.digest, "effective_on": effective_on.isoformat()}
    record("letters.template_published", actor=actor, subject=template, data=data)
    _tell_writer("published", actor, template, day=effective_on)
    return template


@transaction.atomic
def return_template(*, actor: Actor, template_id: UUID, reason: str) -> LetterTemplate:
    """Give a text back to who wrote it; why stands as a comment on the draft."""
    template = _in_review(actor, template_id)
    if not reason.strip():
        raise TemplateRefused(reasons=[Reason("reason_missing", _("请写明退回的原因，起草人会按它修改。"), "reason")])
    template.status = Status.WITHDRAWN
    template.save(update_fields=["status"])
    drafting.return_(actor=actor, draft_id=_draft_of(template))
    drafting.comment(actor=actor, draft_id=_draft_of(template), path="", text=reason)
    record("letters.template_returned", actor=actor, subject=template, data={"version": template.version})
    _tell_writer("returned", actor, template, why=reason.strip())
    return template


def _tell_writer(
    outcome: str, actor: Actor, template: LetterTemplate, *, why: str = "", day: date | None = None
) -> None:
    tell_writer(
        outcome, actor=actor, writers=[template.drafted_by], what=_("文书"), title=str(template.content["title"]),
        subject=template, link=f"/console/letters/versions/{template.pk}/", why=why, day=day,
    )  # fmt: skip


def _draft_of(template: LetterTemplate) -> UUID:
    assert template.draft_id is not None  # whatever is in review was written in a draft
    return template.draft_id


def _in_review(actor: Actor, template_id: UUID) -> LetterTemplate:
    template = find(LetterTemplate.objects.select_for_update(of=("self",)).select_related("department"), pk=template_id)
    office = template.department
    permit(actor, VERB, department_id=office.pk if office else None, division=office.division_id if office else "")
    if template.status != Status.IN_REVIEW:
        raise NotForReview
    return template
