"""What rules that are not in force yet would have said of an application that people decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tongban.foundation.kernel.actors import may, permit
from tongban.services.decisions.models import Rehearsal, RuleSet

from .gathering import Earlier, gather
from .weighing import may_refuse, weighed_snapshot
from .words import told

if TYPE_CHECKING:
    from uuid import UUID

    from tongban.foundation.kernel.actors import Actor


def would_have(
    rules: Mapping[str, Any], item: Mapping[str, Any], application: Mapping[str, Any], earlier: Earlier = None
) -> tuple[str, str]:
    """Outcome and reasons in words. Registers are asked as they are today: they keep no past."""
    on = application["on"]
    values = gather(rules, application, on, earlier)
    weighed = weighed_snapshot(
        rules, {"today": on.isoformat(), "values": values, "refusal_allowed": may_refuse(rules, item)}
    )
    return weighed.outcome, " ".join(one["sentence"] for one in told(ground.as_data() for ground in weighed.grounds))


def last_rehearsal(draft_id: UUID) -> Rehearsal | None:
    return Rehearsal.objects.filter(draft_id=draft_id).order_by("-id").first()


def rule_sets_of(actor: Actor, item_code: str, department_id: UUID) -> list[RuleSet]:
    """Every version of an item's rules, the newest first, for whoever writes them."""
    permit(actor, "items.manage", department_id=department_id)
    return list(RuleSet.objects.filter(item_code=item_code).order_by("-version"))


def rules_waiting(actor: Actor) -> list[RuleSet]:
    """Rules of his department's items that colleagues wrote and he may publish or give back. One query."""
    if not may(actor, "items.manage", department_id=actor.department_id, division=actor.division):
        return []
    rows = RuleSet.objects.filter(department=actor.department_id, status=RuleSet.Status.IN_REVIEW).order_by("id")
    names = {str(name) for name in actor.names}
    return [row for row in rows if names.isdisjoint({*row.authors, str(row.drafted_by)})]
