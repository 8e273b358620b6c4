"""What an applicant sees: his cases, his drafts, what he wrote before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.cases.models import Case, Decision, Draft, Help, IntakeKey
from tongban.services.items.errors import ItemNotFound, ItemNotInForce
from tongban.services.items.queries import published
from tongban.services.licences.queries import licence_of_case

from .seen import HEAVY

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

CURRENT, CHANGED, CLOSED = "current", "changed", "closed"


def my_cases(actor: Actor, filters: dict[str, Any] | None = None, cursor: str = "", size: int = 20) -> Page:
    """The applicant's own cases, the latest first. Filters: `open` (bool), `state`, `item_code`. One query."""
    filters = filters or {}
    rows = Case.objects.defer(*HEAVY)
    rows = rows.filter(applicant_id=actor.applicant_id) if actor.applicant_id else rows.none()
    if "open" in filters:
        rows = rows.filter(is_open=bool(filters["open"]))
    rows = rows.filter(**{name: filters[name] for name in ("state", "item_code") if filters.get(name)})
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def earlier_of(applicant_id: UUID | None, item_code: str) -> list[dict[str, Any]]:
    """What became of an applicant's cases of one item, the latest first: `{result, is_open, decided_at}`. For rules, not faces."""
    if applicant_id is None:
        return []
    rows = Case.objects.filter(applicant_id=applicant_id, item_code=item_code).order_by("-id")
    return [dict(row) for row in rows.values("result", "is_open", "decided_at")[:50]]


def _writable(actor: Actor) -> Q:
    """Drafts of the applicant himself, and those a clerk was let into with the applicant standing beside him."""
    own = Q(applicant_id=actor.applicant_id) if actor.applicant_id else Q(pk__in=[])
    if actor.kind == "staff":
        running = Q(ended_at=None) | Q(ended_by=Help.EndedBy.SUBMITTED)  # his repeat must find the receipt
        helps = Help.objects.filter(running, visit__account_id=actor.account_id, visit__until__gt=now())
        return Q(pk__in=helps.values("draft_id"))
    return own


def my_drafts(actor: Actor) -> list[Draft]:
    """Applications begun and not submitted, the latest first; answers are not loaded."""
    rows = Draft.objects.defer("answers", "sources", "situation", "delivery_wish", "carried")
    return list(rows.filter(_writable(actor), case_id=None).order_by("-saved_at", "-id")[:50])


def draft_for(actor: Actor, draft_id: UUID | str) -> Draft:
    """A draft that is his to write, submitted or not; somebody else's is `NotFound`."""
    try:
        return find(Draft.objects.filter(_writable(actor)), pk=draft_id)
    except ValueError:
        raise NotFound from None


def draft_standing(draft: Draft) -> str:
    """Whether the item still is what the draft was written for: `current`, `changed` (a newer version holds), `closed`."""
    try:
        version = published(draft.item_code)
    except (ItemNotFound, ItemNotInForce):
        return CLOSED
    return CURRENT if version.pk == draft.item_version_id else CHANGED


def applicant_behind(actor: Actor, draft: Draft | None) -> UUID | None:
    """Whose earlier cases may be drawn upon: the actor's own, or those of whose draft a clerk was let into."""
    return draft_for(actor, draft.pk).applicant_id if draft else actor.applicant_id


def earlier_answers(
    actor: Actor, item_code: str = "", limit: int = 3, draft: Draft | None = None
) -> list[dict[str, Any]]:
    """What the applicant wrote in his latest cases (of one item): {project_no, as_of, item_code, answers}.

    Only his own; a clerk gets those of whose `draft` he was let into.
    """
    applicant_id = applicant_behind(actor, draft)
    if not applicant_id:
        return []
    rows = Case.objects.filter(applicant_id=applicant_id)
    if item_code:
        rows = rows.filter(item_code=item_code)
    found = rows.only("id", "project_no", "submitted_at", "item_code", "answers").order_by("-id")[:limit]
    return [
        {"project_no": c.project_no, "as_of": c.submitted_at, "item_code": c.item_code, "answers": c.answers}
        for c in found
    ]


def receipt_by_key(fingerprint: str) -> dict[str, Any] | None:
    """What an intake under this key led to: {case_id, project_no, submitted_at, digest}."""
    key = IntakeKey.objects.filter(pk=fingerprint).first()
    if key is None:
        return None
    case = Case.objects.only("id", "project_no", "submitted_at").get(pk=key.made_id)
    return {
        "case_id": case.pk,
        "project_no": case.project_no,
        "submitted_at": case.submitted_at,
        "digest": key.digest,
    }


@dataclass(frozen=True)
class AtOnce:
    """What rules decided of an application in the moment it came (秒批秒办). `licence`: the identifier of the one it led to."""

    result: str
    reasons: str
    remedies: str
    licence: str


def decided_at_once(case_id: UUID) -> AtOnce | None:
    """The same of a case that was taken in before, for whoever holds its receipt."""
    decision = Decision.objects.filter(case_id=case_id, decided_by=None).first()
    if decision is None:
        return None
    licence = next((row.identifier for row in licence_of_case(case_id)), "")
    return AtOnce(decision.result, decision.reasons, decision.remedies, licence)


def receipt_of_draft(draft: Draft) -> dict[str, Any]:
    """What a submitted draft became."""
    case = Case.objects.only("id", "project_no", "submitted_at").get(pk=draft.case_id)
    return {"case_id": case.pk, "project_no": case.project_no, "submitted_at": case.submitted_at, "is_replay": True}
