"""Building in the background, and beginning what is due."""

from tongban.foundation.tasks.actions import periodic, task

from . import actions


@task(actions.BUILD)
def build(build_id: str) -> None:
    actions.build(build_id=build_id)


@periodic("registries.start_due", "*/5 * * * *")
def start_due() -> None:
    actions.start_due()
