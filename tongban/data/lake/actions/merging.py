"""A landed batch into its dataset: as a whole, once, whatever is killed; and batches that are in, done anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.lake.errors import BatchAltered, BatchMoved
from tongban.data.lake.gateways import (
    Lake,
    aside_files,
    is_as_landed,
    laid_file,
    open_lake,
    quarantine_file,
    raw_folder,
    worked_out,
)
from tongban.data.lake.models import Batch, Dataset
from tongban.data.lake.rules import (
    Column,
    adopt,
    apply_changes,
    begins_anew,
    changed_counts,
    columns_there,
    compare,
    filled,
    guarded,
    is_empty,
    pass_of,
    put_aside,
    raw,
    read_counts,
    reshape,
    reshaped,
    rewind,
    size,
    staging,
)
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.durable import whole_file
from tongban.foundation.kernel.errors import Reason

from .holding import WRITE, alone, batch_of, dataset_of, room, summary

ALTERED = _("第%(number)s批的文件“%(name)s”不见了，或者与接收时不一样。")


def merge_batch(
    *,
    actor: Actor,
    batch_id: UUID,
    work: Mapping[str, Any],
    shape: Sequence[Mapping[str, str]] = (),
    keys: Sequence[str] = (),
) -> Batch:
    """A landed batch into its dataset by a work (`rules/works.py`): good rows by key, bad ones aside with their faults.

    `shape` and `keys`, where they are said, are what the dataset has from this batch on: it takes new columns as they are; a column of
    another kind or another key is taken with a whole reading alone, and the view begins anew with it.

    As a whole or not at all, and once: the lake's version carries the batch's id, so that a merge which was killed between the
    lake and our tables is found again. Merging what is merged changes nothing.
    """
    batch, columns = batch_of(batch_id), [Column(one["name"], one["kind"]) for one in shape]
    dataset = batch.dataset
    permit(actor, WRITE, department_id=dataset.department_id)
    with alone(dataset):
        batch.refresh_from_db()
        if batch.state == Batch.State.MERGED:
            return batch
        if batch.state != Batch.State.LANDED:
            raise BatchMoved
        with open_lake() as lake:
            version, told = lake.version_of(batch.pk) or _merged(lake, batch, work, columns, keys)
        with transaction.atomic():
            _shaped(dataset, columns, keys)
            dataset.save(update_fields=["columns", "keys"])
            _note_merged(batch, version, told, work)
            record(
                "lake.batch_merged",
                actor=actor,
                subject=f"dataset:{dataset.pk}",
                data=summary(batch) | {"counts": told},
            )
    return batch


def replay(*, actor: Actor, dataset_id: UUID, since: int, work: Mapping[str, Any], reason: str) -> Dataset:
    """The dataset again as it was before batch `since`, and every merged batch from there on anew, by `work`: one version.

    For when a mapping or a rule turns out to be wrong. What the lake held on an earlier day can still be asked for.
    """
    dataset = dataset_of(dataset_id)
    permit(actor, WRITE, department_id=dataset.department_id)
    with alone(dataset):
        batches = list(dataset.batches.filter(number__gte=since, state=Batch.State.MERGED).order_by("number"))
        if not batches:
            raise BatchMoved
        before = dataset.batches.filter(number__lt=since, state=Batch.State.MERGED).order_by("-number").first()
        with open_lake() as lake:
            told = {}
            with lake.changing(dataset.key):
                lake.run(*rewind(dataset.key, before.snapshot if before else None, dataset.types))
                for batch in batches:
                    told[batch.pk] = _change(lake, batch, work, replayed=True)
            version = lake.version()
        for path, number, taken in aside_files(dataset.key):
            if taken and number >= since:  # its rows have been judged anew
                path.rename(path.with_suffix(".replayed"))
        with transaction.atomic():
            for batch in batches:
                _note_merged(batch, version, told[batch.pk], work)
            data = {"key": dataset.key, "since": since, "batches": len(batches), "why": reason}
            record("lake.replayed", actor=actor, subject=f"dataset:{dataset.pk}", data=data)
    return dataset


def _merged(
    lake: Lake, batch: Batch, work: Mapping[str, Any], shape: Sequence[Column], keys: Sequence[str]
) -> tuple[int, dict[str, int]]:
    with lake.changing(batch.dataset.key):
        gone = _took_shape(lake, batch, shape, keys)
        told = _change(lake, batch, work)
        told["deleted"] += gone
        lake.sign(batch.pk, told)
    return lake.version(), told


def _took_shape(lake: Lake, batch: Batch, shape: Sequence[Column], keys: Sequence[str]) -> int:
    """The dataset with the columns and the key it has from this batch on; how many rows had to go for it, to come in anew."""
    dataset, gone = batch.dataset, 0
    if begins_anew(dataset.shape, shape) or (keys and list(keys) != dataset.keys):
        if not batch.whole:
            raise BatchMoved
        gone = int(lake.one(size(dataset.key))[0])
        lake.run(*rewind(dataset.key, None, dataset.types))
    lake.run(*reshape(dataset.key, dataset.shape, shape))
    _shaped(dataset, shape, keys)
    return gone


def _shaped(dataset: Dataset, shape: Sequence[Column], keys: Sequence[str]) -> None:
    """It has these columns and this key, here in memory; said twice it is the same."""
    dataset.columns = [{"name": one.name, "kind": one.kind} for one in reshaped(dataset.shape, shape)]
    dataset.keys = list(keys) or dataset.keys


def _change(lake: Lake, batch: Batch, work: Mapping[str, Any], *, replayed: bool = False) -> dict[str, int]:
    """Lay the batch out, see what it changes, change it; what it came to. `replayed`: what is read now may be lacking in it."""
    dataset = batch.dataset
    _untouched(batch)
    parts, laid = batch.laid_in(raw_folder(dataset.key, batch.number)), laid_file(dataset.key)
    lacking = _lacking(lake, raw(parts), work) if replayed else []
    work_now = guarded(filled(pass_of(work), dataset.types), dataset.guards, dataset.kinds)
    with worked_out(work_now, dataset.keys, parts, lacking) as rows:
        lake.run(*staging(rows, work_now.newest, dataset.keys, str(laid), batch.number))
    read, bad, lost = lake.one(read_counts())
    good = read - bad - lost
    if bad:
        with room(), whole_file(quarantine_file(dataset.key, batch.number)) as part:
            lake.run(put_aside(str(part)))
    else:  # what a replay finds good now does not stay aside
        quarantine_file(dataset.key, batch.number).unlink(missing_ok=True)
    if good and lake.one(is_empty(dataset.key))[0]:
        lake.run(*adopt(dataset.key, str(laid)))
        inserted, updated, deleted = good, 0, 0
    else:
        lake.run(*compare(dataset.key, dataset.names, dataset.keys, whole=batch.whole, quarantined=_waiting(batch)))
        inserted, updated, deleted = lake.one(changed_counts())
        lake.run(*apply_changes(dataset.key, dataset.names, batch.number))
        laid.unlink()
    return {
        "read": read,
        "kept": good,
        "quarantined": bad,
        "superseded": lost,
        "inserted": inserted,
        "updated": updated,
        "deleted": deleted,
        "unchanged": good - inserted - updated,
    }


def _waiting(batch: Batch) -> list[str]:
    """Files of rows that earlier batches put aside and this one may bring well: a whole reading forgets what lay aside before it."""
    if batch.whole:
        return []
    before = batch.dataset.batches.filter(number__lt=batch.number, state=Batch.State.MERGED)
    since = before.filter(whole=True).order_by("-number").values_list("number", flat=True).first() or 0
    files = aside_files(batch.dataset.key)
    return [str(path) for path, number, taken in files if not taken and since <= number < batch.number]


def _untouched(batch: Batch) -> None:
    """Raises `BatchAltered` with every part that is not what was landed."""
    folder = raw_folder(batch.dataset.key, batch.number)
    altered = [part["name"] for part in batch.parts if not is_as_landed(folder / part["name"], part)]
    if altered:
        raise BatchAltered(
            reasons=[Reason("altered", ALTERED % {"number": batch.number, "name": one}) for one in altered]
        )


def _lacking(lake: Lake, rows: str, work: Mapping[str, Any]) -> list[str]:
    there = {row["column_name"] for row in lake.rows(columns_there(rows))}
    return list(dict.fromkeys(one["source"] for one in work["columns"] if one["source"] not in there))


def _note_merged(batch: Batch, version: int, told: dict[str, int], work: Mapping[str, Any]) -> None:
    batch.state, batch.snapshot, batch.counts, batch.work = Batch.State.MERGED, version, told, dict(work)
    batch.merged_at = batch.merged_at or now()
    batch.save(update_fields=["state", "snapshot", "counts", "work", "merged_at"])
