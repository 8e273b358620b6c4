"""Sources, jobs and runs, for those whose department they belong to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from tongban.foundation.kernel.actors import Actor, Scope, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.lookup import find

from .gateways import Table, reader
from .models import Job, Run, Source

SEE = "gathering.see"
LATE = timedelta(days=1)  # T+1


def sources(*, actor: Actor) -> list[Source]:
    permit(actor, SEE, department_id=actor.department_id)
    return list(_own(actor, Source.objects.select_related("department")).order_by("title", "id"))


def source(*, actor: Actor, source_id: UUID) -> Source:
    one = find(Source.objects.select_related("department"), pk=source_id)
    permit(actor, SEE, department_id=one.department_id)
    return one


def tables_of(*, actor: Actor, source_id: UUID) -> list[Table]:
    """What tables or files a source has; asks the source."""
    one = source(actor=actor, source_id=source_id)
    with reader(one.kind, one.place, one.secret) as opened:
        return opened.tables()


def columns_of(*, actor: Actor, source_id: UUID, table: str) -> dict[str, str]:
    """The columns of one, name → type; asks the source."""
    one = source(actor=actor, source_id=source_id)
    with reader(one.kind, one.place, one.secret) as opened:
        return opened.columns(table)


def jobs(*, actor: Actor) -> list[Job]:
    permit(actor, SEE, department_id=actor.department_id)
    return list(_own(actor, Job.objects.select_related("source", "department")).order_by("title", "id"))


def job(*, actor: Actor, job_id: UUID) -> Job:
    one = find(Job.objects.select_related("source", "department"), pk=job_id)
    permit(actor, SEE, department_id=one.department_id)
    return one


def runs_of(*, actor: Actor, job_id: UUID) -> list[Run]:
    """The newest first."""
    return list(job(actor=actor, job_id=job_id).runs.order_by("-began_at")[:100])


def late(*, actor: Actor, at: datetime | None = None) -> list[Job]:
    """Jobs whose data are more than a day behind, whatever the reason: the source, a question that waits, or us."""
    since = (at or now()) - LATE
    fresh = Run.objects.filter(state=Run.State.DONE, ended_at__gte=since).values("job_id")
    rows = _own(actor, Job.objects.select_related("source", "department")).exclude(state=Job.State.PAUSED)
    return list(rows.filter(made_at__lt=since).exclude(pk__in=fresh).order_by("title", "id"))


def _own(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    if actor.scope(SEE) == Scope.ALL:
        return rows
    return rows.filter(department_id=actor.department_id)
