"""Counting how often anybody asks, keeping what was refused, clearing away what is old."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from tongban.foundation.kernel.clearing import delete_in_parts
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import TooMany
from tongban.foundation.kernel.kept import also_forget

from .models import Attempt, Window
from .queries import mark_of
from .rules import KINDS, Count, Drawn, Limit, share_of

# One statement, and the only one that changes a window: whoever comes at the same moment waits for it, and adds to it.
DRAW = """
insert into attempts_window as held (id, drawn, ends_at) values (%(id)s, %(share)s, %(now)s + %(lasts)s)
on conflict (id) do update set
    drawn = case when held.ends_at <= %(now)s then excluded.drawn else held.drawn + excluded.drawn end,
    ends_at = case when held.ends_at <= %(now)s then excluded.ends_at else held.ends_at end
returning drawn, extract(epoch from ends_at - %(now)s)::float
"""
MOST_CALLERS = 20_000
_drawn: dict[str, Drawn] = {}
also_forget(_drawn.clear)


def count(limit: str, caller: str) -> Count:
    """One call more of this caller under a limit of `settings.LIMITS`. Whoever is over it is noted, once a window."""
    allowed: Limit = settings.LIMITS[limit]
    key = f"{limit}:{mark_of(caller)}"
    held = _drawn.get(key)
    moment = time.monotonic()
    if held is None or held.ends <= moment or (not held.left and held.total < allowed.calls):
        held = _draw(key, allowed, moment)
    reset = int(held.ends - moment) + 1
    if held.left:
        held.left -= 1
        return Count(min(held.total, allowed.calls) - held.left, allowed.calls, reset)
    return Count(allowed.calls + 1, allowed.calls, reset)


def _draw(key: str, allowed: Limit, moment: float) -> Drawn:
    share = share_of(allowed)
    given: dict[str, Any] = {"id": key, "share": share, "now": now(), "lasts": timedelta(seconds=allowed.seconds)}
    with connection.cursor() as cursor:
        cursor.execute(DRAW, given)
        total, lasts = cursor.fetchone()
    if len(_drawn) >= MOST_CALLERS:
        _drawn.clear()
    # The last share may reach beyond the limit: only what lies below it is ours.
    left = max(min(share, allowed.calls - (total - share)), 0)
    held = _drawn[key] = Drawn(moment + lasts, total, left)
    return held


def allow(limit: str, caller: str, *, account_id: UUID | None = None) -> Count:
    """`count`, and `TooMany` for whoever has asked too often."""
    counted = count(limit, caller)
    if counted.is_over:
        note("limit", account_id=account_id, address=caller, route=limit)
        raise TooMany
    return counted


def note(
    kind: str, *, account_id: UUID | None = None, address: str = "", route: str = "", thing: str = ""
) -> Attempt | None:
    """Keep an attempt; None where this caller has left so many in this minute that one more says nothing."""
    if kind not in KINDS:
        raise ValueError(kind)
    if count("attempts.noted", f"{kind} {account_id or address}").is_over:
        return None
    return Attempt.objects.create(
        kind=kind, at=now(), account_id=account_id, address=mark_of(address), route=route[:200], thing=thing[:80]
    )


def clear_old() -> int:
    """Delete windows that are over; how many. Attempts go by the month, into the archive (foundation/months)."""
    return delete_in_parts(Window.objects.filter(ends_at__lt=now() - timedelta(hours=1)))
