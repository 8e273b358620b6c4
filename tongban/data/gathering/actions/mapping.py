"""Saying otherwise which column becomes which, made alike by which steps and checked for what: a version, from the next run on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import JobRefused, RunMoved
from tongban.data.gathering.gateways import reader
from tongban.data.gathering.models import Job, MappingVersion
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import Difference, begins_anew, differences, needs_whole
from tongban.data.lake.queries import column_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

from .checking import check_columns, check_work, settled

SHAPE_FAULTS = {
    "name": _("“%(name)s”只能用小写字母、数字和下划线，以字母开头，最长 50 个字符。"),
    "twice": _("“%(name)s”重复了。"),
    "unknown_key": _("主键“%(name)s”没有归集。"),
    "no_key": _("请指定主键：没有主键就分不清两行是不是同一条记录。"),
}
FILES_GONE = _(
    "这个任务只读新的文件，已经读过的可能被对方拿走了。改主键或者已有列的类型要把全部文件重读一遍，拿走的文件里的行会丢，所以不能改。请另建一个任务，或者加一个新的列。"
)


def foresee_mapping(
    *,
    actor: Actor,
    job_id: UUID,
    columns: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    cursor: str = "",
    resource_id: UUID | None = None,
) -> list[Difference]:
    """What would change; nothing does. Raises what `change_mapping` would."""
    job = find(Job.objects.select_related("source"), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    return [*_foreseen(job, settled(columns), keys, cursor)[0], *_other_resource(job, resource_id)]


@transaction.atomic
def change_mapping(
    *,
    actor: Actor,
    job_id: UUID,
    columns: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    cursor: str = "",
    resource_id: UUID | None = None,
    seen: int,
) -> Job:
    """The next version of a job's mapping, in place of version `seen`; a run that is open goes on by the one it began with.

    Where the lake does not hold what is asked for now, the next reading is a whole one. A column that is left out stays in the
    dataset and is empty from then on. `resource_id`: of the catalogue; None: the one it has. What says nothing new changes nothing.
    Raises `JobRefused` with every reason, `RunMoved` where somebody else was faster or a question about the source's shape waits.
    """
    job = find(Job.objects.select_related("source").select_for_update(of=("self",)), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    if job.version != seen or job.state == Job.State.ASKING or job.replays_since:
        raise RunMoved
    told = settled(columns)
    found, shape = _foreseen(job, told, keys, cursor)
    found += _other_resource(job, resource_id)
    if not found:
        return job
    note_version(job)  # jobs that were made before there were versions
    whole = needs_whole(found)
    job.columns, job.keys, job.cursor, job.version, job.shape = told, list(keys), cursor, job.version + 1, shape
    job.resource_id = resource_id or job.resource_id
    if whole:
        job.high = ""
    job.save(update_fields=["columns", "keys", "cursor", "version", "shape", "high", "resource_id"])
    note_version(job, changes=[one.told() for one in found], whole=whole, by=actor.account_id)
    record(
        "gathering.mapping_changed",
        actor=actor,
        subject=f"job:{job.pk}",
        data={"version": job.version, "whole": whole, "changed": sorted({one.what for one in found})},
    )
    return job


def change_column(*, actor: Actor, job_id: UUID, name: str, said: Mapping[str, Any], seen: int) -> Job:
    """The same for the steps and checks of one column: `steps`, `required`, `check`, `code_set`, `asked`."""
    job = find(Job.objects.all(), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    columns = [{**one, **said} if one["name"] == name else one for one in job.columns]
    return change_mapping(actor=actor, job_id=job_id, columns=columns, keys=job.keys, cursor=job.cursor, seen=seen)


def note_version(
    job: Job, *, changes: Sequence[Mapping[str, str]] = (), whole: bool = False, by: UUID | None = None
) -> MappingVersion:
    """The job's mapping as it is now, kept under its number."""
    said = {"columns": job.columns, "keys": job.keys, "cursor": job.cursor, "changes": list(changes), "whole": whole}
    found, _made = MappingVersion.objects.get_or_create(
        job=job, number=job.version, defaults={**said, "made_by": by, "made_at": now()}
    )
    return found


def _other_resource(job: Job, resource_id: UUID | None) -> list[Difference]:
    return [Difference("resource")] if resource_id and resource_id != job.resource_id else []


def _foreseen(
    job: Job, columns: Sequence[Mapping[str, Any]], keys: Sequence[str], cursor: str
) -> tuple[list[Difference], dict[str, str]]:
    """What would change, and the source's columns by which it was judged: it is asked when one is wanted that was not known."""
    shape = job.shape
    if {*(one["source"] for one in columns), *([cursor] if cursor else [])} - set(shape):
        with reader(job.source.kind, job.source.place, job.source.secret) as opened:
            opened.glance(exactly=True)
            shape = opened.columns(job.table)
    check_columns(columns)
    check_work(columns, cursor, shape, job.table)
    wanted = [{"name": one["name"], "kind": one.get("kind", "text")} for one in columns]
    faults = column_faults(wanted, keys)
    if faults:
        raise JobRefused(
            reasons=[
                Reason(code, SHAPE_FAULTS[code] % details, details.get("name", "columns")) for code, details in faults
            ]
        )
    found = differences(job.columns, columns, keys=(job.keys, keys), cursor=(job.cursor, cursor))
    if job.takes == Job.Takes.NEW and begins_anew(found) and job.taken.exists():
        raise JobRefused(reasons=[Reason("files_gone", FILES_GONE, "keys")])
    return found, shape
