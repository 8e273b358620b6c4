"""Past cases given to a draft of rules, one after another, in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.later import defer
from tongban.services.cases.queries import visible_cases
from tongban.services.decisions.actions import begin_rehearsal, keep_rehearsal, note_tried, open_rehearsal
from tongban.services.decisions.queries import would_have
from tongban.services.items.queries import content_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.decisions.models import Rehearsal

MOST_CASES, TOLD_EVERY = 2000, 20
PEOPLE = {"granted": "grant", "partly": "grant", "refused": "refuse"}


def rehearse_rules(*, actor: Actor, draft_id: UUID) -> Rehearsal:
    """Try the rules over the item's past cases; what comes of it is told on the editor's page."""
    made = begin_rehearsal(actor=actor, draft_id=draft_id)
    defer("authoring.rehearse_rules", rehearsal_id=made.pk)
    return made


def go_through(rehearsal_id: UUID) -> None:
    """Every case of the item that people decided, the latest first. Safe to run twice: it begins anew."""
    rehearsal = open_rehearsal(rehearsal_id)
    every = visible_cases(installer("cases.see")).filter(item_code=rehearsal.item_code)
    decided = every.filter(result__in=PEOPLE, decision__decided_by__isnull=False)
    cases = decided.defer(None).order_by("-id")[:MOST_CASES]
    rehearsal.total = len(cases)
    keep_rehearsal(rehearsal)
    for case in cases:
        outcome, why = would_have(
            rehearsal.content, content_of(case.item_version_id), _application(case), _earlier(every, case)
        )
        told = {"case_id": str(case.pk), "project_no": case.project_no}
        note_tried(rehearsal, outcome=outcome, people=PEOPLE[case.result], why=why, case=told)
        if rehearsal.done % TOLD_EVERY == 0:
            keep_rehearsal(rehearsal)
    keep_rehearsal(rehearsal, ended=True)


def _application(case: Any) -> dict[str, Any]:
    return {
        "answers": case.answers,
        "situation": case.situation,
        "applicant": {"kind": case.applicant_kind, "number": case.applicant_number, "name": case.applicant_name,
                      "id": case.applicant_id},
        "on": case.submitted_at.astimezone(SHANGHAI).date(),
    }  # fmt: skip


def _earlier(every: Any, case: Any) -> Any:
    return lambda: (
        list(every.filter(applicant_id=case.applicant_id, pk__lt=case.pk).values("result", "is_open", "decided_at"))
        if case.applicant_id
        else []
    )
