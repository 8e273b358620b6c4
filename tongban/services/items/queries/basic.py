"""The basic list, what of it is not yet taken up, and what a draft made from a line of it begins with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q

from tongban.foundation.kernel.actors import Scope
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.organisations.queries import department, halls_of
from tongban.services.items.models import BasicItem, ServiceItem
from tongban.services.items.rules.basic import Office, beginning, slug
from tongban.services.items.rules.listed import name_key

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.organisations.models import Department


@dataclass(frozen=True)
class BasicFilters:
    """What a person asked to see: `state` is all, open (nobody has taken it up), taken."""

    text: str = ""
    state: str = "all"
    task_type: str = ""
    level: str = ""
    department: str = ""


def seen_departments(actor: Actor) -> UUID | None:
    """The one department whose items the actor may see in the console; None: all of them. `NotAllowed` for a stranger."""
    scope = actor.scope("items.see")
    if scope is None:
        raise NotAllowed(verb="items.see")
    return None if scope >= Scope.DIVISION else actor.department_id


def _taken() -> Q:
    """Lines that an item which is not cancelled has taken up."""
    alive = ~Q(item__status=ServiceItem.Status.CANCELLED) & (Q(item__ends_on=None) | Q(item__ends_on__gt=today()))
    return Q(item__isnull=False) & alive


def _holding(actor: Actor) -> QuerySet[BasicItem]:
    day = today()
    rows = BasicItem.objects.filter(Q(superseded_on=None) | Q(superseded_on__gt=day), effective_on__lte=day)
    own = seen_departments(actor)
    return rows.filter(department=own) if own else rows


def basic_rows(actor: Actor, filters: BasicFilters, cursor: str = "", size: int = 50) -> Page:
    """Lines of the basic list in force that the actor may see, department and item loaded; one query a page."""
    rows = _holding(actor).select_related("department", "item")
    if filters.state in ("open", "taken"):
        rows = rows.filter(_taken() if filters.state == "taken" else ~_taken())
    if filters.text:
        rows = rows.filter(
            Q(name_key__contains=name_key(filters.text))
            | Q(code__icontains=filters.text)
            | Q(main_item__contains=filters.text)
        )
    if filters.task_type:
        rows = rows.filter(task_type=filters.task_type)
    if filters.level:
        rows = rows.filter(levels__contains=[filters.level])
    if filters.department:
        rows = rows.filter(department__short_name=filters.department)
    return page_of(rows, order=["position", "id"], cursor=cursor, size=size)


def basic_counts(actor: Actor) -> list[dict[str, Any]]:
    """By department: how many lines there are and how many are taken up, most open first; one query."""
    counted = (
        _holding(actor).values("department__short_name").annotate(all=Count("id"), taken=Count("id", filter=_taken()))
    )
    rows = [
        {
            "department": row["department__short_name"] or "",
            "all": row["all"],
            "taken": row["taken"],
            "open": row["all"] - row["taken"],
        }
        for row in counted
    ]
    return sorted(rows, key=lambda row: (-row["open"], row["department"]))


def basic_item(actor: Actor, basic_id: UUID | str) -> BasicItem:
    """One line, whatever its version, its department loaded."""
    own = seen_departments(actor)
    rows = BasicItem.objects.select_related("department", "item")
    return find(rows.filter(department=own) if own else rows, pk=basic_id)


def basic_by_name(names: list[str]) -> dict[str, BasicItem]:
    """Lines in force by the key of their name, for filling in what a row of another list lacks; one query."""
    rows = BasicItem.objects.filter(superseded_on=None, name_key__in=[name_key(name) for name in names])
    return {row.name_key: row for row in rows.order_by("-position")}


def beginning_from_basic(actor: Actor, basic_id: UUID | str, department_id: UUID) -> dict[str, Any]:
    """The first text of a draft made from a line of the basic list by a department: everything known filled in."""
    row = basic_item(actor, basic_id)
    office = department(department_id)
    return beginning(
        name=row.name,
        code=free_code(row.name),
        office=office_of(office),
        today=today(),
        catalog_code=row.catalog_code,
        task_type=row.task_type,
        level=_level(row.levels),
        basis=row.basis,
    )


def beginning_of(name: str, department_id: UUID, catalog_code: str = "") -> dict[str, Any]:
    """The first text of a draft about something no list names yet."""
    office = department(department_id)
    return beginning(
        name=name, code=free_code(name), office=office_of(office), today=today(), catalog_code=catalog_code
    )


def _level(levels: list[str]) -> str:
    return "4" if "4" in levels or not levels else levels[0]


def office_of(found: Department) -> Office:
    """A department with the hall its people are received in."""
    hall = next(iter(halls_of()), None)
    return Office(
        name=found.short_name,
        phone=found.phone,
        hall=hall.name if hall else "",
        address=hall.address if hall else "",
        hours=hall.hours if hall else "",
    )


def free_code(name: str) -> str:
    """A code no item bears yet, made of the sounds of a name. It is taken for good only when the item is made."""
    base = slug(name, ())
    return slug(name, set(ServiceItem.objects.filter(code__startswith=base).values_list("code", flat=True)))
