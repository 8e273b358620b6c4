"""代填: a clerk writes an application with its applicant beside him, from the beginning or where the applicant left off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import look, record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import notify
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import CaseEvent, Draft, Help, Visit
from tongban.services.cases.queries import earlier_answers, visit_for
from tongban.services.cases.rules import WITH_FILE
from tongban.services.forms.queries import Visitor, is_empty, leaf, prefill, values_of
from tongban.services.items.queries import content_of, department_of, published

from .drafts import begun, editable, saved
from .filing import admit_departments, attach
from .visitors import PURPOSE, covers_item

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tongban.foundation.kernel.actors import Actor

ENDED = Help.EndedBy


@transaction.atomic
def begin_at_counter(*, actor: Actor, visit_id: UUID | str, item_code: str) -> Draft:
    """Begin an application for the visitor, filled in as far as the city knows; each look into a register is a fact."""
    permit(actor, "cases.receive", department_id=department_of(item_code))
    visit = visit_for(actor, visit_id)
    version = published(item_code)
    _may_apply(visit, item_code, version.content)
    draft = begun(actor, version, visit.applicant_kind, visit.applicant_id)
    Help.objects.create(draft=draft, visit=visit, began_at=now())
    _note_help(actor, draft, visit)
    return fill_at_counter(actor=actor, draft_id=draft.pk)


@transaction.atomic
def help_with_draft(*, actor: Actor, visit_id: UUID | str, draft_id: UUID | str) -> Draft:
    """Let the clerk into a draft of the visitor who stands before him; whoever wrote there before him no longer may.

    Only for an item of the clerk's own department. The applicant is told at once, and may take it back.
    """
    visit = visit_for(actor, visit_id)
    draft = find(Draft.objects.select_for_update(), pk=draft_id, case_id=None)
    permit(actor, "cases.receive", department_id=department_of(draft.item_code))
    if draft.applicant_id != visit.applicant_id:
        raise NotFound
    _may_apply(visit, draft.item_code, content_of(draft.item_version_id))
    running = Help.objects.filter(draft=draft, ended_at=None).first()
    if running is not None and running.visit_id == visit.pk:
        return draft
    _end(running, ENDED.COLLEAGUE)
    Help.objects.create(draft=draft, visit=visit, began_at=now())
    admit_departments(f"draft:{draft.pk}", [visit.department_id])
    _note_help(actor, draft, visit)
    _tell(draft, visit)
    return draft


def _may_apply(visit: Visit, item_code: str, content: dict[str, Any]) -> None:
    kind = visit.applicant_kind
    if kind not in (content.get("applicants") or ["person", "company"]):
        text = _("这个事项只由单位申请。") if kind == "person" else _("这个事项只由个人申请。")
        raise CaseRefused(reasons=[Reason("cases.applicant_kind", text, "item_code")])
    if not covers_item(visit, item_code):
        text = _("单位给这位办事人的授权不包括这个事项。")
        raise CaseRefused(reasons=[Reason("cases.mandate_item", text, "item_code")])


def _note_help(actor: Actor, draft: Draft, visit: Visit) -> None:
    data = {"item": draft.item_code, "purpose": PURPOSE, "visit": str(visit.pk)}
    record("cases.draft_helped", actor=actor, subject=draft, person_id=visit.person_id, data=data)
    look(actor=actor, person_id=visit.person_id, what="drafts", purpose=PURPOSE, subject=draft)


def _tell(draft: Draft, visit: Visit) -> None:
    """Whoever is helped without knowing of it learns it by this."""
    names = department_names([visit.department_id])
    data = {"task_name": draft.task_name, "department": names.get(visit.department_id, "")}
    notify(
        person_id=visit.person_id,
        template="cases.draft_helped",
        data=data,
        subject=f"draft:{draft.pk}",
        link="/my/drafts/",
    )


def _end(running: Help | None, by: Help.EndedBy) -> None:
    if running is not None:
        running.ended_at, running.ended_by = now(), by
        running.save(update_fields=["ended_at", "ended_by"])


@transaction.atomic
def end_help(*, actor: Actor, draft_id: UUID | str) -> Draft:
    """The applicant takes his draft back from the counter, or the clerk lays it down. Everything written stays."""
    draft = editable(actor, draft_id)
    permit(actor, "cases.apply", owner_id=draft.applicant_id, department_id=department_of(draft.item_code))
    running = Help.objects.filter(draft=draft, ended_at=None).select_related("visit").first()
    if running is None:
        return draft
    by = ENDED.CLERK if actor.kind == "staff" else ENDED.APPLICANT
    _end(running, by)
    for rows in draft.materials.values():
        for row in rows:
            if row["way"] in WITH_FILE:
                attach(row["file_id"], f"draft:{draft.pk}", draft.applicant_id)  # no department may open it any longer
    person_id = running.visit.person_id
    record("cases.draft_help_ended", actor=actor, subject=draft, person_id=person_id, data={"by": by.value})
    return draft


@transaction.atomic
def fill_at_counter(*, actor: Actor, draft_id: UUID | str) -> Draft:
    """Fill in what the city knows of the applicant in this situation; what somebody typed stays.

    Nothing is looked up before the situation is known: what is asked of whom may depend on it.
    """
    draft = editable(actor, draft_id)
    visit = Help.objects.select_related("visit").get(draft=draft, ended_at=None).visit
    content = content_of(draft.item_version_id)
    rest = leaf(content, draft.situation, applicant_kind=draft.applicant_kind, answers=draft.answers)
    if not rest.is_complete:
        return draft
    known = prefill(
        actor,
        content.get("form") or {},
        draft.task_name,
        earlier=earlier_answers(actor, draft.item_code, draft=draft),
        case_no=f"draft:{draft.pk}",
        situation=rest.situation,
        visitor=Visitor(visit.person_id, visit.company_id),
    )
    fresh = {path: entry for path, entry in known.items() if _untouched(draft, path)}
    draft.answers = {**draft.answers, **values_of(fresh)}
    draft.sources = {**draft.sources, **fresh}
    return saved(draft)


def _untouched(draft: Draft, path: str) -> bool:
    before, value = draft.sources.get(path), draft.answers.get(path)
    return is_empty(value) or (isinstance(before, dict) and before.get("value") == value)


def note_helps(helps: Sequence[Help], case_id: UUID) -> None:
    """The lines of the case's time line that say who helped and when. They keep the helps' ids, which order them by time."""
    CaseEvent.objects.bulk_create(
        CaseEvent(
            id=one.pk,
            case_id=case_id,
            at=one.began_at,
            verb="help",
            stage_name="受理",
            actor_kind="staff",
            account_id=one.visit.account_id,
            department_id=one.visit.department_id,
        )
        for one in helps
    )
    Help.objects.filter(pk__in=[one.pk for one in helps], ended_at=None).update(
        ended_at=now(), ended_by=ENDED.SUBMITTED
    )
