"""What every action of the lake begins with: finding, being alone with a dataset, telling a full disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import connection

from tongban.data.lake.errors import NoRoom
from tongban.data.lake.models import Batch, Dataset
from tongban.foundation.kernel.durable import is_full
from tongban.foundation.kernel.lookup import find

WRITE = "lake.write"


def summary(batch: Batch) -> dict[str, Any]:
    return {"batch": batch.number, "rows": sum(part["rows"] for part in batch.parts)}


def dataset_of(dataset_id: UUID, *, lock: bool = False) -> Dataset:
    rows = Dataset.objects.select_for_update() if lock else Dataset.objects.all()
    return find(rows, pk=dataset_id)


def batch_of(batch_id: UUID, *, lock: bool = False) -> Batch:
    rows = Batch.objects.select_related("dataset")
    return find(rows.select_for_update(of=("self",)) if lock else rows, pk=batch_id)


@contextmanager
def room() -> Iterator[None]:
    """A full disk is told as what it is."""
    try:
        yield
    except OSError as fault:
        if is_full(fault):
            raise NoRoom from None
        raise


@contextmanager
def alone(dataset: Dataset) -> Iterator[None]:
    """No other process merges into this dataset meanwhile. A lock of the session, for a merge may take longer than a transaction should."""
    name = f"lake:{dataset.pk}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])
