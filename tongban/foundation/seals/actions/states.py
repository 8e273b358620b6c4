"""A seal enters a state, and the register remembers from when until when it was in each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from tongban.foundation.kernel.clock import now
from tongban.foundation.seals.errors import WrongState
from tongban.foundation.seals.models import Seal, Standing
from tongban.foundation.seals.rules import may_become

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def whole_second(*, after: bool = False) -> datetime:
    """This moment without its fraction, or the next such: signatures carry whole seconds, and must fall on the right side."""
    at = now().astimezone(UTC)
    second = at.replace(microsecond=0)
    return second + timedelta(seconds=1) if after and at != second else second


def entered(actor: Actor, seal: Seal, state: str, *, reason: str = "", document: str = "") -> datetime:
    """Put a locked seal into a state; the state before ends at the moment the new one begins. `WrongState` when it may not."""
    last = Standing.objects.filter(seal=seal, until=None).first()
    if last is not None and not may_become(seal.state, state):
        raise WrongState
    since = whole_second(after=seal.state == Seal.State.IN_USE)
    if last is not None:
        since = max(since, last.since)
        Standing.objects.filter(pk=last.pk).update(until=since)
    Standing.objects.create(
        seal=seal, state=state, since=since, reason=reason.strip(), document=document.strip(), by=actor.account_id
    )
    seal.state = state
    if state == Seal.State.CANCELLED:
        seal.cancelled_at = since
        seal.editions.filter(in_force_from__isnull=False, in_force_until=None).update(in_force_until=since)
    seal.save()
    return since
