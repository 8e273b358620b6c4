"""Figures a supervisor may see: those of his division, a head those of his department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet, Sum

from tongban.foundation.kernel.actors import Scope, may, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.organisations.queries import department
from tongban.services.cases.queries import FEW, closed_on_day, division_prefix, open_counts
from tongban.services.items.queries import in_force_items

from .models import DayCount, LampWithdrawal
from .rules import Line, lines_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.organisations.models import Department

SEE, ORDER = "supervision.see", "supervision.order"


def within(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows with a department and a division, those this actor may see."""
    scope = actor.scope(SEE)
    if scope is Scope.ALL:
        return rows
    if scope is Scope.DIVISION:
        return rows.filter(division__startswith=division_prefix(actor.division))
    return rows.filter(department_id=actor.department_id)


@dataclass(frozen=True)
class Figures:
    """One look at the figures, put together by department and by item."""

    by_department: dict[UUID, Line]
    by_item: dict[str, Line]
    by_day: dict[date, tuple[int, int]]  # closed, and of these in time

    @property
    def all(self) -> Line:
        return sum(self.by_department.values(), Line())


def department_for(actor: Actor, department_id: UUID) -> Department:
    """A department whose figures he may see; another one is not found, rather than shown without any."""
    found = department(department_id)
    if not may(actor, SEE, department_id=found.pk, division=found.division_id):
        raise NotFound
    return found


def figures(actor: Actor, *, since: date, until: date, department_id: UUID | None = None) -> Figures:
    """What is open now, what was closed in the period, lamps withdrawn in it; of one department, or of all he may see.

    A handful of queries over a few rows, whatever the number of cases: closed ones are counted once a day, today's and open ones when
    asked, or once a minute where they are many.
    """
    permit(actor, SEE, department_id=actor.department_id, division=actor.division)
    only = {"department_id": department_id} if department_id else {}
    opened = open_counts(actor, SEE, department_id)
    counted = within(actor, DayCount.objects.filter(day__range=(since, until), **only)).exclude(day=today())
    sums = {"number": Sum("closed"), "timely": Sum("on_time")}
    closed = [
        {
            "department_id": row["department_id"],
            "item_code": row["item_code"],
            "number": row["number"],
            "on_time": row["timely"],
        }
        for row in counted.values("department_id", "item_code").annotate(**sums).order_by()
    ]
    by_day = {row["day"]: (row["number"], row["timely"]) for row in counted.values("day").annotate(**sums).order_by()}
    if until >= today():
        fresh = _closed_today(actor, department_id)
        closed += fresh
        by_day[today()] = (sum(row["number"] for row in fresh), sum(row["on_time"] for row in fresh))
    taken = within(actor, LampWithdrawal.objects.filter(withdrawn_on__range=(since, until), **only))
    withdrawn = list(taken.values("department_id", "item_code", "lamp").annotate(number=Count("*")).order_by())
    return Figures(
        lines_of("department_id", opened, closed, withdrawn), lines_of("item_code", opened, closed, withdrawn), by_day
    )


def _closed_today(actor: Actor, department_id: UUID | None) -> list[dict[str, Any]]:
    """What was counted within the last minute; while it is few, counted now."""
    counted = DayCount.objects.filter(day=today()).annotate(number=F("closed"))
    kept = counted.values("department_id", "division", "item_code", "number", "on_time")
    rows = [dict(row) for row in kept]
    if sum(row["number"] for row in rows) <= FEW:
        rows = closed_on_day(today())
    scope, prefix = actor.scope(SEE), division_prefix(actor.division)

    def mine(row: dict[str, Any]) -> bool:
        if department_id and row["department_id"] != department_id:
            return False
        if scope is Scope.DIVISION:
            return str(row["division"]).startswith(prefix)
        return scope is Scope.ALL or row["department_id"] == actor.department_id

    return [row for row in rows if mine(row)]


def item_names() -> dict[str, str]:
    return {version.content["code"]: version.content["task_name"] for version in in_force_items()}


def withdrawals(actor: Actor, *, cursor: str = "", size: int = 50) -> Page:
    """Lamps taken back, the latest first. One query."""
    permit(actor, SEE, department_id=actor.department_id, division=actor.division)
    return page_of(within(actor, LampWithdrawal.objects.all()), order=["-id"], cursor=cursor, size=size)


def withdrawn_lamps(case_ids: list[UUID]) -> set[tuple[UUID, str]]:
    """Of some cases, which lamps were taken back. One query."""
    return set(LampWithdrawal.objects.filter(case_id__in=case_ids).values_list("case_id", "lamp"))


def withdrawal(actor: Actor, withdrawal_id: UUID) -> LampWithdrawal:
    return find(within(actor, LampWithdrawal.objects.all()), id=withdrawal_id)


def last_counted_day() -> date | None:
    """Up to which day closed cases have been counted."""
    return DayCount.objects.aggregate(last=Max("day"))["last"]
