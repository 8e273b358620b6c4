"""Sources, jobs and runs, for those whose department they belong to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet

from tongban.data.lake import queries as lake
from tongban.data.standards.queries import bound_items, bound_to, holding, limits_of
from tongban.foundation.kernel.actors import Actor, Scope, installer, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

from .gateways import Table, reader
from .models import Job, MappingVersion, Run, Source
from .rules import DAYS, Difference, differences, is_daily, offered, whose

SEE, MANAGE = "gathering.see", "gathering.manage"
HAND = installer("lake.read")  # the lake's right is machinery's; ours has been asked before
LATE = {every: timedelta(days=days) for every, days in DAYS.items()}
MOST = 500  # sources in one list
FLOW_TABLES = (Job._meta.db_table, Source._meta.db_table)  # what `mappings` reads


def sources(*, actor: Actor) -> list[Source]:
    """With `jobs_count`."""
    permit(actor, SEE, department_id=actor.department_id)
    rows = _own(actor, Source.objects.select_related("department")).annotate(jobs_count=Count("jobs"))
    return list(rows.order_by("title", "id")[:MOST])


def source(*, actor: Actor, source_id: UUID) -> Source:
    one = find(Source.objects.select_related("department"), pk=source_id)
    permit(actor, SEE, department_id=one.department_id)
    return one


def source_to_change(*, actor: Actor, source_id: UUID) -> Source:
    """One that the actor may set up and change."""
    one = find(Source.objects.select_related("department"), pk=source_id)
    permit(actor, MANAGE, department_id=one.department_id)
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
        opened.glance()
        return opened.columns(table)


@dataclass(frozen=True)
class Looked:
    """What is seen of one table: its columns, name → type; of a workbook its sheets; what the source answered instead of columns."""

    columns: Mapping[str, str]
    sheets: Sequence[str] = ()
    away: TongbanError | None = None


def look_into(*, actor: Actor, source_id: UUID, table: str) -> Looked:
    """Asks the source once. A sheet that is not there is told, and which there are."""
    one, columns, away = source(actor=actor, source_id=source_id), {}, None
    try:
        with reader(one.kind, one.place, one.secret) as opened:
            opened.glance()
            try:
                columns = opened.columns(table)
            except TongbanError as fault:
                away = fault
            return Looked(columns, opened.sheets(table), away)
    except TongbanError as fault:
        return Looked(columns, (), away or fault)


def jobs(*, actor: Actor) -> list[Job]:
    permit(actor, SEE, department_id=actor.department_id)
    return list(_own(actor, Job.objects.select_related("source", "department")).order_by("title", "id"))


def job(*, actor: Actor, job_id: UUID) -> Job:
    one = find(Job.objects.select_related("source", "department"), pk=job_id)
    permit(actor, SEE, department_id=one.department_id)
    return one


def job_to_change(*, actor: Actor, job_id: UUID) -> Job:
    """One whose source waits for the actor's word."""
    one = find(Job.objects.select_related("source", "department"), pk=job_id)
    permit(actor, MANAGE, department_id=one.department_id)
    return one


def open_run(job: Job) -> Run | None:
    """The run that is under way or waits to go on."""
    return job.runs.filter(ended_at=None).first()


def versions_of_mapping(job: Job, *, before: int = 0, size: int = 20) -> list[MappingVersion]:
    """The newest first; `before`: older than this number."""
    found = job.mappings.order_by("-number")
    return list((found.filter(number__lt=before) if before else found)[:size])


def between_versions(job: Job, older: int, newer: int) -> tuple[list[Difference], list[dict[str, Any]]]:
    """What one version of a job's mapping says otherwise than another, and the columns of both."""
    was, now = (find(job.mappings.all(), number=number) for number in (older, newer))
    found = differences(was.columns, now.columns, keys=(was.keys, now.keys), cursor=(was.cursor, now.cursor))
    return found, [*was.columns, *now.columns]


def element_of(job: Job, name: str) -> Any:
    """The data element (or code set) that a column is written by: bound to its data item, or to the dataset's column."""
    column: dict[str, Any] = next((one for one in job.columns if one["name"] == name), {})
    item = UUID(column["item"]) if column.get("item") else None
    found = bound_items([item] if item else []).get(item) if item else None
    return found or bound_to(job.dataset_id).get(name)


def offered_checks(job: Job, *, over: bool = False) -> dict[str, dict[str, Any]]:
    """Column → the checks that its data element offers, of those that have none of their own yet; `over`: of the others too."""
    items = {one["name"]: UUID(one["item"]) for one in job.columns if one.get("item")}
    by_item, by_column = bound_items(items.values()), bound_to(job.dataset_id)
    found = {}
    for one in job.columns:
        standard = by_item.get(items[one["name"]]) if one["name"] in items else None
        standard = standard or by_column.get(one["name"])
        holds = holding(standard.pk) if standard else None
        if (
            standard is None
            or holds is None
            or (not over and any(one.get(name) for name in ("check", "codes", "asked")))
        ):
            continue
        content = holds.content if standard.kind == "element" else {"code_set": standard.key}
        checks = offered(content, limits_of(str(content.get("format") or "")), one["kind"])
        if any(checks.values()):
            found[one["name"]] = checks
    return found


def dataset_of_job(job_id: UUID | str) -> UUID:
    """The dataset that a job fills, for rooms above."""
    return find(Job.objects.all(), pk=job_id).dataset_id


def columns_of_dataset(dataset_id: UUID) -> list[dict[str, Any]]:
    """The columns of the job that fills a dataset, with their titles and data items; none is none."""
    found = Job.objects.filter(dataset_id=dataset_id).first()
    return list(found.columns) if found else []


def runs_of(*, actor: Actor, job_id: UUID) -> list[Run]:
    """The newest first."""
    return list(job(actor=actor, job_id=job_id).runs.order_by("-began_at")[:100])


def run(*, actor: Actor, run_id: UUID) -> Run:
    one = find(Run.objects.select_related("job__source", "job__department"), pk=run_id)
    permit(actor, SEE, department_id=one.job.department_id)
    return one


def numbers_of(runs: Iterable[Run]) -> dict[UUID, int]:
    """Run → number of its batch, for those that are in the lake. Two queries."""
    rows = list(runs)
    found = {one.job.dataset_id for one in rows}
    numbers = {one.pk: one.number for pk in found for one in lake.batches(actor=HAND, dataset_id=pk)}
    return {one.pk: numbers[one.batch_id] for one in rows if one.batch_id in numbers}


def faults_of(*, actor: Actor, run_id: UUID) -> list[dict[str, Any]]:
    """Why rows of a run were put aside: `fault`, `rows`, `places`; none of their values."""
    one = run(actor=actor, run_id=run_id)
    return lake.faults_of(actor=HAND, batch_id=one.batch_id) if one.counts.get("quarantined") else []


@dataclass(frozen=True)
class Standing:
    """A job, its newest run, and, when its data are more than a day behind, who is to do something about it and why."""

    job: Job
    run: Run | None
    done_at: datetime | None
    is_late: bool
    who: str = ""
    why: str = ""

    @property
    def days_late(self) -> int:
        """Whole days since it should have come, counted from 1; 0: not late."""
        since = max(self.done_at or self.job.made_at, self.job.made_at) + LATE[self.job.every]
        return (now() - since).days + 1 if self.is_late else 0


def board(*, actor: Actor, cursor: str = "", size: int = 50) -> Page:
    """Jobs by name with how they stand. Three queries."""
    permit(actor, SEE, department_id=actor.department_id)
    page = page_of(
        _own(actor, Job.objects.select_related("source", "department")), order=["title", "id"], cursor=cursor, size=size
    )
    return Page(_standing(page.rows), page.next, page.previous)


def late(*, actor: Actor, at: datetime | None = None) -> list[Job]:
    """Jobs whose data are a day behind when they should have come, whatever the reason: the source, a question that waits, or us."""
    moment, overdue = at or now(), Q()
    for every, days in LATE.items():
        fresh = Run.objects.filter(state=Run.State.DONE, ended_at__gte=moment - days).values("job_id")
        overdue |= Q(every=every, made_at__lt=moment - days) & ~Q(pk__in=fresh)
    rows = _own(actor, Job.objects.select_related("source", "department")).exclude(state=Job.State.PAUSED)
    return list(rows.filter(overdue).order_by("title", "id"))


def late_ones(*, actor: Actor) -> list[Standing]:
    """The same, each with who is to do something about it."""
    permit(actor, SEE, department_id=actor.department_id)
    return _standing(late(actor=actor))


def standing_of(*, actor: Actor, job_id: UUID) -> Standing:
    return _standing([job(actor=actor, job_id=job_id)])[0]


@dataclass(frozen=True)
class Figures:
    """How many sources and jobs there are, how many of them come within a day (T+1), and how many are late."""

    sources: int
    jobs: int
    daily: int
    late: int


def figures(*, actor: Actor) -> Figures:
    permit(actor, SEE, department_id=actor.department_id)
    rows = _own(actor, Job.objects.all())
    within = [every for every in DAYS if is_daily(every)]
    daily = rows.filter(every__in=within).exclude(state=Job.State.PAUSED).count()
    return Figures(_own(actor, Source.objects.all()).count(), rows.count(), daily, len(late(actor=actor)))


def blame_of(one: Run) -> tuple[str, str]:
    """Who is to do something about a run that stopped, and why."""
    return whose(asking=False, run_state=one.state, fault=one.fault.get("code", "")) if one.fault else ("", "")


def _standing(rows: list[Job]) -> list[Standing]:
    runs = Run.objects.filter(job__in=rows)
    newest = {one.job_id: one for one in runs.order_by("job_id", "-began_at").distinct("job_id")}
    done = dict(
        runs.filter(state=Run.State.DONE).values("job_id").annotate(at=Max("ended_at")).values_list("job_id", "at")
    )
    return [_stands(one, newest.get(one.pk), done.get(one.pk)) for one in rows]


def _stands(one: Job, newest: Run | None, done_at: datetime | None) -> Standing:
    late = one.state != Job.State.PAUSED and max(done_at or one.made_at, one.made_at) < now() - LATE[one.every]
    if not late:
        return Standing(one, newest, done_at, False)
    asking = one.state == Job.State.ASKING
    state, fault = (newest.state, newest.fault.get("code", "")) if newest else ("", "")
    return Standing(one, newest, done_at, True, *whose(asking=asking, run_state=state, fault=fault))


def _own(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    if actor.scope(SEE) == Scope.ALL:
        return rows
    return rows.filter(department_id=actor.department_id)


def mappings() -> list[Job]:
    """Every job with its source: which column of which table becomes which. For the lineage; not how a source is reached."""
    return list(Job.objects.select_related("source__department", "department").defer("source__place", "source__secret"))


def reading_of(batch_id: UUID) -> Run | None:
    """The run that brought a batch, with its job and source. For the lineage."""
    return Run.objects.select_related("job__source__department").filter(batch_id=batch_id).first()
