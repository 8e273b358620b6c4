"""What runs by the clock for licences. Cron is in UTC; the offices' day begins at 16:00 of the day before."""

from tongban.foundation.tasks.actions import periodic

from .actions import expire_due


@periodic("licences.expire", "2 16 * * *")
def expire() -> None:
    expire_due()
