"""Fetching a draft to change it: locked, permitted, and in a state that allows it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tongban.foundation.drafting.errors import DraftClosed, DraftNotFound
from tongban.foundation.drafting.models import Draft
from tongban.foundation.drafting.queries import may_edit
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

State = Draft.State


def locked(actor: Actor, draft_id: UUID, *states: str) -> Draft:
    """The draft, locked, permitted, and in one of the states (open when none is named)."""
    try:
        draft = find(Draft.objects.select_for_update(of=("self",)).select_related("department"), pk=draft_id)
    except NotFound:
        raise DraftNotFound from None
    if not may_edit(actor, draft):
        raise DraftNotFound
    if draft.state not in (states or (State.OPEN,)):
        raise DraftClosed(state=draft.state)
    return draft
