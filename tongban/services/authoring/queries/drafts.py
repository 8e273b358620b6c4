"""Drafts of items, seen through drafting."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tongban.foundation.drafting.queries import count_of, draft_for, drafts_of

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.kernel.paging import Page

KIND, VERB = "item", "items.manage"


def item_draft(actor: Actor, draft_id: UUID) -> Draft:
    """A draft of an item; of anything else there is none."""
    return draft_for(actor, draft_id, kind=KIND)


def item_drafts(actor: Actor, *, state: str = "", text: str = "", cursor: str = "") -> Page:
    return drafts_of(actor, KIND, verb=VERB, state=state, text=text, cursor=cursor)


def draft_counts(actor: Actor) -> dict[str, int]:
    return count_of(actor, KIND, verb=VERB)
