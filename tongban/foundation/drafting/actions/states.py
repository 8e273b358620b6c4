"""Where a draft stands: open, in review, done, in the trash."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting.errors import DraftUnderWay
from tongban.foundation.drafting.models import Draft
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now

from .reach import locked

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

State = Draft.State


@transaction.atomic
def trash(*, actor: Actor, draft_id: UUID) -> Draft:
    """Put a draft into the trash, whence `restore` brings it back with all its edits."""
    draft = locked(actor, draft_id)
    draft.trashed_by, draft.trashed_at = actor.account_id, now()
    return _moved(actor, draft, State.TRASHED, "drafting.trashed", "trashed_by", "trashed_at")


@transaction.atomic
def restore(*, actor: Actor, draft_id: UUID) -> Draft:
    """Bring a draft back. `DraftUnderWay` when another of the same thing was begun meanwhile."""
    draft = locked(actor, draft_id, State.TRASHED)
    draft.trashed_by = draft.trashed_at = None
    try:
        with transaction.atomic():
            return _moved(actor, draft, State.OPEN, "drafting.restored", "trashed_by", "trashed_at")
    except IntegrityError:
        raise DraftUnderWay from None


@transaction.atomic
def submit(*, actor: Actor, draft_id: UUID) -> Draft:
    """Close the draft for review; for the owning room, which has handed the content in."""
    return _moved(actor, locked(actor, draft_id), State.IN_REVIEW, "drafting.submitted")


@transaction.atomic
def return_(*, actor: Actor, draft_id: UUID) -> Draft:
    """Open the draft again: the review found something."""
    return _moved(actor, locked(actor, draft_id, State.IN_REVIEW), State.OPEN, "drafting.returned")


@transaction.atomic
def finish(*, actor: Actor, draft_id: UUID) -> Draft:
    """The draft has become what it was for."""
    return _moved(actor, locked(actor, draft_id, State.OPEN, State.IN_REVIEW), State.DONE, "drafting.finished")


def _moved(actor: Actor, draft: Draft, state: str, fact: str, *fields: str) -> Draft:
    draft.state = state
    draft.save(update_fields=["state", *fields])
    digest = sm3(canonical(draft.content))
    record(fact, actor=actor, subject=draft, data={"revision": draft.revision, "digest": digest})
    return draft
