"""Reading drafts. Each query takes the actor; who may not see a draft is told there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import Actor, Scope, may
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

from .errors import DraftNotFound
from .models import Comment, Draft, Edit, Presence
from .rules import Change, Entry, changes, undoable

if TYPE_CHECKING:
    from datetime import datetime

AWAY = timedelta(seconds=45)  # a page says every fifteen seconds that it is open
MOST_OPEN = 200
STATES = ("open", "in_review", "done")


def draft_for(actor: Actor, draft_id: UUID | str, *, kind: str = "") -> Draft:
    """One draft, whatever its state; `DraftNotFound` also when the actor may not see it, or it is of another `kind`."""
    try:
        draft = find(Draft.objects.select_related("department"), pk=draft_id)
    except NotFound:
        raise DraftNotFound from None
    if not may_edit(actor, draft) or draft.kind != (kind or draft.kind):
        raise DraftNotFound
    return draft


def open_draft(actor: Actor, kind: str, key: str) -> Draft | None:
    """The draft of one thing that is being written or reviewed, if there is one and the actor may see it."""
    found = (
        Draft.objects.select_related("department").filter(kind=kind, key=key, state__in=["open", "in_review"]).first()
    )
    return found if found and may_edit(actor, found) else None


def open_drafts(actor: Actor, kind: str, *, verb: str) -> list[Draft]:
    """The drafts of a kind that are being written or reviewed and that the actor may edit, with their contents."""
    rows = _seen_by(actor, verb).filter(kind=kind, verb=verb, state__in=["open", "in_review"])
    return list(rows.select_related("department").order_by("-updated_at")[:MOST_OPEN])


def changes_of(draft: Draft) -> list[Change]:
    """What differs from what the draft began with; nothing when it began with nothing."""
    return changes(draft.base, draft.content) if draft.base else []


def changes_between(old: Any, new: Any) -> list[Change]:
    """What one document says otherwise than another, whoever keeps them: rows are known by their key, not their place."""
    return changes(old, new)


def may_edit(actor: Actor, draft: Draft) -> bool:
    department = draft.department
    return may(actor, draft.verb, department_id=department.pk, division=department.division_id)


def drafts_of(
    actor: Actor,
    kind: str,
    *,
    verb: str,
    state: str = "",
    text: str = "",
    cursor: str = "",
    size: int = 30,
    whole: bool = False,
) -> Page:
    """Drafts of a kind the actor may edit, those touched last first; without a state, all that are not in the trash.

    Contents are loaded only for the `whole`. One query.
    """
    rows = _seen_by(actor, verb).filter(kind=kind, verb=verb, state__in=[state] if state else STATES)
    if text:
        rows = rows.filter(title__icontains=text)
    rows = rows.select_related("department").defer("base", *(() if whole else ("content",)))
    return page_of(rows, order=["-updated_at", "-id"], cursor=cursor, size=size)


def content_for_task(draft_id: UUID) -> Any:
    """The document, for work done later for somebody who was permitted to ask for it."""
    return find(Draft.objects.only("content"), pk=draft_id).content


def contents_under_way(kind: str) -> list[Any]:
    """Every document of a kind that is being written or reviewed, for work done by the installation itself."""
    rows = Draft.objects.filter(kind=kind, state__in=["open", "in_review"])
    return list(rows.order_by("-updated_at").values_list("content", flat=True)[:MOST_OPEN])


def content_key(draft_id: UUID) -> str:
    """The key of what a draft will become, for addresses."""
    return find(Draft.objects.only("key"), pk=draft_id).key


def keys_in_use(kind: str, beginning: str) -> set[str]:
    """Keys of open drafts that begin so: nobody else may begin one of the same."""
    rows = Draft.objects.filter(kind=kind, key__startswith=beginning, state__in=["open", "in_review"])
    return set(rows.values_list("key", flat=True))


def under_way(kind: str, base_ref: str) -> UUID | None:
    """The open draft that began from the same thing."""
    rows = Draft.objects.filter(kind=kind, base_ref=base_ref, state__in=["open", "in_review"])
    return rows.values_list("pk", flat=True).first()


def count_of(actor: Actor, kind: str, *, verb: str) -> dict[str, int]:
    """How many drafts stand in each state."""
    counts = dict.fromkeys((*STATES, "trashed"), 0)
    for state in _seen_by(actor, verb).filter(kind=kind, verb=verb).values_list("state", flat=True):
        counts[state] += 1
    return counts


def _seen_by(actor: Actor, verb: str) -> QuerySet[Draft]:
    scope = actor.scope(verb)
    if scope is Scope.ALL:
        return Draft.objects.all()
    if scope is Scope.DIVISION:
        digits = next((n for n in (0, 2, 4, 6, 9) if not actor.division[n:].strip("0")), 12)
        return Draft.objects.filter(department__division_id__startswith=actor.division[:digits])
    return Draft.objects.filter(department=actor.department_id) if scope is Scope.DEPARTMENT else Draft.objects.none()


def edits_of(actor: Actor, draft_id: UUID, *, cursor: str = "", size: int = 50) -> Page:
    """The history, newest first."""
    draft = draft_for(actor, draft_id)
    return page_of(Edit.objects.filter(draft=draft).select_related("of"), order=["-number"], cursor=cursor, size=size)


def edits_since(actor: Actor, draft_id: UUID, revision: int) -> list[Edit]:
    """What was done after a revision, oldest first."""
    return list(draft_for(actor, draft_id).edits.filter(number__gt=revision))


def can_undo(actor: Actor, draft_id: UUID) -> tuple[bool, bool]:
    """Whether the actor has an edit to undo and one to redo."""
    undo, redo = undoable(own_entries(draft_id, actor.account_id))
    return undo is not None, redo is not None


def own_entries(draft_id: UUID, account_id: UUID | None) -> list[Entry]:
    rows = Edit.objects.filter(draft=draft_id, by=account_id).values_list("number", "kind")
    return [Entry(number, kind) for number, kind in rows.order_by("number")]


def comments_of(actor: Actor, draft_id: UUID, path: str | None = None) -> list[Comment]:
    """Remarks with their answers (`replies`), the oldest first; of one place when `path` is given. Two queries."""
    rows = Comment.objects.filter(draft=draft_for(actor, draft_id), reply_to=None).prefetch_related("replies")
    return list(rows if path is None else rows.filter(path=path))


def open_comments(actor: Actor, draft_id: UUID) -> dict[str, int]:
    """How many unresolved remarks stand at each place."""
    counts: dict[str, int] = {}
    rows = Comment.objects.filter(draft=draft_for(actor, draft_id), reply_to=None, resolved_at=None)
    for path in rows.values_list("path", flat=True):
        counts[path] = counts.get(path, 0) + 1
    return counts


@dataclass(frozen=True)
class Other:
    """A colleague who has the draft open: his name, and the place he is at."""

    account_id: UUID
    name: str
    path: str
    seen_at: datetime


def others_in(actor: Actor, draft_id: UUID) -> list[Other]:
    """Who else has the draft open now."""
    draft = draft_for(actor, draft_id)
    rows = list(
        Presence.objects.filter(draft=draft, seen_at__gt=now() - AWAY).exclude(account=actor.account_id).order_by("pk")
    )
    names = staff_names(row.account for row in rows) if rows else {}
    return [Other(row.account, names.get(row.account, ""), row.path, row.seen_at) for row in rows]


def authors_of(draft: Draft) -> set[UUID]:
    """Everybody who wrote in the draft, its beginner included."""
    by = set(draft.edits.exclude(by=None).values_list("by", flat=True).distinct())
    return {one for one in (*by, draft.created_by) if one}


def names_of(rows: list[Any]) -> Mapping[Any, str]:
    """Names behind `by` of edits or comments, one query."""
    return staff_names(row.by for row in rows if row.by)
