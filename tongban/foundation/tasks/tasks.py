"""The housekeeping of the background work itself."""

from .actions import prune_finished_jobs, requeue_stalled_jobs
from .registration import periodic


@periodic("tasks.requeue_stalled", "* * * * *")
def requeue_stalled() -> None:
    requeue_stalled_jobs()


@periodic("tasks.prune", "17 * * * *")
def prune() -> None:
    prune_finished_jobs()
