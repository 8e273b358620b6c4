"""After a review: the draft it was about is opened again, or done."""

from tongban.foundation.tasks.actions import task

from .actions import settle_drafts


@task("authoring.settle")
def settle(subject: str = "", **_fact: str) -> None:
    settle_drafts(subject.split(":")[1])
