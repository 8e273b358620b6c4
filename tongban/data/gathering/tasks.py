"""Fetching in the background, and beginning what is due."""

from tongban.foundation.tasks.actions import periodic, task

from . import actions


@task(actions.GATHER)
def gather(run_id: str) -> None:
    actions.gather(run_id=run_id)


@periodic("gathering.start_due", "*/5 * * * *")
def start_due() -> None:
    actions.start_due()


@task(actions.BRING)
def bring_file(source_id: str, mark: str) -> None:
    actions.bring_file(source_id=source_id, mark=mark)


@periodic("gathering.forget_looked", "17 * * * *")
def forget_looked() -> None:
    """Copies that nobody looks at any more."""
    actions.forget_old()


@task(actions.REPLAY)
def replay(job_id: str) -> None:
    actions.replay(job_id=job_id)
