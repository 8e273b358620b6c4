"""Work done later: after a review the draft it was about is opened again, or done; addresses in drafts are tried."""

from __future__ import annotations

from uuid import UUID

from tongban.foundation.tasks.actions import periodic, task

from .actions import check_all_links, check_links, go_through, settle_drafts


@task("authoring.settle")
def settle(subject: str = "", **_fact: str) -> None:
    settle_drafts(subject.split(":")[1])


@task("authoring.check_links")
def check(draft_id: str) -> None:
    check_links(UUID(draft_id))


@periodic("authoring.check_all_links", "20 18 * * *")  # 02:20 in China
def check_every_night() -> None:
    check_all_links()


@task("authoring.rehearse_rules")
def rehearse_rules(rehearsal_id: str) -> None:
    go_through(UUID(rehearsal_id))
