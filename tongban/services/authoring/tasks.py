"""Work done later: after a review the draft it was about is opened again, or done; addresses in drafts are tried."""

from __future__ import annotations

from uuid import UUID

from tongban.foundation.tasks.actions import task

from .actions import check_links, settle_drafts


@task("authoring.settle")
def settle(subject: str = "", **_fact: str) -> None:
    settle_drafts(subject.split(":")[1])


@task("authoring.check_links")
def check(draft_id: str) -> None:
    check_links(UUID(draft_id))
