"""Setting up what is fetched, and into what; when; deciding what to do when a source has changed its shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import JobRefused, RunMoved
from tongban.data.gathering.gateways import reader
from tongban.data.gathering.models import Job, Source
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import differences, is_pattern, next_due
from tongban.data.lake import actions as lake
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, installer, permit
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.kernel.errors import Reason, TongbanError
from tongban.foundation.kernel.lookup import find

from .checking import check_columns, check_work, settled
from .mapping import note_version

HAND = installer("lake.write", "lake.read")  # the lake's rights are machinery's; ours have been asked before
UNSAID = _("请说“%(name)s”现在来自哪一列。")


def create_job(
    *,
    actor: Actor,
    source_id: UUID,
    table: str,
    key: str,
    title: str,
    columns: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    cursor: str = "",
    takes: str = "",
    every: str = "day",
    day: int = 0,
    starts_at: time = time(1, 0),
    opens: time | None = None,
    closes: time | None = None,
    rows_a_part: int = 100_000,
    rows_a_second: int = 0,
    resource_id: UUID | None = None,
) -> Job:
    """A table of a source into a new dataset of the lake, every day if nothing else is said.

    `columns` are `{"name", "source", "kind", "required"}`. `table` may be a pattern of file names; `takes` says which of them come.

    Raises `JobRefused` or the lake's `DatasetRefused` with every reason. The columns that the source has now are what was agreed on.
    """
    source = find(Source.objects.all(), pk=source_id)
    permit(actor, MANAGE, department_id=source.department_id)
    _check_takes(source, table, takes)
    with reader(source.kind, source.place, source.secret) as opened:
        opened.glance(exactly=True)
        shape = opened.columns(table)
    told = settled(columns)
    check_columns(told)
    check_work(told, cursor, shape, table)
    with transaction.atomic():
        dataset = lake.create_dataset(
            actor=HAND,
            key=key,
            title=title,
            columns=[{"name": column["name"], "kind": column.get("kind", "text")} for column in columns],
            keys=keys,
            department_id=source.department_id,
            resource_id=resource_id,
        )
        job = Job.objects.create(
            source=source,
            dataset_id=dataset.pk,
            resource_id=resource_id,
            title=title,
            department_id=source.department_id,
            table=table,
            columns=told,
            keys=list(keys),
            cursor=cursor,
            takes=takes,
            shape=shape,
            every=every,
            day=day,
            starts_at=starts_at,
            opens=opens,
            closes=closes,
            rows_a_part=min(rows_a_part, rows_a_second * 10) if rows_a_second else rows_a_part,
            rows_a_second=rows_a_second,
            due_at=next_due(now().astimezone(SHANGHAI), starts_at, every, day),
            made_at=now(),
        )
        note_version(job, by=actor.account_id)
        record("gathering.job_made", actor=actor, subject=f"job:{job.pk}", data={"dataset": key})
    return job


@transaction.atomic
def accept_shape(*, actor: Actor, job_id: UUID, columns: Sequence[Mapping[str, Any]]) -> Job:
    """A steward has looked at what changed and says which column now becomes which; the job goes on with the shape as it is now.

    A column that is left out is not gathered any more; it stays in the dataset, empty. One of the key cannot be.
    """
    job = find(Job.objects.select_related("source").select_for_update(of=("self",)), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    if job.state != Job.State.ASKING:
        raise RunMoved
    with reader(job.source.kind, job.source.place, job.source.secret) as opened:
        opened.glance(exactly=True)
        shape = opened.columns(job.table)
    unsaid = [column.get("title") or column["name"] for column in columns if not column["source"]]
    if unsaid:
        raise JobRefused(reasons=[Reason("unsaid", UNSAID % {"name": name}, "columns") for name in unsaid])
    check_work(columns, job.cursor, shape, job.table)
    before = {(column["name"], column.get("kind", "text")) for column in job.columns}
    said = {column["name"]: column["source"] for column in columns}
    if not before >= {(column["name"], column.get("kind", "text")) for column in columns} or not set(job.keys) <= set(
        said
    ):
        raise JobRefused(
            reasons=[Reason("columns", _("这里不能加列，也不能去掉主键，只能改各列从来源的哪一列来。"), "columns")]
        )
    note_version(job)
    was = job.columns
    job.columns = [{**column, "source": said[column["name"]]} for column in was if column["name"] in said]
    found = differences(was, job.columns, keys=(job.keys, job.keys), cursor=(job.cursor, job.cursor))
    job.shape, job.changes, job.state, job.version = shape, [], Job.State.ACTIVE, job.version + 1
    job.save(update_fields=["columns", "shape", "changes", "state", "version"])
    note_version(job, changes=[one.told() for one in found], by=actor.account_id)
    job.runs.filter(ended_at=None).update(version=job.version)  # it cannot go on by what is no longer there
    record("gathering.shape_accepted", actor=actor, subject=f"job:{job.pk}")
    return job


@transaction.atomic
def change_schedule(
    *,
    actor: Actor,
    job_id: UUID,
    starts_at: time,
    opens: time | None,
    closes: time | None,
    rows_a_second: int = 0,
    every: str = "day",
    day: int = 0,
) -> Job:
    """How often and when it begins (`rules.next_due`), when the source may be asked, and how fast."""
    job = find(Job.objects.select_for_update(), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    job.every, job.day = every, day
    job.starts_at, job.opens, job.closes, job.rows_a_second = starts_at, opens, closes, rows_a_second
    job.due_at = None if job.state == Job.State.PAUSED else _due(job)
    job.save(update_fields=["every", "day", "starts_at", "opens", "closes", "rows_a_second", "due_at"])
    record("gathering.schedule_changed", actor=actor, subject=f"job:{job.pk}")
    return job


def pause_job(*, actor: Actor, job_id: UUID) -> Job:
    """No further run begins by itself."""
    return _turn(actor, job_id, Job.State.ACTIVE, Job.State.PAUSED, "gathering.job_paused")


def resume_job(*, actor: Actor, job_id: UUID) -> Job:
    return _turn(actor, job_id, Job.State.PAUSED, Job.State.ACTIVE, "gathering.job_resumed")


@transaction.atomic
def _turn(actor: Actor, job_id: UUID, before: str, after: str, fact: str) -> Job:
    job = find(Job.objects.select_for_update(), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    if job.state != before:
        raise RunMoved
    job.state, job.due_at = after, _due(job) if after == Job.State.ACTIVE else None
    job.save(update_fields=["state", "due_at"])
    record(fact, actor=actor, subject=f"job:{job.pk}")
    return job


def _check_takes(source: Source, table: str, takes: str) -> None:
    several = source.is_files and is_pattern(table)
    if several and takes not in Job.Takes.values:
        raise JobRefused(reasons=[Reason("takes", _("请选这些文件怎样读。"), "takes")])
    if takes and not several:
        raise JobRefused(reasons=[Reason("takes", _("只有按规律选的文件才分怎样读。"), "takes")])


def _due(job: Job) -> datetime:
    return next_due(now().astimezone(SHANGHAI), job.starts_at, job.every, job.day)


def told(fault: TongbanError) -> dict[str, Any]:
    """What of a fault is kept: our own words, never what a source said."""
    reasons = [str(reason.text) for reason in fault.reasons]
    return {"code": fault.code, **({"reasons": reasons} if reasons else {})}
