"""The one place that asks what time it is. Rules take dates as arguments and never ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
_standing_at: ContextVar[datetime | None] = ContextVar("standing_at", default=None)


def now() -> datetime:
    """This moment, in UTC, aware."""
    return _standing_at.get() or timezone.now()


def today() -> date:
    """Today in China."""
    return now().astimezone(SHANGHAI).date()


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Let it be another moment inside the block: for playing the demo city's past, never in a request."""
    token = _standing_at.set(moment)
    try:
        yield
    finally:
        _standing_at.reset(token)
