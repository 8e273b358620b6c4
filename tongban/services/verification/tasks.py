"""When a licence changes, what its printed codes are checked by changes with it."""

from __future__ import annotations

from uuid import UUID

from tongban.foundation.credentials.actions import mark
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.tasks.actions import task
from tongban.services.licences.queries import standing_of_family

BY_RULE = Actor(kind="system", name="verification")


@task("verification.mark")
def mark_codes(fact_id: str, subject: str) -> None:
    """All versions of the licence as they stand now; running twice changes nothing more."""
    kind, _colon, licence_id = subject.partition(":")
    if kind == "licence":
        mark(actor=BY_RULE, states=standing_of_family(UUID(licence_id)))
