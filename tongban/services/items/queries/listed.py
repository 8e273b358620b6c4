"""The district's published list, for the department that owns its rows and for those who oversee it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, F, Func, JSONField, Prefetch, Q

from tongban.foundation.kernel.actors import Scope
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.services.items.errors import FLAGS
from tongban.services.items.models import ListedCorrection, ListedItem
from tongban.services.items.rules.listed import name_key

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor


@dataclass(frozen=True)
class Filters:
    """What a person asked to see: `state` is all, open (flagged, not checked), flagged, checked, linked, gone."""

    text: str = ""
    flag: str = ""
    state: str = "all"
    department: str = ""


STATES = {
    "all": Q(is_present=True),
    "open": Q(is_present=True, flag_count__gt=0, checked_at=None),
    "flagged": Q(is_present=True, flag_count__gt=0),
    "clean": Q(is_present=True, flag_count=0),
    "checked": Q(is_present=True, checked_at__isnull=False),
    "linked": Q(is_present=True, item__isnull=False),
    "gone": Q(is_present=False),
}


def _seen_by(actor: Actor) -> QuerySet[ListedItem]:
    scope = actor.scope("items.see")
    if scope is None:
        raise NotAllowed(verb="items.see")
    if scope >= Scope.DIVISION:
        return ListedItem.objects.all()
    return ListedItem.objects.filter(department=actor.department_id)


def listed_rows(actor: Actor, filters: Filters, cursor: str = "", size: int = 50) -> Page:
    """The rows the actor may see, in the list's order; one query a page."""
    rows = _seen_by(actor).filter(STATES.get(filters.state, STATES["all"])).select_related("department", "item")
    if filters.text:
        rows = rows.filter(Q(name_key__contains=name_key(filters.text)) | Q(item_code__icontains=filters.text))
    if filters.flag:
        rows = rows.filter(flags__contains=[{"code": filters.flag}])
    if filters.department:
        rows = rows.filter(department__short_name=filters.department)
    return page_of(rows, order=["position", "id"], cursor=cursor, size=size)


def listed_counts(actor: Actor) -> dict[str, Any]:
    """How many rows there are in each state, and how many carry each flag, most frequent first; two queries."""
    rows = _seen_by(actor)
    states = rows.aggregate(**{state: Count("id", filter=condition) for state, condition in STATES.items()})
    code = Func(F("flags"), template="jsonb_path_query(%(expressions)s, '$[*].code')", output_field=JSONField())
    flags = rows.filter(is_present=True).annotate(flag=code).values("flag").annotate(count=Count("id", distinct=True))
    return {"states": states, "flags": [(row["flag"], row["count"]) for row in flags.order_by("-count")]}


def listed_row(actor: Actor, listed_id: UUID | str) -> ListedItem:
    """One row with its corrections, newest first."""
    corrections = Prefetch("corrections", ListedCorrection.objects.order_by("-made_at"))
    rows = _seen_by(actor).select_related("department", "item").prefetch_related(corrections)
    return find(rows, pk=listed_id)


def sentences_of(row: ListedItem) -> list[dict[str, str]]:
    """A row's flags in words: [{code, field, text}]."""
    return [{**flag, "text": str(FLAGS[flag["code"]]) % flag} for flag in row.flags]


def listed_by_code(code: str) -> ListedItem:
    """A row anybody may read of, by its code; its department and item loaded. `NotFound` when the list no longer has it."""
    return find(ListedItem.objects.filter(is_present=True).select_related("department", "item"), code=code)
