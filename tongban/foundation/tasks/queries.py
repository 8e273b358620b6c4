"""What operators see of the background work."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tongban.foundation.audit.queries import last_fact
from tongban.foundation.kernel.actors import Actor, permit

SEEN = 50

COUNTS = "select status::text, count(*) from procrastinate_jobs group by status"
JOBS = """
select job.id, job.task_name, job.args, job.status::text, job.attempts, job.scheduled_at, happened.at
from procrastinate_jobs job
left join lateral (
    select at from procrastinate_events event where event.job_id = job.id order by event.id desc limit 1
) happened on true
where job.status = %s::procrastinate_job_status
order by job.id {order}
limit %s
"""
QUEUES = """
select job.queue_name, count(*) filter (where job.status = 'todo'), count(*) filter (where job.status = 'doing'),
  count(*) filter (where job.status = 'failed'),
  coalesce(extract(epoch from now() - min(coalesce(job.scheduled_at, asked.at)) filter (where job.status = 'todo')), 0)::float
from procrastinate_jobs job
left join lateral (
    select at from procrastinate_events event
    where job.status = 'todo' and event.job_id = job.id order by event.id limit 1
) asked on true
where job.status in ('todo', 'doing', 'failed')
group by job.queue_name order by job.queue_name
"""
WORKERS = "select id, last_heartbeat from procrastinate_workers order by id"


@dataclass(frozen=True)
class JobSeen:
    """One job as an operator sees it; its arguments are ids."""

    id: int
    task: str
    ids: dict[str, Any]
    status: str
    attempts: int
    scheduled_at: datetime | None
    since: datetime | None


@dataclass(frozen=True)
class Drill:
    """How the last restore drill went (`tongban drill`)."""

    at: datetime
    rows: int
    files: int
    differing: int
    behind_s: float
    restore_s: float


@dataclass(frozen=True)
class Queue:
    """One queue at one moment. `oldest_s`: how long the oldest job waits beyond its hour; below 0: none is due."""

    name: str
    waiting: int
    running: int
    failed: int
    oldest_s: float


@dataclass(frozen=True)
class WorkSeen:
    """The whole of the background work at one moment."""

    counts: dict[str, int]
    failed: list[JobSeen]
    running: list[JobSeen]
    waiting: list[JobSeen]
    workers: list[tuple[int, datetime]]
    drill: Drill | None


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _jobs(status: str, *, newest_first: bool) -> list[JobSeen]:
    sql = JOBS.format(order="desc" if newest_first else "asc")
    # Django's connection hands jsonb over as text, so that its own JSON fields can decode it.
    return [JobSeen(row[0], row[1], _ids(row[2]), *row[3:]) for row in _rows(sql, status, SEEN)]


def _ids(value: Any) -> dict[str, Any]:
    return json.loads(value) if isinstance(value, str) else value


def queues() -> list[Queue]:
    """Every queue that has something to do. One query."""
    return [Queue(*row) for row in _rows(QUEUES)]


def last_drill() -> Drill | None:
    """How the newest drill went."""
    if (fact := last_fact("drills")) is None:
        return None
    said = fact.data  # a fact keeps fractions as text
    whole = (said["rows"], said["files"], said["differing"])
    return Drill(fact.at, *whole, float(said["behind_s"]), float(said["restore_s"]))


def work_seen(actor: Actor) -> WorkSeen:
    """Counts, and the first fifty failed, running and waiting jobs."""
    permit(actor, "tasks.see")
    return WorkSeen(
        counts={status: int(count) for status, count in _rows(COUNTS)},
        failed=_jobs("failed", newest_first=True),
        running=_jobs("doing", newest_first=False),
        waiting=_jobs("todo", newest_first=False),
        workers=[(row[0], row[1]) for row in _rows(WORKERS)],
        drill=last_drill(),
    )


def waiting_jobs(task: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Name and ids of every job that waits, in order; for tests and for the command line."""
    rows = _rows("select task_name, args from procrastinate_jobs where status = 'todo' order by id")
    return [(name, _ids(ids)) for name, ids in rows if task in (None, name)]
