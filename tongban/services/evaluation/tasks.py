"""Figures are counted as ratings come in, and every night the days whose cases may still change."""

from __future__ import annotations

from datetime import timedelta

from tongban.foundation.kernel.clock import today
from tongban.foundation.tasks.actions import periodic

from .actions import count_days
from .queries import days_to_count

DAYS_ANEW = 7


@periodic("evaluation.count", "*/5 * * * *")
def count() -> None:
    count_days(days_to_count())


@periodic("evaluation.count_days", "40 17 * * *")  # 01:40 in China
def count_lately() -> None:
    count_days([today() - timedelta(days=ago) for ago in range(DAYS_ANEW)])
