"""From a row of a dataset back to where it came from: batch, run, table, the source's own row, and what was done with each value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tongban.data.catalogue.queries import gradings_of, show
from tongban.data.gathering.queries import mappings, reading_of
from tongban.data.lake import queries as lake
from tongban.data.lake.errors import BatchBroken
from tongban.data.lineage.rules import steps_of
from tongban.foundation.kernel.actors import Actor, installer, permit

from .graph import column_id, described_columns
from .telling import told_steps

SEE = "lineage.see"
HAND = installer("lake.read")  # the lake's right is machinery's; ours has been asked before


@dataclass(frozen=True)
class Value:
    """One value of a row: as it is, as the source had it, what was done between; both shown by the grade of the data item."""

    name: str
    title: str
    now: Any
    came: Any
    source: str
    source_id: str
    steps: list[str]
    level: int


@dataclass(frozen=True)
class Trace:
    """Where a row came from. `run` and `job` are None for a dataset that no gathering fills."""

    dataset: Any
    batch: Any
    row: int
    part: Mapping[str, Any]
    run: Any
    job: Any
    is_current: bool
    values: list[Value] = field(default_factory=list)


def dataset_of(actor: Actor, dataset_id: UUID) -> Any:
    """A dataset whose rows an actor may follow: his department's, or any for the platform."""
    one = lake.dataset(actor=HAND, dataset_id=dataset_id)
    permit(actor, SEE, department_id=one.department_id)
    return one


def job_of(dataset_id: UUID) -> Any:
    return next((job for job in mappings() if job.dataset_id == dataset_id), None)


def columns_of(dataset: Any, job: Any) -> list[dict[str, Any]]:
    return described_columns(dataset, job.columns if job else ())


def trace_of(actor: Actor, dataset_id: UUID, *, batch: int, row: int) -> Trace:
    """Of a row that has been replaced or deleted since, what came then is told. Masked; `actions.trace_row` writes the look down."""
    one = dataset_of(actor, dataset_id)
    brought = lake.batch_numbered(actor=HAND, dataset_id=one.pk, number=batch)
    is_in = brought.state == brought.State.MERGED
    now = lake.row_at(actor=HAND, dataset_id=one.pk, batch=batch, row=row) if is_in else None
    run, job = reading_of(brought.pk), job_of(one.pk)
    columns = columns_of(one, job)
    worked = {column["name"]: column for column in (brought.work or {}).get("columns", ())}
    columns = [
        column | {"source": worked.get(column["name"], column).get("source") or column["name"]} for column in columns
    ]
    came = lake.raw_rows(actor=HAND, batch_id=brought.pk, numbers=[row]).get(row, {})
    return Trace(one, brought, row, _part(brought.parts, row), run, job, now is not None,
                 _values(actor, columns, worked, now or {}, came, job, (brought.work or {}).get("newest", "")))  # fmt: skip


def _values(
    actor: Actor, columns: list[dict[str, Any]], worked: Mapping[str, Any], now: dict[str, Any], came: dict[str, Any], job: Any, newest: str
) -> list[Value]:  # fmt: skip
    shown, raw = show(actor, columns, [now])[0], show(actor, columns, [came], by="source")[0]
    gradings, keys = gradings_of(columns), job.keys if job else ()
    return [
        Value(
            name=column["name"],
            title=column["title"],
            now=shown.get(column["name"]),
            came=raw.get(column["source"]),
            source=column["source"],
            source_id=column_id(job, column["source"]) if job else "",
            steps=told_steps(
                steps_of(
                    worked.get(column["name"], column), is_key=column["name"] in keys, newest=column["source"] == newest
                )
            ),
            level=gradings[column["name"]].level,
        )
        for column in columns
    ]


def _part(parts: list[dict[str, Any]], row: int) -> dict[str, Any]:
    """The file of a batch that holds its row of this number, and the row's place in it, counted from 1."""
    passed = 0
    for part in parts:
        if row <= passed + part["rows"]:
            return {"name": part["name"], "place": row - passed, "sha256": part.get("sha256", "")}
        passed += part["rows"]
    return {}


def rows_like(
    actor: Actor, dataset_id: UUID, *, where: Mapping[str, Any] | None = None, limit: int = 20
) -> list[dict[str, Any]]:
    """The first rows, or those with some values, masked; `_batch` and `_row` say where each came from."""
    one = dataset_of(actor, dataset_id)
    try:
        found = lake.rows(actor=HAND, dataset_id=one.pk, where=where, limit=limit)
    except BatchBroken:  # a key that is no value of its column's kind: there is no such row
        found = []
    return show(actor, columns_of(one, job_of(one.pk)), found)
