"""Sources to fetch from: a schema of the tests' own PostgreSQL, a SQLite file, a folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tongban.data.gathering import actions
from tongban.data.gathering.models import Job, Run, Source
from tongban.data.lake.gateways import catalogue
from tongban.data.lake.models import Batch, Dataset
from tongban.foundation.kernel.actors import Actor, Scope, installer
from tongban.foundation.kernel.clock import now
from tongban.foundation.organisations.tests.factories import make_department

STEWARD = installer("gathering.manage", "gathering.see")
COLUMNS: list[dict[str, Any]] = [
    {"name": "number", "source": "id", "kind": "integer"},
    {"name": "name", "source": "xm", "kind": "text", "required": True},
    {"name": "born_on", "source": "csrq", "kind": "date"},
]
ROWS = [(1, "李华", "1990-03-07"), (2, "王芳", "19850121"), (3, "赵六", "2001年12月31日")]


def steward_of(department_id: UUID, *, clearance: int = 3) -> Actor:
    verbs = {"gathering.manage": Scope.DEPARTMENT, "gathering.see": Scope.DEPARTMENT}
    return Actor(kind="staff", department_id=department_id, grants=verbs, clearance=clearance)


class Server:
    """A schema with a table `people` in a real PostgreSQL, as a department's own server would have it."""

    def __init__(self, beside: psycopg.Connection, schema: str) -> None:
        self.beside, self.schema, self.table = beside, schema, f"{schema}.people"
        known = conninfo_to_dict(catalogue())
        self.place = {name: str(known[name]) for name in ("host", "port", "dbname") if known.get(name)}
        self.secret = {name: str(known[name]) for name in ("user", "password") if known.get(name)}

    def run(self, statement: str, *values: Any) -> None:
        self.beside.execute(sql.SQL(statement).format(people=sql.Identifier(self.schema, "people")), values)

    def put(self, rows: Sequence[tuple[Any, ...]]) -> None:
        for row in rows:
            self.run("insert into {people} (id, xm, csrq) values (%s, %s, %s)", *row)


@contextmanager
def server() -> Iterator[Server]:
    schema = f"source_{uuid4().hex[:12]}"
    with psycopg.connect(catalogue(), autocommit=True) as beside:
        beside.execute(f'create schema "{schema}"')
        one = Server(beside, schema)
        one.run(
            "create table {people} (id bigint primary key, xm text, csrq text, changed timestamptz default clock_timestamp())"
        )
        one.put(ROWS)
        try:
            yield one
        finally:
            beside.execute(f'drop schema "{schema}" cascade')


def make_source(kind: str, place: dict[str, Any], secret: dict[str, Any] | None = None, **fields: Any) -> Source:
    known = {"actor": STEWARD, "title": "人口信息系统（示例）", "department_id": None} | fields
    known["department_id"] = known["department_id"] or make_department().pk
    return actions.connect_source(kind=kind, place=place, secret=secret or {}, **known)


def make_job(source: Source, table: str, **fields: Any) -> Job:
    known = {
        "actor": STEWARD,
        "key": "people",
        "title": "人员（示例）",
        "columns": COLUMNS,
        "keys": ["number"],
    } | fields
    return actions.create_job(source_id=source.pk, table=table, **known)


def fetch(job: Job, **how: Any) -> Run:
    """Start a run and let it go as far as it gets."""
    return actions.gather(run_id=actions.start_run(actor=STEWARD, job_id=job.pk, **how).pk)


def sqlite_file(path: Path) -> Path:
    with sqlite3.connect(path) as made:
        made.execute("create table people (id integer primary key, xm text, csrq text, changed integer)")
        made.executemany("insert into people values (?, ?, ?, ?)", [(*row, row[0]) for row in ROWS])
    return path


def make_known_run(steward: Actor, dataset: Dataset | None = None) -> Run:
    """A run of a job of a steward's department, known to our tables alone: neither source nor, without a `dataset`, lake is asked."""
    assert steward.department_id is not None
    mine = {"department_id": steward.department_id}
    dataset = dataset or Dataset.objects.create(
        key=f"d{uuid4().hex[:12]}", title="人员（示例）", columns=[], keys=["number"], made_at=now(), **mine
    )
    source = Source.objects.create(
        title="人口信息系统（示例）",
        kind="files",
        place={"folder": f"{steward.department_id}/known"},
        made_at=now(),
        answered_at=now(),
        **mine,
    )
    job = Job.objects.create(
        source=source, dataset_id=dataset.pk, title="人员（示例）", table="main.people", columns=COLUMNS, keys=["number"], shape={},
        starts_at=time(1), made_at=now(), **mine,
    )  # fmt: skip
    number = dataset.batches.count() + 1
    batch = Batch.objects.create(dataset=dataset, number=number, whole=True, began_at=now())
    return Run.objects.create(job=job, batch_id=batch.pk, whole=True, began_at=now(), moved_at=now())
