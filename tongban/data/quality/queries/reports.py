"""What a department's data were worth in a month: scores, rules, tickets. For the page that is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from tongban.data.quality.models import Check, Finding, Ticket
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.organisations.queries import department

from .standing import SEE, dimensions_of, mean, own

MONTHS = 400  # lines in the list of reports


@dataclass(frozen=True)
class Line:
    """One dataset in a month: its first and last check."""

    first: Check
    last: Check
    checks: int


@dataclass(frozen=True)
class Tickets:
    """Sent and closed in the month; of those that were open at its end, how many in all and how many past their day."""

    sent: int
    closed: int
    open: int
    late: int


@dataclass(frozen=True)
class Report:
    department: Any
    begins_on: date
    lines: list[Line]
    score: float | None
    before: float | None
    dimensions: dict[str, float]
    worst: list[Finding]
    tickets: Tickets


def months(*, actor: Actor) -> list[tuple[Any, date, int]]:
    """(department, first day, checks) of every month in which data of a department were checked, the newest first."""
    permit(actor, SEE, department_id=actor.department_id)
    done = own(actor, Check.objects.filter(state=Check.State.DONE))
    rows = (
        done.annotate(month=TruncMonth("ended_at", tzinfo=SHANGHAI))
        .values("month", "department_id")
        .annotate(n=Count("id"))
    )
    found = [(department(row["department_id"]), row["month"].date(), row["n"]) for row in rows[:MONTHS]]
    return sorted(found, key=lambda one: (-one[1].toordinal(), one[0].short_name))


def report(*, actor: Actor, department_id: UUID, begins_on: date) -> Report:
    """`begins_on`: the month's first day, in China. Five queries."""
    permit(actor, SEE, department_id=department_id)
    since, until = _moment(begins_on), _moment(after(begins_on))
    checks = Check.objects.filter(department_id=department_id, state=Check.State.DONE)
    lines = _lines(
        list(checks.filter(ended_at__gte=since, ended_at__lt=until).order_by("title", "dataset_id", "ended_at"))
    )
    last = [one.last for one in lines]
    before = checks.filter(ended_at__lt=since).order_by("dataset_id", "-ended_at").distinct("dataset_id")
    worst = Finding.objects.filter(of_check__in=[one.pk for one in last], bad__gt=0).select_related(
        "version", "of_check", "rule"
    )
    return Report(
        department=department(department_id),
        begins_on=begins_on,
        lines=lines,
        score=_score(last),
        before=_score(list(before)),
        dimensions=dimensions_of(last),
        worst=list(worst.order_by("-bad", "rule__number")[:10]),
        tickets=_tickets(department_id, since, until),
    )


def after(begins_on: date) -> date:
    """The first day of the next month."""
    return date(begins_on.year + begins_on.month // 12, begins_on.month % 12 + 1, 1)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)


def _lines(checks: Sequence[Check]) -> list[Line]:
    found: dict[UUID, list[Check]] = {}
    for one in checks:
        found.setdefault(one.dataset_id, []).append(one)
    return [Line(ones[0], ones[-1], len(ones)) for ones in found.values()]


def _score(checks: Sequence[Check]) -> float | None:
    known = [one.score for one in checks if one.score is not None]
    return mean(known) if known else None


def _tickets(department_id: UUID, since: datetime, until: datetime) -> Tickets:
    still = Q(sent_at__lt=until) & (Q(closed_at=None) | Q(closed_at__gte=until))
    told = Ticket.objects.filter(department_id=department_id).aggregate(
        sent=Count("id", filter=Q(sent_at__gte=since, sent_at__lt=until)),
        closed=Count("id", filter=Q(closed_at__gte=since, closed_at__lt=until)),
        open=Count("id", filter=still),
        late=Count("id", filter=still & Q(due_on__lt=until.astimezone(SHANGHAI).date())),
    )
    return Tickets(**told)
