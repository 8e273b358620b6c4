"""What runs by the clock for licences. Cron is in UTC; the offices' day begins at 16:00 of the day before."""

from tongban.foundation.tasks.actions import periodic, task

from .actions import confirm_rows, deliver, expire_due, gather_batch


@periodic("licences.expire", "2 16 * * *")
def expire() -> None:
    expire_due()


@periodic("licences.deliver", "*/10 * * * *")
def deliver_to_the_lake() -> None:
    deliver()


@task("licences.gather")
def gather_rows(batch_id: str) -> None:
    gather_batch(batch_id=batch_id)


@task("licences.confirm_batch")
def confirm(batch_id: str) -> None:
    confirm_rows(batch_id=batch_id)
