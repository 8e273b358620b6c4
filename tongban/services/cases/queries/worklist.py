"""The staff's list by urgency, its filters, its counts and its export."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Right

from tongban.foundation.kernel.actors import Scope, permit
from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.cases.models import Case, SavedView

from .asked import handed_over, waiting_for
from .figures import open_rows
from .seen import HEAVY, visible_cases

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

SHORT_NUMBER = 12  # day and serial: what people read to one another
LAMPS = ("red", "yellow", "warn", "green")


@dataclass(frozen=True)
class WorkFilters:
    """What a list is narrowed to; empty means all. `assignee` is `me`, `none` or an account's id."""

    state: str = ""
    stage: str = ""
    lamp: str = ""
    item_code: str = ""
    channel: str = ""
    result: str = ""
    assignee: str = ""
    department_id: UUID | None = None
    text: str = ""
    since: date | None = None
    until: date | None = None
    closed: bool = False
    overdue: bool = False
    asked: bool = False  # waiting for our answer: an opinion, or whether we take it over
    handed: bool = False  # ours once, taken over by another department


def _matching(text: str) -> Q:
    """A case number from its beginning or its last twelve characters, or the beginning of an applicant's name."""
    words = text.strip()
    if words[:1].isdigit() and words.isascii():
        number = words.upper()
        return Q(short_number=number) if len(number) == SHORT_NUMBER else Q(project_no__startswith=number)
    return Q(applicant_name__startswith=words)


def _same(filters: WorkFilters) -> dict[str, Any]:
    plain = {
        "state": filters.state,
        "stage_key": filters.stage,
        "lamp": filters.lamp,
        "item_code": filters.item_code,
        "channel": filters.channel,
        "result": filters.result,
        "department_id": filters.department_id,
    }
    return {name: value for name, value in plain.items() if value}


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def _assigned(rows: QuerySet[Case], actor: Actor, assignee: str) -> QuerySet[Case]:
    if assignee == "none":
        return rows.filter(holder_account_id=None)
    try:
        account = actor.seat_id if assignee == "me" else UUID(assignee)
    except ValueError:
        return rows.none()
    return rows.filter(holder_account_id=account)


def _narrowed(actor: Actor, filters: WorkFilters, verb: str = "cases.see") -> QuerySet[Case]:
    if filters.asked or filters.handed:
        permit(actor, "cases.see", department_id=actor.department_id)
        which = waiting_for(actor) if filters.asked else handed_over(actor)
        rows = Case.objects.defer(*HEAVY).filter(pk__in=which)
    else:
        rows = visible_cases(actor, verb)
    rows = rows.filter(is_open=not filters.closed, **_same(filters))
    if filters.assignee:
        rows = _assigned(rows, actor, filters.assignee)
    if filters.text.strip():
        rows = rows.annotate(short_number=Right("project_no", SHORT_NUMBER)).filter(_matching(filters.text))
    if filters.since:
        rows = rows.filter(submitted_at__gte=_start(filters.since))
    if filters.until:
        rows = rows.filter(submitted_at__lt=_start(filters.until + timedelta(days=1)))
    if filters.overdue:
        rows = rows.filter(urgent_on__lt=today())
    return rows


def worklist(
    actor: Actor,
    filters: WorkFilters | None = None,
    cursor: str = "",
    size: int = 50,
    *,
    columns: Iterable[str] = (),
) -> Page:
    """One page of cases, the most urgent first; of closed ones, the latest first. One query.

    With `columns` (`id` and `urgent_on` among them) the rows are plain named tuples, which cost half as much as cases.
    """
    filters = filters or WorkFilters()
    order = ["-urgent_on", "-id"] if filters.closed else ["urgent_on", "id"]
    rows = _narrowed(actor, filters)
    # Each from an index of its own: the city's list holds all the others' cases between two of one department.
    of_one = filters.department_id or actor.scope("cases.see") is Scope.DEPARTMENT
    by_another = filters.lamp or filters.item_code or filters.assignee not in ("", "none")
    rows = rows.values_list(*columns, named=True) if columns else rows
    return page_of(rows, order=order, cursor=cursor, size=size, nulls_first=not of_one and not by_another)


def counts_by_lamp(actor: Actor, verb: str = "cases.see") -> dict[UUID, dict[str, int]]:
    """Open cases by department and lamp, `overdue` and `total` beside them."""
    rows, sums = open_rows(actor, verb)
    counted = rows.values("department_id", "lamp").annotate(number=sums["number"], overdue=sums["overdue"]).order_by()
    counts: dict[UUID, dict[str, int]] = {}
    for row in counted:
        own = counts.setdefault(row["department_id"], dict.fromkeys([*LAMPS, "overdue", "total"], 0))
        own[row["lamp"]] += row["number"]
        own["overdue"] += row["overdue"]
        own["total"] += row["number"]
    return counts


EXPORTED = (
    "project_no", "task_name", "applicant_kind", "applicant_name", "state", "result", "stage_name", "channel", "lamp", "submitted_at",
    "accepted_at", "promise_due_on", "statutory_due_on", "decided_at", "closed_at",
)  # fmt: skip


def export_rows(actor: Actor, filters: WorkFilters | None = None) -> Iterator[dict[str, Any]]:
    """Every case of a list for a table file, in chunks, so that a million need no memory. Needs `cases.export`."""
    filters = filters or WorkFilters()
    permit(actor, "cases.export", department_id=actor.department_id, division=actor.division)
    rows = _narrowed(actor, filters, "cases.export").order_by("urgent_on", "id")
    return rows.values(*EXPORTED).iterator(chunk_size=2000)


def export_size(actor: Actor, filters: WorkFilters) -> int:
    """How many rows `export_rows` has, for the fact that tells of it."""
    return _narrowed(actor, filters, "cases.export").count()


def saved_views(actor: Actor) -> list[SavedView]:
    return list(SavedView.objects.filter(account_id=actor.account_id).order_by("name"))
