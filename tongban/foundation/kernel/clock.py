"""The one place that asks what time it is. Rules take dates as arguments and never ask."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, in UTC, aware."""
    return timezone.now()


def today() -> date:
    """Today in China."""
    return timezone.now().astimezone(SHANGHAI).date()
