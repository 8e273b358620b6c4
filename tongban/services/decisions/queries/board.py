"""Which items decide by themselves and how it goes; what waits for a person's check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from tongban.foundation.kernel.actors import Scope, may
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.decisions.models import Decided, Halt, HumanCheck, Quota, RuleSet
from tongban.services.items.queries import in_force_items

from .explaining import SEE

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

HALT, CHECK = "decisions.halt", "decisions.check"
ALARMS_FOR = timedelta(days=30)  # so long a difference stands at the head of the board


@dataclass
class Row:
    """One item on the board."""

    item_code: str
    task_name: str
    department: str
    rules: RuleSet
    halt: Halt | None
    counts: dict[str, int]
    waiting: int
    differs: int
    alarms: int  # differences found of late
    may_switch: bool

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def board(actor: Actor) -> list[Row]:
    """Every item the actor oversees that has rules in force. Six queries."""
    rules = {row.item_code: row for row in RuleSet.objects.filter(status=RuleSet.Status.PUBLISHED).order_by("version")}
    halts = {row.item_code: row for row in Halt.objects.filter(lifted_at=None)}
    counts = _counts(actor)
    checks = _checks(actor)
    found = []
    for version in in_force_items():
        item = version.item
        where: dict[str, Any] = {"department_id": item.department_id, "division": item.division_id}
        if item.code in rules and may(actor, SEE, **where):
            waiting, differs, alarms = checks.get(item.code, (0, 0, 0))
            found.append(
                Row(item.code, version.content["task_name"], item.department.name, rules[item.code],
                    halts.get(item.code), counts.get(item.code, {}), waiting, differs, alarms,
                    may(actor, HALT, **where))
            )  # fmt: skip
    return found


def _mine(actor: Actor, prefix: str = "") -> Q:
    """Rows of the departments that the actor oversees."""
    scope = actor.scope(SEE)
    if scope is None:
        return Q(pk__in=[])
    if scope is Scope.ALL:
        return Q()
    if scope is Scope.DIVISION:
        digits = next((n for n in (0, 2, 4, 6, 9) if not actor.division[n:].strip("0")), 12)
        return Q(**{f"{prefix}division__startswith": actor.division[:digits]})
    return Q(**{f"{prefix}department_id": actor.department_id})


def _counts(actor: Actor) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    rows = Decided.objects.filter(_mine(actor)).values_list("item_code", "outcome").annotate(count=Count("id"))
    for code, outcome, count in rows.order_by():
        found.setdefault(code, {})[outcome] = count
    return found


def _checks(actor: Actor) -> dict[str, tuple[int, int, int]]:
    differs = Q(answer=HumanCheck.Answer.DIFFERS)
    rows = HumanCheck.objects.filter(_mine(actor, "decided__")).values("decided__item_code").annotate(
        waiting=Count("id", filter=Q(answer="")), differ=Count("id", filter=differs),
        alarms=Count("id", filter=differs & Q(answered_at__gte=now() - ALARMS_FOR)),
    )  # fmt: skip
    return {row["decided__item_code"]: (row["waiting"], row["differ"], row["alarms"]) for row in rows.order_by()}


def task_names() -> dict[str, str]:
    """What the items in use are called, by code."""
    return {version.item.code: version.content["task_name"] for version in in_force_items()}


def decided_of(actor: Actor, item_code: str, *, outcome: str = "", cursor: str = "", size: int = 30) -> Page:
    """What the rules of an item decided, the latest first; snapshots are not loaded."""
    rows = Decided.objects.filter(_mine(actor), item_code=item_code).defer("snapshot", "trail")
    rows = rows.select_related("rule_set").filter(**({"outcome": outcome} if outcome else {}))
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def checks_for(actor: Actor, *, answered: bool = False) -> QuerySet[HumanCheck]:
    """What waits for a person's check in the departments he oversees, what an applicant asked for before what was
    drawn, the oldest first; or what was answered, latest first."""
    rows = HumanCheck.objects.filter(_mine(actor, "decided__")).select_related("decided")
    rows = rows.defer("decided__snapshot", "decided__trail")
    return (
        rows.exclude(answer="").order_by("-answered_at")
        if answered
        else rows.filter(answer="").order_by("cause", "begun_at")
    )


def check_for(actor: Actor, check_id: UUID) -> HumanCheck:
    return find(HumanCheck.objects.filter(_mine(actor, "decided__")).select_related("decided"), pk=check_id)


def halts_of(item_code: str) -> list[Halt]:
    return list(Halt.objects.filter(item_code=item_code).order_by("-halted_at")[:20])


def quotas() -> list[Any]:
    return list(Quota.objects.order_by("key"))
