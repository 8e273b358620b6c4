"""Closed cases are counted every night, the last week anew: a day's figures settle when its last correction is in."""

from __future__ import annotations

from datetime import timedelta

from tongban.foundation.kernel.clock import today
from tongban.foundation.tasks.actions import periodic
from tongban.services.cases.queries import is_busy_day

from .actions import count_day, count_days

DAYS_ANEW = 7


@periodic("supervision.count_days", "20 17 * * *")  # 01:20 in China
def count() -> None:
    count_days(today() - timedelta(days=DAYS_ANEW), today() - timedelta(days=1))


@periodic("supervision.count_today", "* * * * *")
def count_busy_day() -> None:
    """Only a day on which so much was closed that pages no longer count it themselves."""
    if is_busy_day(today()):
        count_day(today())
