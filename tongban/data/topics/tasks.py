"""Following every twenty seconds: each minute one pass, and two more asked for."""

from datetime import timedelta

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.later import defer
from tongban.foundation.tasks.actions import periodic, task

from . import actions


@task(actions.FOLLOW)
def follow() -> None:
    actions.follow()


@periodic("topics.follow_each_minute", "* * * * *")
def follow_each_minute() -> None:
    for seconds in (20, 40):
        defer(actions.FOLLOW, at=now() + timedelta(seconds=seconds))
    actions.follow()
