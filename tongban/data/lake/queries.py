"""What the lake holds: now, on an earlier day, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from tongban.foundation.kernel.actors import Actor, Scope, permit
from tongban.foundation.kernel.lookup import find

from .errors import BatchBroken
from .gateways import Lake, aside_files, bench, engine, facts_of, open_lake, quarantine_file, raw_folder, refusals
from .models import Batch, Dataset
from .rules import (
    COMPARISONS,
    KINDS,
    OF_ROWS,
    PARQUET,
    STEPS,
    Column,
    Part,
    alike_of,
    aside_rows,
    bad_rows,
    faults_counted,
    judged,
    offending,
    pass_of,
    raw,
    rejected,
    shape_faults,
    side_by_side,
    size,
    step_faults,
    still_aside,
    table,
    view,
    work_faults,
)
from .rules.tallies import tally

__all__ = [
    "COMPARISONS",
    "KINDS",
    "OF_ROWS",
    "PARQUET",
    "STEPS",
    "batch_numbered",
    "batches",
    "bench",
    "column_faults",
    "count",
    "dataset",
    "dataset_by_key",
    "datasets",
    "datasets_named",
    "datasets_of",
    "faults_of",
    "is_pattern",
    "merged_since",
    "parts",
    "preview",
    "quarantined",
    "raw_rows",
    "reading",
    "row_at",
    "rows",
    "shape_faults",
    "sizes",
    "step_faults",
    "table_at",
    "work_faults",
]

READ = "lake.read"
MOST = 1000  # rows in one answer


def dataset(*, actor: Actor, dataset_id: UUID) -> Dataset:
    one = find(Dataset.objects.all(), pk=dataset_id)
    permit(actor, READ, department_id=one.department_id)
    return one


def dataset_by_key(*, actor: Actor, key: str) -> Dataset | None:
    """By its name in the lake; None: there is none."""
    one = Dataset.objects.filter(key=key).first()
    if one:
        permit(actor, READ, department_id=one.department_id)
    return one


def datasets_of(*, actor: Actor, verb: str, size: int = MOST) -> list[Dataset]:
    """The datasets that a verb of a room above reaches, by name; that room has asked whether the actor holds it at all."""
    scope = actor.scope(verb)
    found = Dataset.objects.select_related("department").order_by("title", "id")
    return list((found if scope == Scope.ALL else found.filter(department_id=actor.department_id))[:size])


def rows(
    *,
    actor: Actor,
    dataset_id: UUID,
    where: Mapping[str, Any] | None = None,
    as_of: datetime | None = None,
    limit: int = MOST,
) -> list[dict[str, Any]]:
    """Rows in the order of their key, `_batch` and `_row` beside their values. `as_of`: as the lake was at that moment."""
    one = dataset(actor=actor, dataset_id=dataset_id)
    wanted = {name: value for name, value in (where or {}).items() if name in one.names}
    at = as_of.isoformat() if as_of else ""
    with open_lake() as lake:
        return lake.rows(view(one.key, one.keys, list(wanted), at=at, limit=min(limit, MOST)), list(wanted.values()))


def count(*, actor: Actor, dataset_id: UUID) -> int:
    one = dataset(actor=actor, dataset_id=dataset_id)
    with open_lake() as lake:
        return int(lake.one(size(one.key))[0])


def quarantined(*, actor: Actor, batch_id: UUID, limit: int = MOST) -> list[dict[str, Any]]:
    """The bad rows of a batch with `_faults`, the codes of what is wrong with each, and `_row`, where it stood."""
    one = batch(actor=actor, batch_id=batch_id)
    path = quarantine_file(one.dataset.key, one.number)
    if not path.exists():
        return []
    with open_lake() as lake:
        return lake.rows(bad_rows(str(path), min(limit, MOST)))


def faults_of(*, actor: Actor, batch_id: UUID, places: int = 5) -> list[dict[str, Any]]:
    """What is wrong with the bad rows of a batch: `fault`, how many `rows`, and `places`, where the first of them stood."""
    one = batch(actor=actor, batch_id=batch_id)
    path = quarantine_file(one.dataset.key, one.number)
    if not path.exists():
        return []
    with open_lake() as lake:
        return lake.rows(faults_counted(str(path), places))


def raw_rows(*, actor: Actor, batch_id: UUID, numbers: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Rows of a batch as they came, by where they stood."""
    one = batch(actor=actor, batch_id=batch_id)
    laid = one.laid_in(raw_folder(one.dataset.key, one.number))
    if not laid or not numbers:
        return {}
    with open_lake() as lake:
        return {row["_row"]: row for row in lake.rows(f"from {raw(laid, numbers[:MOST])}")}


def checked(*, actor: Actor, dataset_id: UUID, specs: Sequence[Mapping[str, Any]]) -> tuple[int, int, list[int], int]:
    """Rows, rows that offend against any spec, rows that offend against each, and the lake's version that was looked at. One pass.

    Raises `BatchBroken` where a spec does not fit the dataset (a pattern that is none).
    """
    one = dataset(actor=actor, dataset_id=dataset_id)
    with open_lake() as lake, lake.together():
        version = lake.version()
        rows, bad, *each = lake.one(tally(one.key, one.kinds, specs))
    return rows, bad, each, version


def offenders(
    *, actor: Actor, dataset_id: UUID, spec: Mapping[str, Any], version: int | None = None, limit: int = 100
) -> list[dict[str, Any]]:
    """The first rows that offend against a spec, as the lake was at a version."""
    one = dataset(actor=actor, dataset_id=dataset_id)
    with open_lake() as lake:
        return lake.rows(offending(one.key, one.kinds, spec, one.keys, version=version, limit=min(limit, MOST)))


def aside_counts(*, actor: Actor, dataset_id: UUID) -> dict[str, int]:
    """Code → rows that lie aside for it and have not come back well. A whole reading forgets what lay aside before it."""
    one = dataset(actor=actor, dataset_id=dataset_id)
    files = _aside(one)
    if not files:
        return {}
    with open_lake() as lake:
        return {row["_fault"]: row["n"] for row in lake.rows(still_aside(one.key, one.keys, files))}


def aside(*, actor: Actor, dataset_id: UUID, code: str, limit: int = 100) -> list[dict[str, Any]]:
    """The rows that lie aside for a code, with all their `_faults`."""
    one = dataset(actor=actor, dataset_id=dataset_id)
    files = _aside(one)
    if not files:
        return []
    with open_lake() as lake:
        return lake.rows(aside_rows(one.key, one.keys, files, code, min(limit, MOST)))


def _aside(one: Dataset) -> list[tuple[str, int, bool]]:
    merged = one.batches.filter(state=Batch.State.MERGED)
    last_whole = merged.filter(whole=True).order_by("-number").values_list("number", flat=True).first() or 0
    wanted = set(merged.filter(number__gte=last_whole).values_list("number", flat=True)) | {0}
    return [(str(path), number, taken) for path, number, taken in aside_files(one.key) if number in wanted]


def parts(*, actor: Actor, batch_id: UUID) -> list[Path]:
    """The files of a batch as they came: any engine that reads Parquet reads them."""
    one = batch(actor=actor, batch_id=batch_id)
    folder = raw_folder(one.dataset.key, one.number)
    return [folder / part["name"] for part in one.parts]


def batches(*, actor: Actor, dataset_id: UUID) -> Sequence[Batch]:
    """The batches of a dataset, the newest first."""
    return list(dataset(actor=actor, dataset_id=dataset_id).batches.order_by("-number"))


def batch(*, actor: Actor, batch_id: UUID) -> Batch:
    one = find(Batch.objects.select_related("dataset"), pk=batch_id)
    permit(actor, READ, department_id=one.dataset.department_id)
    return one


def preview(*, path: Path, work: Mapping[str, Any], keys: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """The rows of a file as a work would make them, each with `_faults`, `_reject` of one that is damaged, and `_came` and `_alike`,

    what stood in the source for each column and what its steps make of it, as text; nothing goes into the lake. Raises `BatchBroken`
    for a pattern that is none.
    """
    laid = raw([Part(str(path), numbered=facts_of(path)["numbered"])])
    with engine.cursor() as duck, refusals():
        sample = Lake(duck)
        found = sample.rows(f"{judged(pass_of(work), keys, laid)} order by _row limit {int(limit)}")
        texts = alike_of(work)
        beside = sample.rows(side_by_side(texts, laid, limit))
        rejects = sample.rows(rejected(laid)) if work.get("rejects") else []
    came = {row["_row"]: row for row in beside}
    damaged = {row["_row"]: row["_reject"] for row in rejects}
    return [
        row
        | {"_faults": row["_faults"] or [], "_reject": damaged.get(row["_row"])}
        | {
            kind: {name: came[row["_row"]][f"{place}{at}"] for at, name in enumerate(texts)}
            for kind, place in (("_came", "c"), ("_alike", "a"))
        }
        for row in found
    ]


def column_faults(columns: Sequence[Mapping[str, str]], keys: Sequence[str]) -> list[tuple[str, dict[str, Any]]]:
    """Everything wrong with the columns and the key of a dataset, as (code, details); columns are `{"name", "kind"}`."""
    return shape_faults("any", [Column(one["name"], one["kind"]) for one in columns], keys)


def is_pattern(text: str) -> bool:
    """Whether the engine can match by it."""
    try:
        with engine.cursor() as duck, refusals():
            Lake(duck).rows("select regexp_full_match('', ?)", [text])
    except BatchBroken:
        return False
    return True


@contextmanager
def reading(*, actor: Actor, keys: Sequence[str]) -> Iterator[Lake]:
    """The lake, for a room that makes something of whole datasets in one pass of SQL (`table_at` names them). It only reads."""
    for one in Dataset.objects.filter(key__in=keys):
        permit(actor, READ, department_id=one.department_id)
    with open_lake() as lake:
        yield lake


def table_at(key: str, version: int | None) -> str:
    """A dataset as SQL names it, as it was at a version of the lake; None: as it was before there was anything in it."""
    return f"{table(key)} at (version => {int(version)})" if version is not None else f"(from {table(key)} limit 0)"


def datasets_named(keys: Sequence[str]) -> dict[str, Dataset]:
    """What is known of datasets by their names: shape, key, whose they are. No rows."""
    return {one.key: one for one in Dataset.objects.filter(key__in=keys)}


def merged_since(keys: Sequence[str], version: int) -> bool:
    """Whether anything came into one of these datasets after a version of the lake."""
    return Batch.objects.filter(dataset__key__in=keys, snapshot__gt=version).exists()


FLOW_TABLES = (Dataset._meta.db_table,)  # what `datasets` reads


def datasets() -> list[Dataset]:
    """Every dataset with its department: shapes alone, no rows. For rooms that tell what there is."""
    return list(Dataset.objects.select_related("department").order_by("title", "id"))


def row_at(*, actor: Actor, dataset_id: UUID, batch: int, row: int) -> dict[str, Any] | None:
    """The row of the current view that this row of this batch brought; None: it has been replaced or is gone."""
    one = dataset(actor=actor, dataset_id=dataset_id)
    with open_lake() as lake:
        found = lake.rows(f"from {table(one.key)} where _batch = ? and _row = ? limit 1", [batch, row])
    return found[0] if found else None


def batch_numbered(*, actor: Actor, dataset_id: UUID, number: int) -> Batch:
    return find(dataset(actor=actor, dataset_id=dataset_id).batches.select_related("dataset"), number=number)


def sizes() -> dict[UUID, dict[str, Any]]:
    """Dataset → `rows` it holds now, `bytes` of its batches as they came, `merged_at` of the newest. One query, no look into the lake."""
    merged = Batch.objects.filter(state=Batch.State.MERGED)
    told: dict[UUID, dict[str, Any]] = {}
    for dataset_id, counts, parts, at in merged.values_list("dataset_id", "counts", "parts", "merged_at"):
        one = told.setdefault(dataset_id, {"rows": 0, "bytes": 0, "batches": 0, "merged_at": at})
        one["rows"] += counts.get("inserted", 0) - counts.get("deleted", 0)
        one["bytes"] += sum(part.get("bytes", 0) for part in parts)
        one["batches"] += 1
        one["merged_at"] = max(one["merged_at"], at)
    return told
