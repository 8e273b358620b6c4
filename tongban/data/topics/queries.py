"""What the topic stores hold and how far behind they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, QuerySet

from tongban.foundation.audit.queries import first_fact_at
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.statements import planned_anew

from .models import WORDS, Mark, TopicRow
from .rules import FOLLOWED, STORES, Store

SEE = "topics.see"
MARK = "facts"
KEYS = ("", *(f"{kind}:" for kind in FOLLOWED))  # a subject may be named without its kind


@dataclass(frozen=True)
class Standing:
    """A store. `behind`: seconds since the oldest fact that is not in it yet, 0 when all are; None: never followed."""

    store: Store
    rows: int
    newest_at: datetime | None
    behind: int | None


@dataclass(frozen=True)
class Following:
    """`until_at`: facts up to then are in; None: no pass has ever been made."""

    stores: list[Standing]
    until_at: datetime | None


def following(*, actor: Actor) -> Following:
    """Every store with its rows. Five queries."""
    permit(actor, SEE)
    mark = Mark.objects.filter(pk=MARK).first()
    until_at = mark.until_at if mark else None
    told = TopicRow.objects.values_list("store").order_by().annotate(Count("pk"), Max("at"))
    counted = {store: (rows, newest) for store, rows, newest in told}
    behind = {kind: _behind(kind, until_at) for kind in FOLLOWED}
    stores = [Standing(one, *counted.get(name, (0, None)), behind[one.follows]) for name, one in STORES.items()]
    return Following(stores, until_at)


def _behind(kind: str, until_at: datetime | None) -> int | None:
    if until_at is None:
        return None
    waiting = first_fact_at(after=until_at, kind=kind)
    return max(0, round((now() - waiting).total_seconds())) if waiting else 0


@dataclass(frozen=True)
class Wanted:
    """What rows are looked for: with one of these `words` in a column (a code, a whole key), of a department, that moved on these days."""

    words: tuple[str, ...] = ()
    department: str = ""
    since: date | None = None
    until: date | None = None


def rows(*, actor: Actor, store: str, wanted: Wanted | None = None, cursor: str = "", size: int = 50) -> Page:
    """The rows of a store, the newest first. Raises `NotFound` for one there is not."""
    found = chosen(actor, store, wanted or Wanted())
    with planned_anew():
        return page_of(found, order=["-at", "-id"], cursor=cursor, size=size)


def chosen(actor: Actor, store: str, wanted: Wanted) -> QuerySet[TopicRow]:
    """Rows are found by whole values, never by a part of one: a pseudonym is told or it is not."""
    permit(actor, SEE)
    if store not in STORES:
        raise NotFound
    found = TopicRow.objects.filter(store=store).alias(words=WORDS)
    if wanted.words:
        found = found.filter(words__overlap=[before + word for word in wanted.words for before in KEYS])
    if wanted.department:
        found = found.filter(words__contains=[wanted.department])
    if wanted.since:
        found = found.filter(at__gte=datetime.combine(wanted.since, time.min, SHANGHAI))
    if wanted.until:
        found = found.filter(at__lt=datetime.combine(wanted.until + timedelta(days=1), time.min, SHANGHAI))
    return found
