"""Keeping an item's history: a line of the story and a fact, in the caller's transaction."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.services.items.errors import ReasonMissing
from tongban.services.items.models import ItemEvent, ItemVersion, ServiceItem

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

Kind = ItemEvent.Kind
LONGEST = 1000


def keep(
    kind: Kind,
    *,
    actor: Actor,
    item: ServiceItem,
    version: ItemVersion | None = None,
    reason: str = "",
    from_on: date | None = None,
    data: dict[str, Any] | None = None,
    fact: dict[str, Any] | None = None,
) -> ItemEvent:
    """One line, and the fact `items.<kind>`. `fact` is what the fact says beside the version and the day."""
    event = ItemEvent.objects.create(
        item=item,
        version=version,
        kind=kind,
        at=now(),
        by=actor.account_id,
        reason=reason,
        from_on=from_on,
        data=data or {},
    )
    said: dict[str, Any] = dict(data or {}) | (fact or {}) | {"code": item.code, "department": str(item.department_id)}
    if version is not None:
        said["version"] = version.version
    if from_on is not None:
        said["from_on"] = from_on.isoformat()
    record(f"items.{kind.value}", actor=actor, subject=item, data=said)
    return event


def faults_of_reason(text: str) -> list[Reason]:
    """Why a reason is not fit to be read by citizens and by those who come after."""
    fits = 2 <= len(text.strip()) <= LONGEST
    return [] if fits else [Reason("reason", _("请写明原因，2到1000个字。"), "reason")]


def reason_given(text: str) -> str:
    """The reason itself, or `ReasonMissing`."""
    if faults := faults_of_reason(text):
        raise ReasonMissing(reasons=faults)
    return text.strip()
