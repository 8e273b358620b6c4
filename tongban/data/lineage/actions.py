"""Hearing who reads what, and looking at rows: each look is a fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor

from .errors import KeyMissing
from .models import Reading
from .queries import SEE, Story, Trace, dataset_of, rows_like, story_of, trace_of

__all__ = ["SEE", "find_rows", "hear_of_readings", "show_rows", "trace_row", "trace_value"]
SHOWN = 20


@transaction.atomic
def hear_of_readings(
    *, item_code: str, item_name: str, department_id: UUID, readings: Iterable[Mapping[str, Any]]
) -> int:
    """The service network says which fields of an item's form are filled from registers: `{field, label, register, element}`, and

    `on_licence` for one that goes onto the licence it gives out: whoever gives out drafts or licences gives that field out.

    Said again it changes nothing; what is no longer said is gone. Called by a reaction, without an actor.
    """
    Reading.objects.filter(item_code=item_code).delete()
    rows = [
        Reading(
            item_code=item_code, item_name=item_name[:1000], department_id=department_id, field=one["field"][:200],
            label=one["label"][:200], register=one["register"], element=one["element"],
            on_licence=bool(one.get("on_licence")),
        )
        for one in readings
    ]  # fmt: skip
    return len(Reading.objects.bulk_create(rows, ignore_conflicts=True))


def show_rows(*, actor: Actor, dataset_id: UUID) -> list[dict[str, Any]]:
    """The first rows of a dataset, masked by grade."""
    rows = rows_like(actor, dataset_id, limit=SHOWN)
    record(
        "lineage.rows_shown",
        actor=actor,
        subject=f"dataset:{dataset_id}",
        data={"dataset": str(dataset_id), "rows": len(rows)},
    )
    return rows


def find_rows(*, actor: Actor, dataset_id: UUID, key: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows with this key, masked. Raises `KeyMissing` unless each part of the key is given."""
    one = dataset_of(actor, dataset_id)
    if not all(key.get(name) for name in one.keys):
        raise KeyMissing
    rows = rows_like(actor, dataset_id, where={name: key[name] for name in one.keys})
    record(
        "lineage.rows_shown",
        actor=actor,
        subject=f"dataset:{dataset_id}",
        data={"dataset": str(dataset_id), "rows": len(rows)},
    )
    return rows


def trace_row(*, actor: Actor, dataset_id: UUID, batch: int, row: int) -> Trace:
    """Where a row came from, masked by grade."""
    trace = trace_of(actor, dataset_id, batch=batch, row=row)
    data = {"dataset": str(dataset_id), "batch": batch, "row": row}
    record("lineage.row_traced", actor=actor, subject=f"dataset:{dataset_id}", data=data)
    return trace


def trace_value(*, actor: Actor, record_id: UUID, element: str) -> Story:
    """By which rule a register's value was chosen, and where each source said it. A fact for the value, one for each row shown."""
    story = story_of(actor, record_id, element)
    data: dict[str, Any] = {"register": story.register.code, "element": element}
    with transaction.atomic():  # all of these looks are written down, or nothing is shown
        record("lineage.value_traced", actor=actor, subject=f"record:{story.record_id}", data=data)
        for place in story.places:
            if place.trace:
                shown = {"dataset": str(place.dataset.pk), "batch": place.batch, "row": place.row}
                record("lineage.row_traced", actor=actor, subject=f"dataset:{place.dataset.pk}", data=shown)
    return story
