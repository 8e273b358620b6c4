"""What runs by the clock for applications and cases. Cron is in UTC; the offices' day begins at 16:00 of the day before."""

from tongban.foundation.tasks.actions import periodic, task

from .actions import (
    accept_unanswered,
    count_open,
    forget_old_drafts,
    lapse_corrections,
    note_broken_promises,
    refresh_lamps,
    tell_deputy,
    tell_submitted,
)


@periodic("cases.silence", "5 16 * * *")
def silence() -> None:
    accept_unanswered()


@periodic("cases.lapse", "15 16 * * *")
def corrections() -> None:
    lapse_corrections()


@periodic("cases.promises", "25 16 * * *")
def promises() -> None:
    note_broken_promises()


@periodic("cases.lamps", "35 16 * * *")
def lamps() -> None:
    refresh_lamps()


@periodic("cases.drafts", "45 16 * * *")
def drafts() -> None:
    forget_old_drafts()


@periodic("cases.tell_submitted", "* * * * *")
def submitted() -> None:
    tell_submitted()


@periodic("cases.count_open", "* * * * *")
def count() -> None:
    count_open()


@task("cases.tell_deputy")
def deputy_named(subject: str, **_fact: str) -> None:
    tell_deputy(subject.partition(":")[2])
