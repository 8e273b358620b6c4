"""What a review means for the draft it was about: given back it is open again, published it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.foundation.drafting.actions import finish, return_
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.errors import Conflict
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.items.actions import recall_version
from tongban.services.items.queries import outcomes_of_drafts, review_of_draft

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

IN_REVIEW = "in_review"


@transaction.atomic
def take_out_of_review(actor: Actor, draft_id: UUID) -> None:
    """The drafter goes on writing; the version that waited is a draft again."""
    version = review_of_draft(draft_id)
    if version is None:
        raise Conflict
    recall_version(actor=actor, version_id=version.pk)
    return_(actor=actor, draft_id=draft_id)


@transaction.atomic
def settle_drafts(item_id: UUID | str) -> None:
    """Bring the drafts of an item to where their reviews ended. Doing it twice changes nothing."""
    actor = installer(VERB)
    for draft_id, status in outcomes_of_drafts(item_id):
        if item_draft(actor, draft_id).state != IN_REVIEW:
            continue
        if status == "draft":
            return_(actor=actor, draft_id=draft_id)
        elif status == "published":
            finish(actor=actor, draft_id=draft_id)
