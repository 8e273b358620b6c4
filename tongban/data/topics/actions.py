"""Following the service network: facts become rows. The rows of a subject that grew are made anew from all its facts, so a pass that was
killed, or done twice, loses and doubles nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.fields.json import KT

from tongban.foundation.audit.actions import SETTLED, record
from tongban.foundation.audit.queries import facts_of_streams, first_fact_at, heads_between
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.kernel.statements import planned_anew

from .models import Mark, TopicRow
from .queries import MARK, SEE, Wanted, chosen
from .rules import APPLICANTS, CASES, FOLLOWED, PROJECTS, rows_of

__all__ = ["FOLLOW", "SEE", "follow", "rebuild", "take_out"]
FOLLOW = "topics.follow"
LOCK = "topics"
WINDOW = timedelta(days=1)  # facts of so long are listed at once; after each the mark moves
A_TIME = 500  # subjects in one transaction
MOST_OUT = 20_000  # rows in one file


def follow() -> int:
    """Take in what happened since the last pass (in the beginning: ever); how many rows were made. Nothing while another pass is at work.

    A transaction that wrote a fact may commit later than others that began after it: what is younger than that is looked at again.
    """
    with _alone(wait=False) as is_ours:
        if not is_ours:
            return 0
        mark, until = Mark.objects.filter(pk=MARK).first(), now()
        made = 0
        for since, upto in _windows(mark.until_at - SETTLED if mark else None, until):
            made += _take_in(since, upto)
            Mark.objects.update_or_create(pk=MARK, defaults={"until_at": upto})
        return made


def rebuild() -> int:
    """All rows anew from all facts, then away with those that no fact makes; how many were made. Meanwhile the old ones stand."""
    with _alone(wait=True):
        began = until = now()
        made = sum(_take_in(since, upto, made_since=began) for since, upto in _windows(None, until))
        _clear(made_before=began)
        Mark.objects.update_or_create(pk=MARK, defaults={"until_at": until})
        return made


@transaction.atomic
def take_out(*, actor: Actor, store: str, wanted: Wanted) -> list[TopicRow]:
    """Rows for a file, the newest first, `MOST_OUT` at most. That is a fact, without the words they were found by."""
    with planned_anew():
        found = list(chosen(actor, store, wanted).order_by("-at", "-id")[:MOST_OUT])
    record("topics.taken_out", actor=actor, subject=f"topics:{store}", data={"store": store, "rows": len(found)})
    return found


@contextmanager
def _alone(*, wait: bool) -> Iterator[bool]:
    """One pass at a time. A lock of the session, which ends with it: a pass may take longer than a transaction should."""
    which = "pg_advisory_lock" if wait else "pg_try_advisory_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"select {which}(hashtextextended(%s, 0))", [LOCK])
        is_ours = cursor.fetchone()[0] is not False  # the waiting one answers with nothing
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [LOCK])


def _windows(since: datetime | None, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """(after, up to) in their order; from before the first fact there is when `since` is not given."""
    if since is None:
        since = min(first_fact_at() or until, until) - timedelta(seconds=1)
    while since < until:
        upto = min(since + WINDOW, until)
        yield since, upto
        since = upto


def _take_in(since: datetime, until: datetime, *, made_since: datetime | None = None) -> int:
    """Make the rows of every subject that has more facts than its row was made from (or whose row is older than `made_since`)."""
    heads = [head for head in heads_between(since, until) if head.stream.partition(":")[0] in FOLLOWED]
    made = 0
    for start in range(0, len(heads), A_TIME):
        some = {head.stream: head.position for head in heads[start : start + A_TIME]}
        rows = TopicRow.objects.filter(store__in=FOLLOWED.values(), key__in=some)
        known = dict((rows.filter(made_at__gte=made_since) if made_since else rows).values_list("key", "facts"))
        grown = [stream for stream, position in some.items() if known.get(stream, 0) < position]
        made += _make(grown) if grown else 0
    return made


@transaction.atomic
def _make(streams: Sequence[str]) -> int:
    """The rows of some subjects, and of whoever applied in those that are cases."""
    told = [_told(fact) for fact in facts_of_streams(streams)]
    made, at = [], now()
    for stream, own in groupby(told, key=lambda fact: str(fact["stream"])):
        known = list(own)
        count, newest = len(known), known[-1]["moment"]
        for (store, key), values in rows_of(FOLLOWED[stream.partition(":")[0]], known).items():
            of = {"applicant": values["applicant"], "project": values["project"]} if store == CASES else {}
            made.append(TopicRow(store=store, key=key, values=values, facts=count, at=newest, made_at=at, **of))
    who, which = {row.applicant for row in made} - {""}, {row.project for row in made} - {""}
    return _put(made) + _put(_applicants(who)) + (_put(_projects(which)) if which else 0)


def _told(fact: Any) -> dict[str, Any]:
    """A fact as the rules take it: a person or a company by a pseudonym that nobody outside the house can compute."""
    company = fact.data.get("company", "")
    return {
        "stream": fact.stream, "id": str(fact.pk), "name": fact.name, "moment": fact.at, "by": fact.actor_kind,
        "at": fact.at.isoformat(timespec="microseconds"), "data": fact.data,
        "person": _pseudonym(fact.person_id), "company": _pseudonym(company),
    }  # fmt: skip


def _pseudonym(whose: Any) -> str:
    return blind_index(f"topics:{whose}") if whose else ""


def _applicants(who: set[str]) -> list[TopicRow]:
    """What the cases of some applicants come to."""
    item = KT("values__item")
    told: Any = (
        TopicRow.objects.filter(store=CASES, applicant__in=who)
        .values("applicant")
        .order_by()
        .annotate(
            kind=Max(KT("values__applicant_kind")), cases=Count("pk"), items=Count(item, distinct=True, filter=~Q(values__item="")),
            first_at=Min(KT("values__first_at")), last_at=Max(KT("values__last_at")), known=Sum("facts"), newest=Max("at"),
        )
    )  # fmt: skip
    at = now()
    columns = ("kind", "cases", "items", "first_at", "last_at")
    return [
        TopicRow(
            store=APPLICANTS, key=one["applicant"], values={name: one[name] for name in columns}, facts=one["known"],
            at=one["newest"], made_at=at,
        )
        for one in told
    ]  # fmt: skip


def _projects(which: set[str]) -> list[TopicRow]:
    """What the cases of some projects come to: one code through all of a project's cases, whichever department has them."""
    item, department = KT("values__item"), KT("values__department")
    told: Any = (
        TopicRow.objects.filter(store=CASES, project__in=which)
        .values("project")
        .order_by()
        .annotate(
            cases=Count("pk"), items=Count(item, distinct=True, filter=~Q(values__item="")),
            departments=Count(department, distinct=True, filter=~Q(values__department="")),
            ended=Count("pk", filter=~Q(values__ended_at="")),
            first_at=Min(KT("values__first_at")), last_at=Max(KT("values__last_at")), known=Sum("facts"), newest=Max("at"),
        )
    )  # fmt: skip
    at, columns = now(), ("cases", "items", "departments", "ended", "first_at", "last_at")
    return [
        TopicRow(
            store=PROJECTS, key=one["project"], values={"code": one["project"]} | {name: one[name] for name in columns},
            facts=one["known"], at=one["newest"], made_at=at,
        )
        for one in told
    ]  # fmt: skip


def _put(made: list[TopicRow]) -> int:
    TopicRow.objects.bulk_create(
        made,
        update_conflicts=True,
        unique_fields=["store", "key"],
        update_fields=["values", "applicant", "project", "facts", "at", "made_at"],
        batch_size=1000,
    )
    return len(made)


@transaction.atomic
def _clear(*, made_before: datetime) -> None:
    old = TopicRow.objects.filter(made_at__lt=made_before)
    gone = old.filter(store=CASES)
    whose = set(gone.exclude(applicant="").values_list("applicant", flat=True))
    which = set(gone.exclude(project="").values_list("project", flat=True))
    old.delete()
    _put(_applicants(whose))
    if which:
        _put(_projects(which))
