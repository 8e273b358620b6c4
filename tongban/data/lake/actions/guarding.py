"""Keeping the view clean: what rows are asked as they come in, those that go out of it afterwards, files nobody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.data.lake.gateways import aside_file, open_lake
from tongban.data.lake.models import Batch, Dataset
from tongban.data.lake.rules import pick_aside, take_aside
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.durable import whole_file

from .holding import WRITE, alone, dataset_of


@transaction.atomic
def set_guards(*, actor: Actor, dataset_id: UUID, guards: Mapping[str, Mapping[str, Any]]) -> Dataset:
    """What every row that comes in is asked from now on, beside its work: code → spec. Rows that offend go aside with the code."""
    dataset = dataset_of(dataset_id, lock=True)
    permit(actor, WRITE, department_id=dataset.department_id)
    if dataset.guards != guards:
        dataset.guards = dict(guards)
        dataset.save(update_fields=["guards"])
        record("lake.guarded", actor=actor, subject=f"dataset:{dataset.pk}", data={"guards": sorted(guards)})
    return dataset


def set_aside(*, actor: Actor, dataset_id: UUID, specs: Mapping[str, Mapping[str, Any]], mark: str) -> int:
    """Rows of the view that offend against any spec go out of it, into a file beside the quarantine, with all their codes; how many.

    The file has its name before they go: killed in between, the next call finds them. They come back when a batch brings them well.
    """
    dataset = dataset_of(dataset_id)
    permit(actor, WRITE, department_id=dataset.department_id)
    if not specs:
        return 0
    with alone(dataset):
        last = dataset.batches.filter(state=Batch.State.MERGED).order_by("-number").first()
        with open_lake() as lake:
            lake.run(pick_aside(dataset.key, dataset.kinds, specs))
            rows = int(lake.one("select count(*) from aside")[0])
            if rows:
                path = aside_file(dataset.key, last.number if last else 0, mark)
                with whole_file(path) as part:
                    keep, take_out = take_aside(dataset.key, dataset.keys, str(part))
                    lake.run(keep)
                with lake.changing(dataset.key):
                    lake.run(take_out)
            lake.run("drop table aside")
        if rows:
            told = {"rows": rows, "for": sorted(specs)}
            record("lake.set_aside", actor=actor, subject=f"dataset:{dataset.pk}", data=told)
    return rows


def clear_orphans() -> None:
    """Away with what processes that were killed left among the datasets' files; whoever is at work with one is waited for."""
    for dataset in Dataset.objects.order_by("key"):
        with alone(dataset), open_lake() as lake:
            lake.clear(dataset.key)
