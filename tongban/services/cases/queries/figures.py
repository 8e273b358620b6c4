"""Figures of many cases: what is open, what was closed and whether in time. Numbers only, nobody's data.

Few are counted when somebody asks. Where there are many they were counted within the last minute (`StageCount`), so that a look costs
the same however many there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncDate

from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.services.cases.models import Case, StageCount
from tongban.services.cases.rules import BEFORE_ACCEPTANCE

from .seen import visible_cases, within_scope

if TYPE_CHECKING:
    from uuid import UUID

    from tongban.foundation.kernel.actors import Actor

FEW = 500  # so many are counted in less than a millisecond
# The three stages supervision looks at (申请与受理 / 审查与决定 / 颁证与送达) and the states in each.
STAGES: dict[str, tuple[str, ...]] = {
    "acceptance": ("submitted", "received", "correction"),
    "decision": ("accepted", "reviewing", "suspended"),
    "delivery": ("decided", "certifying", "delivering"),
}
# What is counted of open cases, and where `StageCount` keeps it: all, late ones, those nobody took, those not yet answered.
COUNTED = {"number": "cases", "overdue": "late", "free": "unheld", "fresh": "unanswered"}


def open_rows(actor: Actor, verb: str = "cases.see", **only: Any) -> tuple[QuerySet[Any], dict[str, Any]]:
    """What to count the open cases of an actor's scope by (department, item, stage, lamp), and the sums that can be had of it."""
    kept = within_scope(actor, verb, StageCount.objects.filter(**only))
    if (kept.aggregate(number=Sum("cases"))["number"] or 0) > FEW:
        return kept, {name: Sum(column) for name, column in COUNTED.items()}
    stage = models.Case(*[When(state__in=states, then=Value(name)) for name, states in STAGES.items()])
    live = visible_cases(actor, verb).filter(is_open=True, **only).annotate(stage=stage)
    conditions = {
        "number": Q(),
        "overdue": Q(urgent_on__lt=today()),
        "free": Q(holder_account_id=None),
        "fresh": Q(state__in=BEFORE_ACCEPTANCE),
    }
    return live, {name: Count("pk", filter=condition) for name, condition in conditions.items()}


def open_counts(actor: Actor, verb: str = "cases.see", department_id: UUID | None = None) -> list[dict[str, Any]]:
    """Open cases by department, item, lamp and stage: rows of {department_id, item_code, lamp, stage, number, overdue}."""
    rows, sums = open_rows(actor, verb, **({} if department_id is None else {"department_id": department_id}))
    counted = rows.values("department_id", "item_code", "lamp", "stage")
    return list(counted.annotate(number=sums["number"], overdue=sums["overdue"]).order_by())


def closed_counts(what: str, *, since: date, until: date, departments: Iterable[Any] | None = None) -> dict[Any, int]:
    """Cases closed in a period (both days included) by `department_id` or `item_code`; void ones left out.

    Only numbers, so it takes no actor. One query over an index: a closed case's `urgent_on` is the day it was closed.
    """
    rows = Case.objects.filter(is_open=False, urgent_on__range=(since, until)).exclude(result="void")
    if departments is not None:
        rows = rows.filter(department_id__in=list(departments))
    return dict(rows.values_list(what).annotate(number=Count("*")).order_by())


def closed_on_day(day: date) -> list[dict[str, Any]]:
    """What was closed on one day: rows of {department_id, division, item_code, number, on_time}. For counters; one query.

    In time is a decision, or for want of one the end, on or before the promised day; unanswered in time counts as late.
    """
    promised = Q(promise_due_on__isnull=False)
    decided = TruncDate("decided_at", tzinfo=SHANGHAI)
    answered = Q(promise_due_on__isnull=True, urgent_on__lte=F("answer_due_on"))
    ended = promised & Q(decided_at__isnull=True, urgent_on__lte=F("promise_due_on"))
    on_time = promised & Q(decided_on__lte=F("promise_due_on")) | ended | answered
    rows = Case.objects.filter(is_open=False, urgent_on=day).exclude(result="void").annotate(decided_on=decided)
    counted = rows.values("department_id", "division", "item_code")
    return [dict(row) for row in counted.annotate(number=Count("pk"), on_time=Count("pk", filter=on_time)).order_by()]
