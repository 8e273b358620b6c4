"""When a job is due and when it may run. T+1: every day once, within a window the source's owner allows."""

from __future__ import annotations

from datetime import datetime, time, timedelta


def is_open(moment: time, opens: time | None, closes: time | None) -> bool:
    """Whether a source may be read at this hour; a window may go over midnight. No window: always."""
    if opens is None or closes is None or opens == closes:
        return True
    if opens < closes:
        return opens <= moment < closes
    return moment >= opens or moment < closes


def next_due(after: datetime, at: time) -> datetime:
    """The next moment a job begins: the first time it is `at` after this, by the clock of `after`'s zone."""
    due = after.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return due if due > after else due + timedelta(days=1)


def pause(rows: int, seconds: float, rows_a_second: int) -> float:
    """How long to wait after so many rows in so many seconds, so that the source gives no more than it can bear; 0: no limit."""
    return max(0.0, rows / rows_a_second - seconds) if rows_a_second else 0.0
