"""Rules tried over cases that people decided: asked for by who writes them, done in the background, told as it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting.queries import draft_for
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.lookup import find
from tongban.services.decisions.errors import RulesRefused
from tongban.services.decisions.models import Rehearsal
from tongban.services.decisions.queries.faults import faults_of, reasons_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

MOST_DIFFERING = 50


@transaction.atomic
def begin_rehearsal(*, actor: Actor, draft_id: UUID) -> Rehearsal:
    """Keep the rules as they stand now, to be tried. Refused while they have faults."""
    draft = draft_for(actor, draft_id)
    if faults := faults_of(draft.content):
        raise RulesRefused(reasons=reasons_of(faults))
    made = Rehearsal.objects.create(
        draft_id=draft.pk, item_code=draft.key, department_id=draft.department_id, content=draft.content,
        digest=sm3(canonical(draft.content)), asked_by=actor.account_id, begun_at=now(),
    )  # fmt: skip
    record("decisions.rehearsed", actor=actor, subject=made, data={"item": draft.key, "digest": made.digest})
    return made


def open_rehearsal(rehearsal_id: UUID) -> Rehearsal:
    """A rehearsal to be gone through, from the beginning: for the task alone."""
    found = find(Rehearsal.objects, pk=rehearsal_id)
    found.done, found.differ, found.counts, found.differing = 0, 0, {}, []
    return found


def note_tried(rehearsal: Rehearsal, *, outcome: str, people: str, why: str, case: dict[str, Any]) -> None:
    """One case more; kept with `keep_rehearsal`."""
    rehearsal.done += 1
    rehearsal.counts[outcome] = rehearsal.counts.get(outcome, 0) + 1
    if outcome != "person" and outcome != people:
        rehearsal.differ += 1
        if len(rehearsal.differing) < MOST_DIFFERING:
            rehearsal.differing.append(case | {"rules": outcome, "people": people, "why": why})


def keep_rehearsal(rehearsal: Rehearsal, *, ended: bool = False) -> None:
    if ended:
        rehearsal.ended_at = now()
    rehearsal.save(update_fields=["total", "done", "counts", "differ", "differing", "ended_at"])
