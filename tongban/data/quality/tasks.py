"""Looking at datasets in the background."""

from tongban.foundation.tasks.actions import task

from . import actions


@task(actions.CHECK)
def check(check_id: str) -> None:
    actions.run_check(check_id=check_id)


@task("quality.after_gathering")
def after_gathering(fact_id: str, subject: str) -> None:
    actions.check_after_gathering(job_id=subject.removeprefix("job:"))
