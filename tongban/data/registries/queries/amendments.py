"""Changes of a register's title and keeper that were asked for."""

from __future__ import annotations

from uuid import UUID

from tongban.data.registries.models import Amendment
from tongban.foundation.kernel.actors import Actor, may
from tongban.foundation.kernel.lookup import find

from .records import register_of
from .registers import MANAGE


def amendment(*, actor: Actor, amendment_id: UUID) -> Amendment:
    one = find(Amendment.objects.select_related("register", "department", "department_before"), pk=amendment_id)
    register_of(actor, one.register_id)
    return one


def amendments_of(*, actor: Actor, register: str) -> list[Amendment]:
    """The last five, the newest first."""
    rows = register_of(actor, register).amendments.select_related("department", "department_before")
    return list(rows.order_by("-asked_at", "-id")[:5])


def amendments_waiting(actor: Actor) -> list[Amendment]:
    """Those that somebody else asked for and the actor may agree to, the oldest first."""
    if MANAGE not in actor.grants:
        return []
    rows = Amendment.objects.filter(state=Amendment.State.IN_REVIEW).select_related("register").order_by("pk")
    return [
        one for one in rows
        if one.asked_by not in actor.names and may(actor, MANAGE, department_id=one.register.department_id)
    ]  # fmt: skip
