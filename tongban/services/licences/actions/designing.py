"""The way of a licence type among officials: designed in a draft, handed in, published by somebody who did not write in it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting import actions as drafting
from tongban.foundation.drafting.queries import authors_of
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import tell_writer
from tongban.foundation.organisations.queries import department
from tongban.services.licences.errors import TypeNotForReview, TypeRefused
from tongban.services.licences.models import LicenceType
from tongban.services.licences.queries.designing import (
    KIND,
    VERB,
    designable,
    free_code,
    reasons_of_draft,
    type_draft,
)
from tongban.services.licences.queries.types import forget_types
from tongban.services.licences.rules.designing import definition_of, draft_of, fresh
from tongban.services.licences.rules.types import complete

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor

Status = LicenceType.Status


@transaction.atomic
def design_type(*, actor: Actor, code: str = "") -> Draft:
    """Open a draft of the next version of a type (`code`) the actor's department may issue, or of a new one."""
    permit(actor, VERB, department_id=actor.department_id)
    assert actor.department_id is not None  # nobody has the right without one
    office = department(actor.department_id)
    if code:
        newest = designable(actor, code)
        content, reference = draft_of(complete(newest.content)), f"{code}@{newest.version}"
    else:
        code, reference = free_code(office.code), ""
        content = draft_of(fresh(code=code, definer=office.name, issuer=office.short_name))
    return drafting.begin(
        actor=actor, kind=KIND, key=code, title=content["name"] or _("新的证照类型"), department_id=office.pk, verb=VERB,
        content=content, base=content if reference else None, base_ref=reference,
    )  # fmt: skip


@transaction.atomic
def hand_in_type(*, actor: Actor, draft_id: UUID) -> LicenceType:
    """Hand a draft in for review; refused with everything wrong in it."""
    draft = type_draft(actor, draft_id)
    if reasons := reasons_of_draft(draft.content, draft.key):
        raise TypeRefused(reasons=reasons)
    drafting.submit(actor=actor, draft_id=draft.pk)
    newest = LicenceType.objects.select_for_update().filter(code=draft.key).order_by("-version").first()
    number = newest.version + 1 if newest else 1
    made = LicenceType.objects.create(
        code=draft.key, name=draft.content["name"], version=number, status=Status.IN_REVIEW, effective_on=today(),
        department_id=draft.department_id, draft_id=draft.pk, drafted_by=actor.account_id,
        authors=sorted(map(str, authors_of(draft))),
        content=complete(definition_of(draft.content, version=number, effective_on=today().isoformat())),
    )  # fmt: skip
    record("licences.type_handed_in", actor=actor, subject=made, data={"code": made.code, "version": made.version})
    return made


@transaction.atomic
def publish_type(*, actor: Actor, type_id: UUID | str, effective_on: date | None) -> LicenceType:
    """Publish what colleagues designed, from a day on, today at the earliest. Licences issued before keep their version."""
    made = _in_review(actor, type_id)
    if {str(name) for name in actor.names} & {*made.authors, str(made.drafted_by)}:
        raise NotAllowed(_("写过这个证照类型的人不能自己发布，请由另一位同事审核。"))
    if effective_on is None or effective_on < today():
        text = _("生效日期不能早于今天，请改为今天或以后的日期。")
        raise TypeRefused(reasons=[Reason("day_past", text, "effective_on")])
    made.status, made.effective_on = Status.PUBLISHED, effective_on
    made.reviewed_by, made.published_at = actor.account_id, now()
    made.content = {**made.content, "effective_on": effective_on.isoformat()}
    made.digest = sm3(canonical({key: value for key, value in made.content.items() if key != "version"}))
    made.save()
    if made.draft_id:
        drafting.finish(actor=actor, draft_id=made.draft_id)
    forget_types()
    data = {"code": made.code, "version": made.version, "effective_on": effective_on.isoformat()}
    record("licences.type_published", actor=actor, subject=made, data=data)
    _tell("published", actor, made, day=effective_on)
    return made


@transaction.atomic
def return_type(*, actor: Actor, type_id: UUID | str, reason: str) -> LicenceType:
    """Give a type back to who designed it; why stands as a comment on the draft."""
    made = _in_review(actor, type_id)
    if not reason.strip():
        raise TypeRefused(reasons=[Reason("reason_missing", _("请写明退回的原因，起草人会按它修改。"), "reason")])
    made.status = Status.WITHDRAWN
    made.save(update_fields=["status"])
    if made.draft_id:
        drafting.return_(actor=actor, draft_id=made.draft_id)
        drafting.comment(actor=actor, draft_id=made.draft_id, path="", text=reason[:1000])
    record("licences.type_returned", actor=actor, subject=made, data={"code": made.code, "version": made.version})
    _tell("returned", actor, made, why=reason.strip())
    return made


def _tell(outcome: str, actor: Actor, made: LicenceType, **more: Any) -> None:
    tell_writer(
        outcome, actor=actor, writers=made.authors or [made.drafted_by], what=_("证照类型"), title=made.name, subject=made,
        link=f"/console/licences/types/{made.pk}/", **more,
    )  # fmt: skip


def _in_review(actor: Actor, type_id: UUID | str) -> LicenceType:
    made = find(LicenceType.objects.select_for_update(), pk=type_id)
    permit(actor, VERB, department_id=made.department_id)
    if made.status != Status.IN_REVIEW:
        raise TypeNotForReview
    return made
