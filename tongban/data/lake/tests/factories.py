"""A lake in a folder of the test's own, with a catalogue of its own, and datasets to pour into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
import psycopg
from django.test import override_settings

from tongban.data.lake import actions
from tongban.data.lake.gateways import catalogue, engine
from tongban.data.lake.models import Batch, Dataset
from tongban.foundation.kernel.actors import installer
from tongban.foundation.organisations.tests.factories import make_department

HAND = installer("lake.write", "lake.read")
PEOPLE = [{"name": "number", "kind": "text"}, {"name": "name", "kind": "text"}, {"name": "born_on", "kind": "date"}]
SOURCES = {"number": "number", "name": "name", "born_on": "born"}
WORK: dict[str, Any] = {
    "columns": [
        {**column, "source": SOURCES[column["name"]], "required": column["name"] == "name"} for column in PEOPLE
    ],
    "newest": "",
}


@contextmanager
def own_lake(folder: Path) -> Iterator[None]:
    """DuckLake writes past our transaction: what it wrote is dropped at the end."""
    schema = f"lake_{uuid4().hex[:12]}"
    with override_settings(LAKE_ROOT=str(folder), LAKE_SCHEMA=schema, LAKE_THREADS=1):
        yield
    engine.stop()
    with psycopg.connect(catalogue(), autocommit=True) as beside:
        beside.execute(f'drop schema if exists "{schema}" cascade')


def make_dataset(**fields: Any) -> Dataset:
    known = {"key": "people", "title": "人员（示例）", "columns": PEOPLE, "keys": ["number"]} | fields
    known.setdefault("department_id", make_department().pk)
    return actions.create_dataset(actor=HAND, **known)


def land(dataset: Dataset, *parts: Sequence[tuple[Any, ...]], whole: bool = False, seal: bool = True) -> Batch:
    """A batch of `(number, name, born)` rows as texts."""
    batch = actions.begin_batch(actor=HAND, dataset_id=dataset.pk, whole=whole)
    for number, rows in enumerate(parts, start=1):
        batch = actions.land_part(actor=HAND, batch_id=batch.pk, number=number, write=written(rows))
    return actions.seal_batch(actor=HAND, batch_id=batch.pk) if seal else batch


def written(rows: Sequence[tuple[Any, ...]]) -> Any:
    def write(path: Path, first: int) -> dict[str, Any]:
        with duckdb.connect() as duck:
            duck.execute("create table part (_row bigint, number varchar, name varchar, born varchar)")
            if rows:
                duck.executemany(
                    "insert into part values (?, ?, ?, ?)", [[row, *said] for row, said in enumerate(rows, first)]
                )
            duck.execute(f"copy part to '{path}' (format parquet)")
        return {}

    return write


def pour(
    dataset: Dataset, *parts: Sequence[tuple[Any, ...]], whole: bool = False, work: dict[str, Any] = WORK
) -> Batch:
    """Land and merge in one go."""
    return actions.merge_batch(actor=HAND, batch_id=land(dataset, *parts, whole=whole).pk, work=work)
