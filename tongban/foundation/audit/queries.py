"""Reading what happened, and whether it is still as it was written."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import Q, QuerySet

from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotSignedIn
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

from .gateways import is_signed, kept_head, public_keys
from .models import Fact, Seal
from .rules import FIELDS, Alteration, Head, faults_between, faults_in, root_of, statement_of

LOOKS = ("persons.seen", "registries.looked")
# The C order, the same on every server: heads are compared with heads sealed elsewhere.
HEADS = """
select distinct on (stream collate "C") stream, position, digest from audit_fact
where at <= %s and (%s::timestamptz is null or at > %s) order by stream collate "C", position desc
"""


@dataclass(frozen=True)
class Look:
    """Somebody saw a person's data: which department, what, what for, when. Not which officer."""

    at: datetime
    department_id: UUID | None
    what: Any
    purpose: str
    subject: str
    unmasked: bool
    own: bool = False  # he looked himself, as when a form is filled in for him


def facts_about(actor: Actor, subject: models.Model | str) -> list[Fact]:
    """The whole stream of one subject, for the audit administrator."""
    permit(actor, "audit.see")
    stream = subject if isinstance(subject, str) else f"{subject._meta.model_name}:{subject.pk}"
    return list(Fact.objects.filter(stream=stream).order_by("position"))


def values_written(stream: str, name: str) -> set[Any]:
    """What the facts of one subject say under a name, for a room that holds it against its own rows. One query."""
    return set(Fact.objects.filter(stream=stream, data__has_key=name).values_list(f"data__{name}", flat=True))


def last_fact(stream: str) -> Fact | None:
    """The newest fact of one subject, for the room that wrote it. One query."""
    return Fact.objects.filter(stream=stream).order_by("-position").first()


def count_since(name: str, moment: datetime) -> int:
    """How often something has happened since a moment not long ago. One query."""
    return Fact.objects.filter(at__gte=moment, name=name).count()


def facts(actor: Actor, *, filters: dict[str, Any], cursor: str = "") -> Page:
    """The newest facts first. Filters: `name` (or its beginning), `stream`, `department_id`, `actor_id`, `since`, `until`."""
    permit(actor, "audit.see")
    rows: QuerySet[Fact] = Fact.objects.all()
    ways = {
        "name": lambda v: Q(name__startswith=v), "stream": lambda v: Q(stream=v), "since": lambda v: Q(at__gte=v),
        "until": lambda v: Q(at__lt=v), "department_id": lambda v: Q(department_id=v), "actor_id": lambda v: Q(actor_id=v),
    }  # fmt: skip
    for name, value in filters.items():
        if value:
            rows = rows.filter(ways[name](value))
    return page_of(rows, order=["-at", "-id"], cursor=cursor)


def facts_named(
    names: Iterable[str], *, since: datetime, until: datetime, actor_id: UUID | None = None, by_somebody: bool = False
) -> list[Fact]:
    """Facts of some names in a period, the newest first: for the room that watches over what happens. `by_somebody`: not those of
    the house itself, of which a rule may make thousands an hour."""
    rows = Fact.objects.filter(name__in=list(names), at__gte=since, at__lte=until)
    rows = rows.exclude(actor_id=None) if by_somebody else rows
    return list((rows.filter(actor_id=actor_id) if actor_id else rows).order_by("-at", "-id"))


def actors_of(names: Iterable[str], *, since: datetime, until: datetime) -> set[UUID | None]:
    """Who caused facts of some names in a period; None for the house itself."""
    rows = Fact.objects.filter(name__in=list(names), at__gte=since, at__lte=until).order_by()
    return set(rows.values_list("actor_id", flat=True).distinct())


def looks_at(actor: Actor, *, cursor: str = "", size: int = 50) -> Page:
    """Who looked at the acting person's own data, newest first. `rows` are `Look`s."""
    if actor.person_id is None:
        raise NotSignedIn
    rows = Fact.objects.filter(person_id=actor.person_id, name__in=LOOKS)
    page = page_of(rows, order=["-at", "-id"], cursor=cursor, size=size)
    looks = [
        Look(
            at=fact.at,
            department_id=fact.department_id,
            what=fact.data.get("what", ""),
            purpose=str(fact.data.get("purpose", "")),
            subject=str(fact.data.get("subject", fact.stream)),
            unmasked=bool(fact.data.get("unmasked")),
            own=bool(fact.data.get("own")),
        )
        for fact in page.rows
    ]
    return Page(rows=looks, next=page.next, previous=page.previous)


def _period(since: datetime | None, until: datetime) -> QuerySet[Fact]:
    rows = Fact.objects.filter(at__lte=until)
    return rows if since is None else rows.filter(at__gt=since)


def facts_between(since: datetime | None, until: datetime) -> int:
    return _period(since, until).count()


def heads_between(since: datetime | None, until: datetime) -> list[Head]:
    """The last entry of every stream that grew after `since` and up to `until`, in the order of their names."""
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [until, since, since])
        return [Head(*row) for row in cursor.fetchall()]


def seals(*, limit: int = 400) -> list[Seal]:
    """Published seals, newest first, without their heads."""
    return list(Seal.objects.defer("heads")[:limit])


def seal_numbered(number: int) -> Seal:
    return find(Seal.objects.defer("heads"), pk=number)


def seal_keys() -> dict[str, str]:
    return public_keys()


def statement_of_seal(seal: Seal) -> bytes:
    """The very bytes that were signed."""
    return statement_of(
        until=seal.until.isoformat(), facts=seal.facts, streams=seal.streams, root=seal.root, previous=seal.previous
    )


def heads_of(seal: Seal) -> list[Head] | None:
    """The heads a seal covers; None when they are not those its root was made of."""
    try:
        lines = zlib.decompress(bytes(seal.heads)).decode().splitlines()
        heads = [Head(stream, int(position), digest) for stream, position, digest in (x.rsplit(" ", 2) for x in lines)]
    except (zlib.error, ValueError):
        return None
    return heads if root_of(head.line() for head in heads) == seal.root else None


def _faults_of_seals(after: Seal | None = None) -> Iterator[Alteration]:
    previous, since = (sm3(statement_of_seal(after)), after.until) if after else ("", None)
    for seal in Seal.objects.filter(number__gt=after.number if after else 0).order_by("number"):
        statement, heads = statement_of_seal(seal), heads_of(seal)
        signed = is_signed(statement, seal.key_id, base64.b64decode(seal.signature))
        if not signed or seal.previous != previous or heads is None:
            yield Alteration("seals", seal.number, "seal")
        else:
            yield from faults_between(heads, heads_between(since, seal.until))
        previous, since = sm3(statement), seal.until


def _faults_of_streams(facts: QuerySet[Fact]) -> Iterator[Alteration]:
    rows = facts.order_by("stream", "position").values(*FIELDS, "previous", "digest")
    for stream, facts_of_it in groupby(rows.iterator(chunk_size=5000), key=lambda fact: fact["stream"]):
        yield from faults_in(stream, list(facts_of_it))


def verify() -> list[Alteration]:
    """Every alteration, the earliest entry of each stream once; an empty list means all is as it was written."""
    found: dict[tuple[str, str], Alteration] = {}
    for fault in [*_faults_of_streams(Fact.objects.all()), *_faults_of_seals()]:
        known = found.get((fault.stream, "" if fault.kind != "seal" else "seal"))
        if known is None or fault.position < known.position:
            found[(fault.stream, "" if fault.kind != "seal" else "seal")] = fault
    return sorted(found.values(), key=_first_seen)


def recent_alterations(*, days: int = 2, seals: int = 3) -> list[Alteration]:
    """As `verify`, of the subjects that something happened to of late and of the newest seals: for every night."""
    grown = Fact.objects.filter(at__gt=now() - timedelta(days=days)).values("stream")
    before = next(iter(Seal.objects.order_by("-number")[seals : seals + 1]), None)
    return [*_faults_of_streams(Fact.objects.filter(stream__in=grown)), *_faults_of_seals(before)]


GUARDS = 4  # triggers that refuse to alter facts and seals: rows and all, of two tables
STANDING = """
select count(*) from pg_trigger
where tgrelid in ('audit_fact'::regclass, 'audit_seal'::regclass) and tgenabled in ('O', 'A') and tgname like 'audit\\_%'
"""


def loose_ends() -> list[str]:
    """What a start asks, quickly: do the guards stand, and is the newest seal we ever made still there as it was? Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(STANDING)
        standing = cursor.fetchone()[0]
    kept = kept_head()
    is_there = kept is None or Seal.objects.filter(number=kept[0], root=kept[1]).exists()
    return [*([] if standing >= GUARDS else ["guards"]), *([] if is_there else ["head"])]


def _first_seen(fault: Alteration) -> tuple[str, str, int]:
    """In order of time: the moment of the altered entry, or of the one after it that still stands."""
    rows = Fact.objects.filter(stream=fault.stream, position__gte=fault.position).order_by("position")
    at = rows.values_list("at", flat=True).first()
    return (at.isoformat() if at else "9", fault.stream, fault.position)


def exported(since: datetime | None, until: datetime) -> Iterator[dict[str, Any]]:
    """Facts as plain values for an outside checker, stream by stream."""
    rows = _period(since, until).order_by("stream", "position").values(*FIELDS, "previous", "digest")
    for fact in rows.iterator(chunk_size=5000):
        ids = {name: str(value) if value else None for name, value in fact.items() if name.endswith("id")}
        yield fact | ids | {"at": fact["at"].isoformat()}


def facts_of_streams(streams: Iterable[str]) -> list[Fact]:
    """All facts of some subjects, each subject's in their order, for a room that makes something of them. One query."""
    return list(Fact.objects.filter(stream__in=list(streams)).order_by("stream", "position"))


def first_fact_at(*, after: datetime | None = None, kind: str = "") -> datetime | None:
    """When the first thing happened (after a moment; to a subject of a kind such as `case`); None: nothing has. One query."""
    rows = Fact.objects.filter(at__gt=after) if after else Fact.objects.all()
    wanted = rows.filter(stream__startswith=f"{kind}:") if kind else rows
    return wanted.order_by("at", "id").values_list("at", flat=True).first()
