"""Divisions taken over in the background, and what follows on a register that was built or settled."""

from tongban.foundation.tasks.actions import periodic, task

from . import actions
from .queries import ADDRESSES


@task(actions.TAKE_OVER)
def take_over(takeover_id: str) -> None:
    actions.carry_out_takeover(takeover_id=takeover_id)


@task(actions.FOLLOW)
def follow_addresses(fact_id: str, subject: str) -> None:
    if subject in (f"register:{ADDRESSES}",):
        actions.follow_addresses()


@periodic("places.follow_decisions", "*/10 * * * *")
def follow_decisions() -> None:
    """A steward's decision changes a record without a build."""
    actions.follow_addresses()
