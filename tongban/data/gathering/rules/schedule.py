"""When a job is due and when it may run. T+1: every day once unless said otherwise, within a window the source's owner allows."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime, time, timedelta

# How often → within how many days it is done, for whoever waits for it: a day more than lies between two times.
DAYS = {"hour": 1, "day": 1, "week": 8, "month": 32}


def is_daily(every: str) -> bool:
    """Whether whoever waits for it has it within a day (T+1)."""
    return DAYS[every] == 1


def is_open(moment: time, opens: time | None, closes: time | None) -> bool:
    """Whether a source may be read at this hour; a window may go over midnight. No window: always."""
    if opens is None or closes is None or opens == closes:
        return True
    if opens < closes:
        return opens <= moment < closes
    return moment >= opens or moment < closes


def next_due(after: datetime, at: time, every: str = "day", day: int = 0) -> datetime:
    """The next moment a job begins, by the clock of `after`'s zone: every hour at the minutes of `at`, every day, every week on `day`

    (1 is Monday), or every month on `day`; a month that has no such day: on its last.
    """
    due = after.replace(hour=after.hour if every == "hour" else at.hour, minute=at.minute, second=0, microsecond=0)
    step = timedelta(hours=1) if every == "hour" else timedelta(days=1)
    while due <= after or not _is_its_day(due, every, day):
        due += step
    return due


def _is_its_day(due: datetime, every: str, day: int) -> bool:
    if every == "week":
        return due.isoweekday() == min(max(day, 1), 7)
    return every != "month" or due.day == min(max(day, 1), monthrange(due.year, due.month)[1])


def pause(rows: int, seconds: float, rows_a_second: int) -> float:
    """How long to wait after so many rows in so many seconds, so that the source gives no more than it can bear; 0: no limit."""
    return max(0.0, rows / rows_a_second - seconds) if rows_a_second else 0.0
