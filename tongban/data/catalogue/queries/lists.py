"""The three lists (责任, 需求, 不予共享), figures by department, and how far the catalogue is covered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from tongban.data.catalogue.models import Demand, Entry
from tongban.data.catalogue.rules.content import REFUSED
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import Actor, may
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.organisations.queries import departments_of

from .entries import PUBLISH, WRITE, permit_reading, published_entries

A_DAY = timedelta(days=1)  # T+1: what has not come for longer does not follow its source, whatever was agreed


def duty_page(actor: Actor, *, department: str = "", cursor: str = "", size: int = 50) -> Page:
    """责任清单: what each body has to provide, who answers for it, how often and how well."""
    permit_reading(actor)
    rows = of_department(published_entries().filter(kind=Entry.Kind.RESOURCE), department)
    return page_of(rows.select_related("department", "published"), order=["code"], cursor=cursor, size=size)


def no_share_page(actor: Actor, *, department: str = "", cursor: str = "", size: int = 50) -> Page:
    """不予共享清单: with the ground in law and the day it is looked at again, the soonest first."""
    permit_reading(actor)
    rows = of_department(published_entries().filter(share_type=REFUSED, review_on__isnull=False), department)
    return page_of(
        rows.select_related("department", "published"), order=["review_on", "code"], cursor=cursor, size=size
    )


def of_department(rows: Any, department: str) -> Any:
    if not department:
        return rows
    try:
        return rows.filter(department_id=UUID(department))
    except ValueError:
        return rows.none()


def is_overdue(entry: Entry, day: date | None = None) -> bool:
    return entry.review_on is not None and entry.review_on < (day or today())


def overdue_grounds(actor: Actor) -> int:
    permit_reading(actor)
    return published_entries().filter(review_on__lt=today()).count()


def demand_page(actor: Actor, *, department: str = "", state: str = "", cursor: str = "", size: int = 50) -> Page:
    """需求清单, the newest first."""
    permit_reading(actor)
    rows = of_department(Demand.objects.all(), department)
    rows = rows.filter(state=state) if state in Demand.State.values else rows
    return page_of(rows.select_related("department", "resource"), order=["-id"], cursor=cursor, size=size)


def demand_for(actor: Actor, demand_id: UUID | str) -> Demand:
    """One need, for those who may answer it: its own department's stewards and the platform."""
    demand = find(Demand.objects.select_related("department", "resource"), pk=demand_id)
    if not may_answer(actor, demand):
        raise NotFound
    return demand


def may_answer(actor: Actor, demand: Demand) -> bool:
    return may(actor, PUBLISH) or may(actor, WRITE, department_id=demand.department_id)


def names_of(demands: list[Demand]) -> dict[UUID, str]:
    return staff_names(one.asked_by for one in demands if one.asked_by)


@dataclass(frozen=True)
class Figures:
    """What one department, or all of them, have listed; and how much of it is in the lake."""

    systems: int = 0
    resources: int = 0
    free: int = 0
    conditional: int = 0
    refused: int = 0
    opened: int = 0
    gathered: int = 0
    daily: int = 0
    overdue: int = 0

    @property
    def gathered_share(self) -> int:
        return round(100 * self.gathered / self.resources) if self.resources else 0


def figures(actor: Actor) -> tuple[Figures, list[tuple[Any, Figures]]]:
    """Of the whole city, and of each department in use; those that list nothing last. Two queries."""
    permit_reading(actor)
    resource = Q(kind=Entry.Kind.RESOURCE)
    counted = {
        "systems": Count("pk", filter=Q(kind=Entry.Kind.SYSTEM)),
        "resources": Count("pk", filter=resource),
        "free": Count("pk", filter=resource & Q(share_type="1")),
        "conditional": Count("pk", filter=resource & Q(share_type="2")),
        "refused": Count("pk", filter=resource & Q(share_type=REFUSED)),
        "opened": Count("pk", filter=resource & ~Q(open_type="disallowed")),
        "gathered": Count("pk", filter=resource & Q(gathered_at__isnull=False)),
        "daily": Count("pk", filter=resource & Q(follows_daily=True, gathered_at__gte=now() - A_DAY)),
        "overdue": Count("pk", filter=Q(review_on__lt=today())),
    }
    rows = {
        row.pop("department_id"): Figures(**row)
        for row in published_entries().values("department_id").annotate(**counted)
    }
    offices = [(office, rows.get(office.pk, Figures())) for office in departments_of()]
    total = Figures(*(sum(getattr(row, name) for row in rows.values()) for name in counted))
    return total, sorted(offices, key=lambda pair: -pair[1].resources)
