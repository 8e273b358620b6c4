"""Closed cases are counted every night, the last week anew: a day's figures settle when its last correction is in."""

from __future__ import annotations

from datetime import timedelta

from tongban.foundation.kernel.clock import today
from tongban.foundation.tasks.actions import periodic

from .actions import count_day, count_days

DAYS_ANEW = 7


@periodic("supervision.count_days", "20 17 * * *")  # 01:20 in China
def count() -> None:
    count_days(today() - timedelta(days=DAYS_ANEW), today() - timedelta(days=1))


@periodic("supervision.count_today", "* * * * *")
def count_this_day() -> None:
    count_day(today())
