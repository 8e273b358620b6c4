"""One time of fetching: part by part into a batch, then into the dataset; killed, it goes on after the last part on the disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.catalogue.actions import note_gathered
from tongban.data.gathering.errors import RunMoved, ShapeChanged
from tongban.data.gathering.gateways import Page, Reader, reader
from tongban.data.gathering.models import Job, Run, Taken
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import changes, is_daily, is_open, needs_asking, next_due, pause
from tongban.data.lake import actions as lake
from tongban.data.lake import queries as lake_queries
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, installer, permit
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.kernel.errors import TongbanError, Unavailable
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find

from .jobs import HAND, accept_shape, told
from .mapping import note_version

MACHINE = installer(MANAGE, "catalogue.note_gathered")
GATHER = "gathering.gather"


@transaction.atomic
def start_run(*, actor: Actor, job_id: UUID, whole: bool = False) -> Run:
    """Begin to fetch. `whole`: all of it, though the job usually takes what is new. Refused while another run is open.

    Of a job that takes new files alone and has taken some, all there are is not all there was: what is not among them stays in the lake.
    """
    job = find(Job.objects.select_for_update(), pk=job_id)
    permit(actor, MANAGE, department_id=job.department_id)
    if job.replays_since or job.state != Job.State.ACTIVE or job.runs.filter(ended_at=None).exists():
        raise RunMoved
    whole = whole or job.brings_all
    is_all = whole and not (job.takes == Job.Takes.NEW and job.taken.exists())
    batch = lake.begin_batch(actor=HAND, dataset_id=job.dataset_id, whole=is_all)
    note_version(job)
    run = Run.objects.create(
        job=job, batch_id=batch.pk, version=job.version, whole=whole, began_at=now(), moved_at=now()
    )
    job.due_at = next_due(now().astimezone(SHANGHAI), job.starts_at, job.every, job.day)
    job.save(update_fields=["due_at"])
    record("gathering.run_started", actor=actor, subject=f"job:{job.pk}", data={"batch": batch.number})
    defer(GATHER, run_id=run.pk, lock=f"gathering:{job.pk}")
    return run


def start_due() -> int:
    """Begin every job that is due and whose window is open; how many were begun."""
    due = Job.objects.filter(state=Job.State.ACTIVE, due_at__lte=now()).order_by("due_at")
    hour = now().astimezone(SHANGHAI).time()
    begun = 0
    for job in due:
        if is_open(hour, job.opens, job.closes):
            try:
                start_run(actor=MACHINE, job_id=job.pk)
            except RunMoved:  # the last one is still open: it is late, and the board says so
                continue
            begun += 1
    return begun


def gather(*, run_id: UUID | str) -> Run:
    """Fetch until there is nothing more, somebody pauses, the window closes or something is wrong; safe to call again at any time."""
    run = find(Run.objects.select_related("job__source"), pk=run_id)
    if run.state not in (Run.State.RUNNING, Run.State.FAILED) or run.ended_at:
        return run
    run.job.goes_by(run.job.mappings.filter(number=run.version).first())
    if run.state == Run.State.FAILED:
        run.state = Run.State.RUNNING
        run.save(update_fields=["state"])
    try:
        _fetched(run)
    except TongbanError as fault:
        _stop(run, fault)
        if isinstance(fault, Unavailable):
            raise  # the source, the lake or room on the disk: the queue tries again
    return run


def _fetched(run: Run) -> None:
    job = run.job
    batch = lake_queries.batch(actor=HAND, batch_id=run.batch_id)
    if batch.state == "landing":
        with reader(job.source.kind, job.source.place, job.source.secret) as source:
            if source.any_new(job.table, _page(run, batch.parts)):
                _ask_when_changed(job, source.columns(job.table))
            if not batch.parts:
                run.expected = None if job.source.is_files else source.rows_of(job.table)
                run.high = source.largest(job.table, job.cursor) if job.cursor else ""
                run.save(update_fields=["expected", "high"])
            if not _read(run, source):
                return
        lake.seal_batch(actor=HAND, batch_id=run.batch_id)
    batch = lake.merge_batch(actor=HAND, batch_id=run.batch_id, work=job.work, shape=job.shaped, keys=job.keys)
    _finish(run, batch.counts)


def _read(run: Run, source: Reader) -> bool:
    """Part after part; whether the source has nothing more (otherwise somebody or the window says stop)."""
    job = run.job
    began, before = monotonic(), run.rows
    while True:
        batch = lake_queries.batch(actor=HAND, batch_id=run.batch_id)
        parts = batch.parts
        if parts and not parts[-1]["more"]:
            return True
        if not _may_go_on(run):
            return False
        page = _page(run, parts)

        def write(path: Path, first: int, page: Page = page) -> Mapping[str, Any]:
            last = source.write(job.table, page, path, first)
            return {"after": last, "more": bool(last), **({"files": source.taken} if source.taken else {})}

        batch = lake.land_part(actor=HAND, batch_id=run.batch_id, number=len(parts) + 1, write=write)
        run.rows, run.moved_at = sum(part["rows"] for part in batch.parts), now()
        run.save(update_fields=["rows", "moved_at"])
        sleep(pause(run.rows - before, monotonic() - began, job.rows_a_second))


def _page(run: Run, parts: Sequence[Mapping[str, Any]]) -> Page:
    job, after = run.job, parts[-1]["after"] if parts else []
    if job.source.is_files:
        return Page(job.used, takes=job.takes, done=_done(run, parts))
    if job.source.kind == "api":
        return Page(job.used, (), "", after, job.rows_a_part)
    if run.whole:
        return Page(job.used, job.source_keys, "", after, job.rows_a_part)
    by = [job.cursor, *(key for key in job.source_keys if key != job.cursor)]
    return Page(job.used, by, job.high, after, job.rows_a_part)


def _done(run: Run, parts: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Files that need not come: those of earlier runs as they looked then, and those of this one, whatever becomes of them meanwhile."""
    before = {} if run.whole else dict(run.job.taken.values_list("name", "look"))
    return before | {str(one["name"]): "" for part in parts for one in part.get("files", ())}


def _may_go_on(run: Run) -> bool:
    run.refresh_from_db(fields=["state"])
    job = run.job
    if run.state == Run.State.PAUSED:
        return False
    if is_open(now().astimezone(SHANGHAI).time(), job.opens, job.closes):
        return True
    with transaction.atomic():
        opens = next_due(now().astimezone(SHANGHAI), job.opens or job.starts_at)
        defer(GATHER, run_id=run.pk, at=opens, lock=f"gathering:{job.pk}")
    return False


def _ask_when_changed(job: Job, shape: Mapping[str, str]) -> None:
    found = changes(job.shape, shape)
    if not found:
        return
    told = [{"what": change.what, "name": change.name, "was": change.was, "now": change.now} for change in found]
    asking = needs_asking(found, job.used) or not shape
    with transaction.atomic():
        fresh = Job.objects.select_for_update().get(pk=job.pk)
        if told != fresh.changes:
            fresh.changes, fresh.state = told, Job.State.ASKING if asking else fresh.state
            fresh.save(update_fields=["changes", "state"])
            record("gathering.shape_changed", actor=MACHINE, subject=f"job:{job.pk}", data={"stops": asking})
    if asking:
        raise ShapeChanged


def _stop(run: Run, fault: TongbanError) -> None:
    with transaction.atomic():
        run.state, run.fault, run.moved_at = Run.State.FAILED, told(fault), now()
        run.save(update_fields=["state", "fault", "moved_at"])
        record("gathering.run_stopped", actor=MACHINE, subject=f"job:{run.job_id}", data={"why": fault.code})


def _finish(run: Run, counts: Mapping[str, int]) -> None:
    job = run.job
    with transaction.atomic():
        run.state, run.counts, run.fault, run.ended_at = Run.State.DONE, dict(counts), {}, now()
        run.save(update_fields=["state", "counts", "fault", "ended_at"])
        if run.high and not job.mappings.filter(number__gt=run.version or 0, whole=True).exists():
            Job.objects.filter(pk=job.pk).update(high=run.high)
        if job.takes == Job.Takes.NEW:
            _note_taken(run)
        record("gathering.run_done", actor=MACHINE, subject=f"job:{job.pk}", data={"counts": dict(counts)})
        if job.resource_id:
            note_gathered(
                actor=MACHINE, resource_id=job.resource_id, at=run.ended_at, follows_daily=is_daily(job.every)
            )


def _note_taken(run: Run) -> None:
    parts = lake_queries.batch(actor=HAND, batch_id=run.batch_id).parts
    rows = [Taken(job=run.job, taken_at=now(), **one) for part in parts for one in part.get("files", ())]
    fields = ["look", "rows", "taken_at"]
    Taken.objects.bulk_create(
        rows, batch_size=1000, update_conflicts=True, unique_fields=["job", "name"], update_fields=fields
    )


def pause_run(*, actor: Actor, run_id: UUID) -> Run:
    """It stops after the part it is at; what is landed stays."""
    return _turn(actor, run_id, (Run.State.RUNNING,), Run.State.PAUSED, "gathering.run_paused")


@transaction.atomic
def resume_run(*, actor: Actor, run_id: UUID) -> Run:
    """Go on after the last part: after a pause, or after what stopped it has been put right."""
    run = _turn(actor, run_id, (Run.State.PAUSED, Run.State.FAILED), Run.State.RUNNING, "gathering.run_resumed")
    defer(GATHER, run_id=run.pk, lock=f"gathering:{run.job_id}")
    return run


@transaction.atomic
def answer_shape(*, actor: Actor, job_id: UUID, columns: Sequence[Mapping[str, Any]]) -> Job:
    """What `accept_shape` does, and the run that stopped over it goes on; one that had read something already begins anew,

    for what it has read has the columns of before.
    """
    job = accept_shape(actor=actor, job_id=job_id, columns=columns)
    stopped = job.runs.filter(ended_at=None, state=Run.State.FAILED).first()
    if stopped and stopped.rows:
        give_up(actor=actor, run_id=stopped.pk, reason="gathering.shape_accepted")
        start_run(actor=actor, job_id=job.pk, whole=stopped.whole)
    elif stopped:
        resume_run(actor=actor, run_id=stopped.pk)
    return job


@transaction.atomic
def give_up(*, actor: Actor, run_id: UUID, reason: str) -> Run:
    """This run is not gone on with; its parts stay to be looked into, and nothing of them is in the dataset."""
    run = _turn(actor, run_id, (Run.State.PAUSED, Run.State.FAILED), Run.State.FAILED, "gathering.run_given_up")
    lake.abandon_batch(actor=HAND, batch_id=run.batch_id, reason=reason)
    run.ended_at = now()
    run.save(update_fields=["ended_at"])
    return run


@transaction.atomic
def _turn(actor: Actor, run_id: UUID, before: tuple[str, ...], after: str, fact: str) -> Run:
    run = find(Run.objects.select_related("job").select_for_update(of=("self",)), pk=run_id)
    permit(actor, MANAGE, department_id=run.job.department_id)
    if run.state not in before or run.ended_at:
        raise RunMoved
    run.state, run.moved_at = after, now()
    run.save(update_fields=["state", "moved_at"])
    record(fact, actor=actor, subject=f"job:{run.job_id}")
    return run
