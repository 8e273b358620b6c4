"""Everything that can be done to the lake. A batch is landed part by part, then merged: as a whole, once, whatever is killed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.durable import is_full, whole_file
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find

from .errors import BatchMoved, DatasetRefused, NoRoom
from .gateways import (
    Lake,
    aside_file,
    aside_files,
    facts_of,
    laid_file,
    open_lake,
    quarantine_file,
    raw_folder,
    worked_out,
)
from .models import Batch, Dataset
from .rules import (
    Column,
    adopt,
    apply_changes,
    begins_anew,
    changed_counts,
    columns_there,
    compare,
    filled,
    fresh,
    guarded,
    is_empty,
    pass_of,
    pick_aside,
    put_aside,
    raw,
    read_counts,
    reshape,
    reshaped,
    rewind,
    shape_faults,
    size,
    staging,
    take_aside,
)

WRITE = "lake.write"
FAULTS = {
    "name": _("名称“%(name)s”只能用小写字母、数字和下划线，以字母开头，最长 50 个字符。"),
    "kind": _("列“%(name)s”的类型“%(kind)s”不存在。"),
    "twice": _("列“%(name)s”重复了。"),
    "unknown_key": _("主键“%(name)s”不在各列之中。"),
    "no_key": _("请指定主键：没有主键就分不清两行是不是同一条记录。"),
}
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
    dataset = _dataset(dataset_id, lock=True)
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
    batch = _batch(batch_id)
    permit(actor, WRITE, department_id=batch.dataset.department_id)
    if batch.state == Batch.State.LANDING and number <= len(batch.parts):
        return batch
    if batch.state != Batch.State.LANDING or number != len(batch.parts) + 1:
        raise BatchMoved
    path = raw_folder(batch.dataset.key, batch.number) / f"part-{number:06d}.parquet"
    with _room(), whole_file(path) as part:
        remembered = write(part, sum(known["rows"] for known in batch.parts) + 1)
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
    batch = _batch(batch_id, lock=True)
    permit(actor, WRITE, department_id=batch.dataset.department_id)
    if batch.state != Batch.State.LANDING or not batch.parts:
        raise BatchMoved
    batch.state, batch.landed_at = Batch.State.LANDED, now()
    batch.save(update_fields=["state", "landed_at"])
    record("lake.batch_landed", actor=actor, subject=f"dataset:{batch.dataset_id}", data=_told(batch))
    return batch


@transaction.atomic
def abandon_batch(*, actor: Actor, batch_id: UUID, reason: str) -> Batch:
    """Give a batch up that is not in yet. Its parts stay where they are, to be looked into."""
    batch = _batch(batch_id, lock=True)
    permit(actor, WRITE, department_id=batch.dataset.department_id)
    if batch.state not in OPEN:
        raise BatchMoved
    batch.state = Batch.State.ABANDONED
    batch.save(update_fields=["state"])
    record(
        "lake.batch_abandoned", actor=actor, subject=f"dataset:{batch.dataset_id}", data=_told(batch) | {"why": reason}
    )
    return batch


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
    batch = _batch(batch_id)
    dataset = batch.dataset
    permit(actor, WRITE, department_id=dataset.department_id)
    with _alone(dataset):
        batch.refresh_from_db()
        if batch.state == Batch.State.MERGED:
            return batch
        if batch.state != Batch.State.LANDED:
            raise BatchMoved
        with open_lake() as lake:
            version, told = lake.version_of(batch.pk) or _merged(lake, batch, work, _columns(shape), keys)
        with transaction.atomic():
            _note_shape(dataset, _columns(shape), keys)
            _note_merged(batch, version, told, work)
            record(
                "lake.batch_merged", actor=actor, subject=f"dataset:{dataset.pk}", data=_told(batch) | {"counts": told}
            )
    return batch


def replay(*, actor: Actor, dataset_id: UUID, since: int, work: Mapping[str, Any], reason: str) -> Dataset:
    """The dataset again as it was before batch `since`, and every merged batch from there on anew, by `work`: one version.

    For when a mapping or a rule turns out to be wrong. What the lake held on an earlier day can still be asked for.
    """
    dataset = _dataset(dataset_id)
    permit(actor, WRITE, department_id=dataset.department_id)
    with _alone(dataset):
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


@transaction.atomic
def set_guards(*, actor: Actor, dataset_id: UUID, guards: Mapping[str, Mapping[str, Any]]) -> Dataset:
    """What every row that comes in is asked from now on, beside its work: code → spec. Rows that offend go aside with the code."""
    dataset = _dataset(dataset_id, lock=True)
    permit(actor, WRITE, department_id=dataset.department_id)
    if dataset.guards != guards:
        dataset.guards = dict(guards)
        dataset.save(update_fields=["guards"])
        record("lake.guarded", actor=actor, subject=f"dataset:{dataset.pk}", data={"guards": sorted(guards)})
    return dataset


def set_aside(*, actor: Actor, dataset_id: UUID, specs: Mapping[str, Mapping[str, Any]], mark: str) -> int:
    """Rows of the view that offend against any spec go out of it, into a file beside the quarantine, with all their codes; how many.

    Killed in the middle, the rows are still in the view and the next call finds them. They come back when a batch brings them well.
    """
    dataset = _dataset(dataset_id)
    permit(actor, WRITE, department_id=dataset.department_id)
    if not specs:
        return 0
    with _alone(dataset):
        last = dataset.batches.filter(state=Batch.State.MERGED).order_by("-number").first()
        with open_lake() as lake:
            lake.run(pick_aside(dataset.key, dataset.kinds, specs))
            rows = int(lake.one("select count(*) from aside")[0])
            if rows:
                path = aside_file(dataset.key, last.number if last else 0, mark)
                with whole_file(path) as part, lake.changing(dataset.key):
                    lake.run(*take_aside(dataset.key, dataset.keys, str(part)))
            lake.run("drop table aside")
        if rows:
            told = {"rows": rows, "for": sorted(specs)}
            record("lake.set_aside", actor=actor, subject=f"dataset:{dataset.pk}", data=told)
    return rows


def clear_orphans() -> None:
    """Away with what processes that were killed left among the datasets' files; whoever is at work with one is waited for."""
    for dataset in Dataset.objects.order_by("key"):
        with _alone(dataset), open_lake() as lake:
            lake.clear(dataset.key)


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
    dataset.columns = [{"name": one.name, "kind": one.kind} for one in reshaped(dataset.shape, shape)]
    dataset.keys = list(keys) or dataset.keys
    return gone


def _note_shape(dataset: Dataset, shape: Sequence[Column], keys: Sequence[str]) -> None:
    dataset.columns = [{"name": one.name, "kind": one.kind} for one in reshaped(dataset.shape, shape)]
    dataset.keys = list(keys) or dataset.keys
    dataset.save(update_fields=["columns", "keys"])


def _columns(shape: Sequence[Mapping[str, str]]) -> list[Column]:
    return [Column(one["name"], one["kind"]) for one in shape]


def _change(lake: Lake, batch: Batch, work: Mapping[str, Any], *, replayed: bool = False) -> dict[str, int]:
    """Lay the batch out, see what it changes, change it; what it came to. `replayed`: what is read now may be lacking in it."""
    dataset = batch.dataset
    parts, laid = batch.laid_in(raw_folder(dataset.key, batch.number)), laid_file(dataset.key)
    lacking = _lacking(lake, raw(parts), work) if replayed else []
    work_now = guarded(filled(pass_of(work), dataset.types), dataset.guards, dataset.kinds)
    with worked_out(work_now, dataset.keys, parts, lacking) as rows:
        lake.run(*staging(rows, work_now.newest, dataset.keys, str(laid), batch.number))
    read, bad, lost = lake.one(read_counts())
    good = read - bad - lost
    if bad:
        with _room(), whole_file(quarantine_file(dataset.key, batch.number)) as part:
            lake.run(put_aside(str(part)))
    else:  # what a replay finds good now does not stay aside
        quarantine_file(dataset.key, batch.number).unlink(missing_ok=True)
    if good and lake.one(is_empty(dataset.key))[0]:
        lake.run(*adopt(dataset.key, str(laid)))
        inserted, updated, deleted = good, 0, 0
    else:
        lake.run(*compare(dataset.key, dataset.names, dataset.keys, whole=batch.whole))
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


def _lacking(lake: Lake, rows: str, work: Mapping[str, Any]) -> list[str]:
    there = {row["column_name"] for row in lake.rows(columns_there(rows))}
    return list(dict.fromkeys(one["source"] for one in work["columns"] if one["source"] not in there))


def _note_merged(batch: Batch, version: int, told: dict[str, int], work: Mapping[str, Any]) -> None:
    batch.state, batch.snapshot, batch.counts, batch.work = Batch.State.MERGED, version, told, dict(work)
    batch.merged_at = batch.merged_at or now()
    batch.save(update_fields=["state", "snapshot", "counts", "work", "merged_at"])


def _told(batch: Batch) -> dict[str, Any]:
    return {"batch": batch.number, "rows": sum(part["rows"] for part in batch.parts)}


def _dataset(dataset_id: UUID, *, lock: bool = False) -> Dataset:
    rows = Dataset.objects.select_for_update() if lock else Dataset.objects.all()
    return find(rows, pk=dataset_id)


def _batch(batch_id: UUID, *, lock: bool = False) -> Batch:
    rows = Batch.objects.select_related("dataset")
    return find(rows.select_for_update(of=("self",)) if lock else rows, pk=batch_id)


@contextmanager
def _room() -> Iterator[None]:
    """A full disk is told as what it is."""
    try:
        yield
    except OSError as fault:
        if is_full(fault):
            raise NoRoom from None
        raise


@contextmanager
def _alone(dataset: Dataset) -> Iterator[None]:
    """No other process merges into this dataset meanwhile. A lock of the session, for a merge may take longer than a transaction should."""
    name = f"lake:{dataset.pk}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(hashtextextended(%s, 0))", [name])
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [name])
