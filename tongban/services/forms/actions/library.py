"""Sharing groups and fields among the forms of the city."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import tell_writer
from tongban.services.forms import rules
from tongban.services.forms.errors import FormRefused, OwnPart, PartNotForReview, PartUnderReview
from tongban.services.forms.models import SharedPart, SharedVersion
from tongban.services.forms.queries.answers import reasons_of
from tongban.services.forms.rules.parts import bare

VERB = "items.manage"
Status = SharedVersion.Status


@transaction.atomic
def share_part(
    *, actor: Actor, key: str, content: dict[str, Any], department_id: UUID | None = None, note: str = ""
) -> SharedVersion:
    """Put a group or field forward for the library: a new part, or the next version of one this department looks after.

    What a person writes waits for a second one to `publish_part`; what the installation brings along holds at once.
    What is the same as the newest version changes nothing. A part must make sense by itself: it may ask for the situation
    and for its own fields, not for what stands around it in one form.
    """
    part = SharedPart.objects.select_for_update().filter(key=key).first()
    permit(actor, VERB, department_id=part.department_id if part else department_id)
    content = bare(content)
    kind = SharedPart.Kind.FIELD if "type" in content else SharedPart.Kind.GROUP
    _refuse_unsound(key, content, part, kind)
    newest = part.versions.order_by("-version").first() if part else None
    if newest is not None and newest.status == Status.IN_REVIEW:
        raise PartUnderReview
    if newest is not None and newest.content == content and newest.status == Status.PUBLISHED:
        return newest
    if part is None:
        part = SharedPart.objects.create(key=key, kind=kind, department_id=department_id, created_at=now())
    shared = SharedVersion.objects.create(
        part=part,
        version=newest.version + 1 if newest else 1,
        title=str(content.get("title") or content.get("label") or key),
        content=content,
        note=note.strip()[:300],
        status=Status.IN_REVIEW if actor.account_id else Status.PUBLISHED,
        by=actor.account_id,
        at=now(),
    )
    fact = "forms.part_handed_in" if actor.account_id else "forms.part_shared"
    record(fact, actor=actor, subject=part, data={"key": key, "version": shared.version})
    return shared


@transaction.atomic
def publish_part(*, actor: Actor, version_id: int) -> SharedVersion:
    """Take what a colleague wrote into the library, for every form to copy."""
    shared = _reviewed(actor, version_id, Status.PUBLISHED)
    data = {"key": shared.part.key, "version": shared.version}
    record("forms.part_shared", actor=actor, subject=shared.part, data=data)
    _tell("published", actor, shared)
    return shared


@transaction.atomic
def refuse_part(*, actor: Actor, version_id: int, reason: str) -> SharedVersion:
    """Not take it in, and say why; the version before it goes on."""
    if not 2 <= len(reason.strip()) <= 300:
        raise FormRefused(reasons=[Reason("reason", _("请写明原因，2到300个字。"), "reason")])
    shared = _reviewed(actor, version_id, Status.REFUSED, reason.strip())
    data = {"key": shared.part.key, "version": shared.version}
    record("forms.part_refused", actor=actor, subject=shared.part, data=data)
    _tell("refused", actor, shared)
    return shared


def _reviewed(actor: Actor, version_id: int, status: str, answer: str = "") -> SharedVersion:
    rows = SharedVersion.objects.select_for_update(of=("self",)).select_related("part")
    shared = find(rows, pk=version_id)
    permit(actor, VERB, department_id=shared.part.department_id)
    if shared.status != Status.IN_REVIEW:
        raise PartNotForReview
    if shared.by in actor.names:
        raise OwnPart
    shared.status, shared.answer = status, answer
    shared.reviewed_by, shared.reviewed_at = actor.account_id, now()
    shared.save(update_fields=["status", "answer", "reviewed_by", "reviewed_at"])
    return shared


def _tell(outcome: str, actor: Actor, shared: SharedVersion) -> None:
    day = today() if outcome == "published" else None
    tell_writer(
        outcome, actor=actor, writers=[shared.by], what=_("公共库内容"), title=shared.title, subject=shared.part,
        link=f"/console/authoring/library/{shared.part.key}/", why=shared.answer, day=day,
    )  # fmt: skip


def _refuse_unsound(key: str, content: dict[str, Any], part: SharedPart | None, kind: str) -> None:
    """All reasons at once why this cannot be shared."""
    group = content if kind == SharedPart.Kind.GROUP else {"key": "g", "fields": [content]}
    reasons = reasons_of(rules.faults_of_form({"groups": [group]}))
    if reasons := [*reasons_of(rules.editing.faults_of_key({}, "", key)), *reasons]:
        raise FormRefused(reasons=reasons)
    if part is not None and part.kind != kind:
        raise FormRefused(
            reasons=[Reason("other_kind", _("公共库里的“%(key)s”不是同一类，请换一个名字。") % {"key": key})]
        )
