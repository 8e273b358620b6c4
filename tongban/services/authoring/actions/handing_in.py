"""Handing a draft in for review by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting.actions import submit
from tongban.foundation.drafting.queries import authors_of
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.later import defer
from tongban.services.authoring.errors import HandInRefused
from tongban.services.authoring.queries import describe, item_draft, must_be_mended
from tongban.services.items.actions import draft_version, submit_for_review
from tongban.services.items.queries import review_of_draft

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.items.models import ItemVersion


@transaction.atomic
def hand_in(actor: Actor, draft_id: UUID) -> ItemVersion:
    """Make the draft a version that waits for review. Refused with every finding that must be mended."""
    draft = item_draft(actor, draft_id)
    findings = must_be_mended(draft)
    if findings:
        raise HandInRefused(
            reasons=[Reason("finding", one.text, describe(one.path, draft.content)) for one in findings]
        )
    submit(actor=actor, draft_id=draft.pk)
    before = review_of_draft(draft.pk)
    version = draft_version(
        actor=actor, code=draft.key, content=draft.content, authors=authors_of(draft), draft_id=draft.pk,
        is_new=before is None and not draft.base_ref.startswith(f"{draft.key}@"),
        version_id=before.pk if before is not None and before.status == before.Status.DRAFT else None,
    )  # fmt: skip
    version = submit_for_review(actor=actor, version_id=version.pk)
    defer("authoring.check_links", draft_id=draft.pk)
    record("authoring.handed_in", actor=actor, subject=draft, data={"item": draft.key, "version": version.version})
    return version
