"""Reckoning running clocks anew when a calendar has changed, and once a night in case a process held an old one."""

from tongban.foundation.tasks.actions import periodic, task

from .actions import recompute_clocks


@task("clocks.recompute")
def recompute(**_fact: str) -> None:
    recompute_clocks()


@periodic("clocks.recompute_nightly", "10 18 * * *")  # 02:10 in China
def recompute_nightly() -> None:
    recompute_clocks()
