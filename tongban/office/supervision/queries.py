"""Figures a supervisor may see: those of his division, a head those of his department."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, F, Max, QuerySet, Sum

from tongban.foundation.kernel.actors import Scope, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.cases.queries import closed_on_day, division_prefix, open_counts
from tongban.services.items.queries import in_force_items

from .models import DayCount, LampWithdrawal
from .rules import Line, lines_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

SEE, ORDER = "supervision.see", "supervision.order"


def _permitted(actor: Actor) -> None:
    permit(actor, SEE, department_id=actor.department_id, division=actor.division)


def within(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of rows with a department and a division, those this actor may see."""
    scope = actor.scope(SEE)
    if scope is Scope.ALL:
        return rows
    if scope is Scope.DIVISION:
        return rows.filter(division__startswith=division_prefix(actor.division))
    return rows.filter(department_id=actor.department_id)


def figures(actor: Actor, by: str, *, since: date, until: date, department_id: UUID | None = None) -> dict[Any, Line]:
    """Lines by `department_id` or `item_code`: what is open now, what was closed in the period, lamps withdrawn in it.

    Four queries, whatever the number of cases: closed ones are counted once a day, only today's are counted when asked.
    """
    _permitted(actor)
    only = {"department_id": department_id} if department_id else {}
    counted = within(actor, DayCount.objects.filter(day__range=(since, until), **only)).exclude(day=today())
    closed = list(counted.values(by=F(by)).annotate(number=Sum("closed"), on_time=Sum("on_time")).order_by())
    withdrawals = within(actor, LampWithdrawal.objects.filter(withdrawn_on__range=(since, until), **only))
    withdrawn = withdrawals.values("lamp", by=F(by)).annotate(number=Count("pk")).order_by()
    fresh = _closed_today(actor, department_id) if until >= today() else []
    closed += [{"by": row[by], "number": row["number"], "on_time": row["on_time"]} for row in fresh]
    return lines_of(open_counts(actor, by, SEE, department_id), closed, withdrawn)


def _closed_today(actor: Actor, department_id: UUID | None) -> list[dict[str, Any]]:
    scope, prefix = actor.scope(SEE), division_prefix(actor.division)

    def mine(row: dict[str, Any]) -> bool:
        if department_id and row["department_id"] != department_id:
            return False
        if scope is Scope.DIVISION:
            return str(row["division"]).startswith(prefix)
        return scope is Scope.ALL or row["department_id"] == actor.department_id

    return [row for row in closed_on_day(today()) if mine(row)]


def closed_by_day(
    actor: Actor, *, since: date, until: date, department_id: UUID | None = None
) -> dict[date, tuple[int, int]]:
    """(closed, in time) by day. Two queries."""
    _permitted(actor)
    only = {"department_id": department_id} if department_id else {}
    counted = within(actor, DayCount.objects.filter(day__range=(since, until), **only)).exclude(day=today())
    rows = counted.values("day").annotate(number=Sum("closed"), timely=Sum("on_time")).order_by()
    days = {row["day"]: (row["number"], row["timely"]) for row in rows}
    if until >= today() and (fresh := _closed_today(actor, department_id)):
        days[today()] = (sum(r["number"] for r in fresh), sum(r["on_time"] for r in fresh))
    return days


def item_names() -> dict[str, str]:
    return {version.content["code"]: version.content["task_name"] for version in in_force_items()}


def withdrawals(actor: Actor, *, cursor: str = "", size: int = 50) -> Page:
    """Lamps taken back, the latest first. One query."""
    _permitted(actor)
    return page_of(within(actor, LampWithdrawal.objects.all()), order=["-id"], cursor=cursor, size=size)


def withdrawn_lamps(case_ids: list[UUID]) -> set[tuple[UUID, str]]:
    """Of some cases, which lamps were taken back. One query."""
    return set(LampWithdrawal.objects.filter(case_id__in=case_ids).values_list("case_id", "lamp"))


def withdrawal(actor: Actor, withdrawal_id: UUID) -> LampWithdrawal:
    return find(within(actor, LampWithdrawal.objects.all()), id=withdrawal_id)


def last_counted_day() -> date | None:
    """Up to which day closed cases have been counted."""
    return DayCount.objects.aggregate(last=Max("day"))["last"]
