"""A dataset, and its batches as they come: landed part by part, each part once, whatever is killed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.lake.errors import BatchMoved, DatasetRefused
from tongban.data.lake.gateways import facts_of, open_lake, raw_folder
from tongban.data.lake.models import Batch, Dataset
from tongban.data.lake.rules import Column, fresh, shape_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.durable import whole_file
from tongban.foundation.kernel.errors import Reason

from .holding import WRITE, batch_of, dataset_of, room, summary

FAULTS = {
    "name": _("名称“%(name)s”只能用小写字母、数字和下划线，以字母开头，最长 50 个字符。"),
    "kind": _("列“%(name)s”的类型“%(kind)s”不存在。"),
    "twice": _("列“%(name)s”重复了。"),
    "unknown_key": _("主键“%(name)s”不在各列之中。"),
    "no_key": _("请指定主键：没有主键就分不清两行是不是同一条记录。"),
}
READ_ONLY = 0o440  # a part is never changed
OPEN = (Batch.State.LANDING, Batch.State.LANDED)


@transaction.atomic
def create_dataset(
    *,
    actor: Actor,
    key: str,
    title: str,
    columns: Sequence[Mapping[str, str]],
    keys: Sequence[str],
    department_id: UUID,
    resource_id: UUID | None = None,
) -> Dataset:
    """A new table in the lake, empty; `columns` are `{"name", "kind"}` (`queries.KINDS`).

    Refuses with everything that is wrong with its shape, and a name that is taken.
    """
    permit(actor, WRITE, department_id=department_id)
    shape = [Column(column["name"], column["kind"]) for column in columns]
    faults = shape_faults(key, shape, keys)
    reasons = [Reason(code, FAULTS[code] % details, details.get("name", "")) for code, details in faults]
    if Dataset.objects.filter(key=key).exists():
        reasons.append(Reason("taken", _("这个名称已被占用。"), key))
    if reasons:
        raise DatasetRefused(reasons=reasons)
    dataset = Dataset.objects.create(
        key=key,
        title=title,
        department_id=department_id,
        resource_id=resource_id,
        columns=[{"name": column.name, "kind": column.kind} for column in shape],
        keys=list(keys),
        made_at=now(),
    )
    with open_lake() as lake:
        lake.run(fresh(key, shape))
    record("lake.dataset_made", actor=actor, subject=f"dataset:{dataset.pk}", data={"key": key})
    return dataset


@transaction.atomic
def begin_batch(*, actor: Actor, dataset_id: UUID, whole: bool) -> Batch:
    """The next batch of a dataset. Refused while another is still on its way, for the order of batches is the order of truth."""
    dataset = dataset_of(dataset_id, lock=True)
    permit(actor, WRITE, department_id=dataset.department_id)
    if dataset.batches.filter(state__in=OPEN).exists():
        raise BatchMoved
    last = dataset.batches.order_by("-number").values_list("number", flat=True).first() or 0
    return Batch.objects.create(dataset=dataset, number=last + 1, whole=whole, began_at=now())


def land_part(*, actor: Actor, batch_id: UUID, number: int, write: Callable[[Path, int], Mapping[str, Any]]) -> Batch:
    """One part of a batch: `write` makes a Parquet file. Its column `_row` counts from the number it is given; where it has
    none, the order of its rows counts.

    What it answers is remembered with the part. A part that is already there is not written again: whoever was killed in
    the middle asks for the same number and loses nothing and doubles nothing.
    """
    batch = batch_of(batch_id)
    permit(actor, WRITE, department_id=batch.dataset.department_id)
    if batch.state == Batch.State.LANDING and number <= len(batch.parts):
        return batch
    if batch.state != Batch.State.LANDING or number != len(batch.parts) + 1:
        raise BatchMoved
    path = raw_folder(batch.dataset.key, batch.number) / f"part-{number:06d}.parquet"
    with room(), whole_file(path) as part:
        remembered = write(part, sum(known["rows"] for known in batch.parts) + 1)
        part.chmod(READ_ONLY)
    with transaction.atomic():
        batch = Batch.objects.select_for_update().select_related("dataset").get(pk=batch.pk)
        if batch.state != Batch.State.LANDING or number != len(batch.parts) + 1:
            raise BatchMoved
        batch.parts = [*batch.parts, {**remembered, **facts_of(path)}]
        batch.save(update_fields=["parts"])
    return batch


@transaction.atomic
def seal_batch(*, actor: Actor, batch_id: UUID) -> Batch:
    """The source has nothing more: from now on the batch is never changed. A source without rows lands one part without rows."""
    batch = batch_of(batch_id, lock=True)
    permit(actor, WRITE, department_id=batch.dataset.department_id)
    if batch.state != Batch.State.LANDING or not batch.parts:
        raise BatchMoved
    batch.state, batch.landed_at = Batch.State.LANDED, now()
    batch.save(update_fields=["state", "landed_at"])
    record("lake.batch_landed", actor=actor, subject=f"dataset:{batch.dataset_id}", data=summary(batch))
    return batch


@transaction.atomic
def abandon_batch(*, actor: Actor, batch_id: UUID, reason: str) -> Batch:
    """Give a batch up that is not in yet. Its parts stay where they are, to be looked into."""
    batch = batch_of(batch_id, lock=True)
    permit(actor, WRITE, department_id=batch.dataset.department_id)
    if batch.state not in OPEN:
        raise BatchMoved
    batch.state = Batch.State.ABANDONED
    batch.save(update_fields=["state"])
    record(
        "lake.batch_abandoned",
        actor=actor,
        subject=f"dataset:{batch.dataset_id}",
        data=summary(batch) | {"why": reason},
    )
    return batch
