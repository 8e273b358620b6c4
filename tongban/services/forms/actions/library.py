"""Sharing groups and fields among the forms of the city."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.services.forms import rules
from tongban.services.forms.errors import FormRefused
from tongban.services.forms.models import SharedPart, SharedVersion
from tongban.services.forms.queries.answers import reasons_of
from tongban.services.forms.rules.parts import bare

VERB = "items.manage"


@transaction.atomic
def share_part(
    *, actor: Actor, key: str, content: dict[str, Any], department_id: UUID | None = None, note: str = ""
) -> SharedVersion:
    """Put a group or field into the library: a new part, or the next version of one this department looks after.

    What is the same as the newest version changes nothing. A part must make sense by itself: it may ask for the situation
    and for its own fields, not for what stands around it in one form.
    """
    part = SharedPart.objects.select_for_update().filter(key=key).first()
    permit(actor, VERB, department_id=part.department_id if part else department_id)
    content = bare(content)
    kind = SharedPart.Kind.FIELD if "type" in content else SharedPart.Kind.GROUP
    _refuse_unsound(key, content, part, kind)
    newest = part.versions.order_by("-version").first() if part else None
    if newest is not None and newest.content == content:
        return newest
    if part is None:
        part = SharedPart.objects.create(key=key, kind=kind, department_id=department_id, created_at=now())
    shared = SharedVersion.objects.create(
        part=part,
        version=newest.version + 1 if newest else 1,
        title=str(content.get("title") or content.get("label") or key),
        content=content,
        note=note.strip()[:300],
        by=actor.account_id,
        at=now(),
    )
    record("forms.part_shared", actor=actor, subject=part, data={"key": key, "version": shared.version})
    return shared


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
