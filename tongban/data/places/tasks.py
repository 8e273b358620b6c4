"""What follows on a register that was built or settled."""

from tongban.foundation.tasks.actions import periodic, task

from . import actions
from .queries import ADDRESSES


@task(actions.FOLLOW)
def follow_addresses(fact_id: str, subject: str) -> None:
    if subject in (f"register:{ADDRESSES}",):
        actions.follow_addresses()


@periodic("places.follow_decisions", "*/10 * * * *")
def follow_decisions() -> None:
    """A steward's decision changes a record without a build."""
    actions.follow_addresses()
