"""How far a long transaction is, told while it lasts: over a connection of its own, so that others see it at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.foundation.kernel.clock import now

TOLD = """
update places_takeover set state = coalesce(%(state)s, state), step = coalesce(%(step)s, step), rows = coalesce(%(rows)s::int, rows),
  fault = coalesce(%(fault)s, fault), moved_at = %(at)s
where id = %(id)s and ended_at is null
"""
UNSAID = dict.fromkeys(("state", "step", "rows", "fault"))


@contextmanager
def telling_aside(takeover_id: UUID) -> Iterator[Callable[..., None]]:
    """A function that writes `state`, `step`, `rows` and `fault` of a takeover that is open, committed at once.

    The transaction it tells of must not touch that row before it has told for the last time: it would wait for itself.
    """
    aside = connection.copy()

    def tell(**said: Any) -> None:
        with aside.cursor() as cursor:
            cursor.execute(TOLD, UNSAID | said | {"at": now(), "id": takeover_id})

    try:
        yield tell
    finally:
        aside.close()
