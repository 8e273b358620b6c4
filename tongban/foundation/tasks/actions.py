"""Asking for background work, running what waits, putting right what failed or stalled."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.later import defer

from .errors import JobNotFailed, NoSuchJob, ReasonMissing
from .registration import periodic, registered, task
from .rules import LAST_ATTEMPT

__all__ = [
    "abandon_job",
    "defer",
    "periodic",
    "prune_finished_jobs",
    "requeue_stalled_jobs",
    "retry_job",
    "run_waiting",
    "task",
]

SILENT_SECONDS = 60  # a worker says every ten seconds that it lives
KEPT_HOURS = {"succeeded": 24, "cancelled": 24 * 30, "failed": 24 * 90, "aborted": 24 * 90}

# A killed worker's job stays `doing` for ever: procrastinate itself never takes it up again (tried).
STALLED = """
select job.id, job.attempts, job.queueing_lock from procrastinate_jobs job
left join procrastinate_workers worker on worker.id = job.worker_id
where job.status = 'doing'
  and (worker.id is null or worker.last_heartbeat < now() - make_interval(secs => %s))
for update of job skip locked
"""
# Of periodic jobs only one may wait: where the next one does already, it does what the stalled one was to do.
RELIEVED = "select exists (select from procrastinate_jobs where status = 'todo' and queueing_lock = %s)"
# A periodic job that failed, mostly because the database went away under it: a nightly one must not wait for the next night.
FAILED = """
select job.id from procrastinate_jobs job
where job.status = 'failed' and job.queueing_lock is not null and job.attempts < %s
  and not exists (select from procrastinate_jobs next where next.queueing_lock = job.queueing_lock and next.id > job.id)
for update of job skip locked
"""
PERIODIC_ATTEMPTS = 10
ABANDON = "update procrastinate_jobs set status = 'cancelled' where id = %s"
RETRY = "select procrastinate_retry_job_v2(%s, now(), null, null, null)"
FINISH = "select procrastinate_finish_job_v1(%s, %s::procrastinate_job_status, false)"
PRUNE = """
delete from procrastinate_jobs where id in (
    select id from procrastinate_jobs job
    where job.status = %s::procrastinate_job_status
      and not exists (
          select from procrastinate_events event
          where event.job_id = job.id and event.at >= now() - make_interval(hours => %s)
      )
    limit %s for update skip locked
)
"""
PRUNED_AT_ONCE = 1000


def _failed_job(job_id: int) -> str:
    """Lock a failed job; the name of its task."""
    with connection.cursor() as cursor:
        cursor.execute("select status::text, task_name from procrastinate_jobs where id = %s for update", [job_id])
        job = cursor.fetchone()
    if job is None:
        raise NoSuchJob
    if job[0] != "failed":
        raise JobNotFailed
    return str(job[1])


@transaction.atomic
def retry_job(*, actor: Actor, job_id: int) -> None:
    """Have a failed job run again now."""
    permit(actor, "tasks.see")
    task_name = _failed_job(job_id)
    with connection.cursor() as cursor:
        cursor.execute(RETRY, [job_id])
    record("tasks.retried", actor=actor, subject=f"job:{job_id}", data={"task": task_name})


@transaction.atomic
def abandon_job(*, actor: Actor, job_id: int, reason: str) -> None:
    """A failed job is not to be run again, and why not."""
    permit(actor, "tasks.see")
    task_name = _failed_job(job_id)
    if not (reason := reason.strip()):
        raise ReasonMissing
    with connection.cursor() as cursor:
        cursor.execute(ABANDON, [job_id])
    record("tasks.abandoned", actor=actor, subject=f"job:{job_id}", data={"task": task_name, "reason": reason[:200]})


def report_drill(*, actor: Actor, data: dict[str, object]) -> None:
    """A restore drill has ended; its figures are what operators see."""
    record("tasks.drilled", actor=actor, subject="drills", data=data)


@transaction.atomic
def requeue_stalled_jobs() -> int:
    """Take up again the jobs whose worker has gone silent, and periodic ones that failed while no next one has come; how many.

    One that keeps killing its worker fails at last.
    """
    with connection.cursor() as cursor:
        cursor.execute(STALLED, [SILENT_SECONDS])
        stalled = cursor.fetchall()
        for job_id, attempts, queueing_lock in stalled:
            if attempts >= LAST_ATTEMPT:
                cursor.execute(FINISH, [job_id, "failed"])
            elif _is_relieved(cursor, queueing_lock):
                cursor.execute(FINISH, [job_id, "aborted"])
            else:
                cursor.execute(RETRY, [job_id])
        cursor.execute(FAILED, [PERIODIC_ATTEMPTS])
        failed = cursor.fetchall()
        for row in failed:
            cursor.execute(RETRY, row)
    return len(stalled) + len(failed)


def _is_relieved(cursor: Any, queueing_lock: str | None) -> bool:
    if queueing_lock is None:
        return False
    cursor.execute(RELIEVED, [queueing_lock])
    return bool(cursor.fetchone()[0])


def prune_finished_jobs() -> int:
    """Delete jobs done a day ago and failed ones after ninety, a part at a time; how many."""
    deleted = 0
    with connection.cursor() as cursor:
        for status, hours in KEPT_HOURS.items():
            gone = PRUNED_AT_ONCE
            while gone == PRUNED_AT_ONCE:
                cursor.execute(PRUNE, [status, hours, PRUNED_AT_ONCE])
                gone = cursor.rowcount
                deleted += gone
    return deleted


def run_waiting(*, limit: int = 1000) -> int:
    """Run what waits here and now, one after another, as a worker would; an error is the caller's. For tests and commands."""
    done = 0
    while done < limit and _run_next():
        done += 1
    return done


def _run_next() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select id, task_name, args from procrastinate_fetch_job_v2(null, null)")
        job_id, name, ids = cursor.fetchone()
        if job_id is None:
            return False
        registered()[name].func(**(json.loads(ids) if isinstance(ids, str) else ids))
        cursor.execute(FINISH, [job_id, "succeeded"])
    return True
