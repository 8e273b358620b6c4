"""Who asked to use a seal, who agreed, and what it was put on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.seals.models import Request, Use

from .register import SEE, within

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor

MOST_EXPORTED = 20_000


def requests(actor: Actor, *, state: str = "", cursor: str = "", size: int = 20) -> Page:
    """Requests for the seals he may see, the newest first."""
    rows = Request.objects.filter(within(actor, path="seal__department")).select_related("seal__department")
    return page_of(rows.filter(state=state) if state else rows, order=["-id"], cursor=cursor, size=size)


def request_for(actor: Actor, request_id: UUID | str, *, lock: bool = False) -> Request:
    rows = Request.objects.filter(within(actor, path="seal__department")).select_related("seal__department")
    return find(rows.select_for_update(of=("self",)) if lock else rows.prefetch_related("opinions"), pk=request_id)


def _uses(actor: Actor, filters: dict[str, Any]) -> QuerySet[Use]:
    rows = Use.objects.filter(within(actor, SEE, path="seal__department")).select_related("seal__department", "request")
    ways = {
        "text": lambda v: Q(purpose__icontains=v) | Q(subject=v) | Q(request__title__icontains=v),
        "seal": lambda v: Q(seal=v),
        "digest": lambda v: Q(digest=v),
        "since": lambda v: Q(at__gte=v),
        "until": lambda v: Q(at__lt=v),
    }
    for name, value in filters.items():
        if value:
            rows = rows.filter(ways[name](value))
    return rows


def uses(actor: Actor, *, filters: dict[str, Any] | None = None, cursor: str = "", size: int = 50) -> Page:
    """The log of uses, the newest first. Filters: `text`, `seal` (id), `digest`, `since`, `until`."""
    return page_of(_uses(actor, filters or {}), order=["-id"], cursor=cursor, size=size)


def uses_to_export(actor: Actor, filters: dict[str, Any]) -> Iterator[Use]:
    """The same rows one after another, the newest `MOST_EXPORTED`."""
    return iter(_uses(actor, filters).order_by("-id")[:MOST_EXPORTED])


def uses_of_subject(subject: str) -> list[Use]:
    """Every seal that was put on one thing. The caller may already see it."""
    return list(Use.objects.filter(subject=subject).select_related("seal").order_by("at"))


def waiting_for(actor: Actor) -> int:
    """How many requests for seals he may see wait for an answer."""
    return Request.objects.filter(within(actor, path="seal__department"), state=Request.State.WAITING).count()


def last_used(seal_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each seal was put on something last. One query."""
    rows = Use.objects.filter(seal__in=set(seal_ids)).order_by("seal", "-id").distinct("seal")
    return dict(rows.values_list("seal", "at"))
