"""A hundred rows of a source as they would become, shown to whoever sets it up: what stood there, what the steps make of it, what

the lake would keep, and why a row would be put aside. Nothing is kept; values above his clearance are masked.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from tongban.data.catalogue.queries import show
from tongban.data.gathering.errors import SourceFetching
from tongban.data.gathering.gateways import Page, reader
from tongban.data.gathering.models import Source, worked
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import Damage
from tongban.data.lake.queries import preview
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find

from .checking import check_columns, check_work, settled
from .showing import damaged

TRIED = 100  # rows
BRING = "gathering.bring_file"


@dataclass(frozen=True)
class Cell:
    """One value: as it `came`, `alike` after its steps (both texts), as it would be kept; `faults` are codes without the column."""

    came: Any
    alike: Any
    value: Any
    changed: bool
    faults: Sequence[str]


@dataclass(frozen=True)
class Row:
    """Row `number` of the source, a cell for each column that was asked for; all its `faults`, `code:column`; its `damage`, if any."""

    number: int
    cells: Sequence[Cell]
    faults: Sequence[str]
    damage: Damage | None = None


@dataclass(frozen=True)
class Tried:
    """`changed` and `failed`: column → how many of the rows. `reasons`: fault → how many rows have it, the most frequent first."""

    rows: Sequence[Row]
    changed: Mapping[str, int]
    failed: Mapping[str, int]
    reasons: Sequence[tuple[str, int]]

    @property
    def kept(self) -> int:
        return sum(1 for row in self.rows if not row.faults)

    @property
    def bad(self) -> int:
        return len(self.rows) - self.kept


def try_out(
    *, actor: Actor, source_id: UUID, table: str, columns: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> Tried:
    """Raises `JobRefused` with every reason, and what a source answers that cannot be read."""
    source = find(Source.objects.all(), pk=source_id)
    permit(actor, MANAGE, department_id=source.department_id)
    told = settled(columns)
    check_columns(told)
    work = {"columns": worked(told), "newest": "", "rejects": source.has_rejects}
    with tempfile.TemporaryDirectory() as folder, reader(source.kind, source.place, source.secret) as opened:
        opened.glance()
        check_work(told, "", opened.columns(table), table)
        path = Path(folder) / "tried.parquet"
        opened.write(table, Page(list(dict.fromkeys(one["source"] for one in told)), limit=TRIED), path, 1)
        found = preview(path=path, work=work, keys=keys, limit=TRIED)
    record("gathering.tried", actor=actor, subject=f"source:{source.pk}", data={"rows": len(found)})
    return _seen(actor, told, keys, found)


def ask_for_file(*, actor: Actor, source_id: UUID, coming: SourceFetching) -> None:
    """Have a large file brought here in the background, so that it can be looked at; asked again while it comes, nothing more is done."""
    source = find(Source.objects.all(), pk=source_id)
    permit(actor, MANAGE, department_id=source.department_id)
    if coming.is_new:
        defer(BRING, source_id=source.pk, mark=coming.mark, lock=f"{BRING}:{source.pk}")


def bring_file(*, source_id: UUID | str, mark: str) -> None:
    """What the task does. Whoever waits is told by the source itself what is in the way; nothing is tried again without him."""
    source = find(Source.objects.all(), pk=source_id)
    with suppress(TongbanError), reader(source.kind, source.place, source.secret) as opened:
        opened.bring(mark)


def _seen(
    actor: Actor, columns: Sequence[Mapping[str, Any]], keys: Sequence[str], found: Sequence[Mapping[str, Any]]
) -> Tried:
    names = [one["name"] for one in columns]
    changed = {name: [row["_came"][name] != row["_alike"][name] for row in found] for name in names}
    came, alike = (show(actor, columns, [row[kind] for row in found]) for kind in ("_came", "_alike"))
    values = show(actor, columns, [{name: row[name] for name in names} for row in found])
    rows = [
        Row(
            row["_row"],
            [
                Cell(came[at][name], alike[at][name], values[at][name], changed[name][at], _of(row, name, keys))
                for name in names
            ],
            row["_faults"],
            row["_damage"],
        )
        for at, row in enumerate(damaged(actor, columns, found))
    ]
    failed = {name: sum(1 for row in rows if row.cells[at].faults) for at, name in enumerate(names)}
    reasons = Counter(fault for row in rows for fault in row.faults).most_common()
    return Tried(rows, {name: sum(told) for name, told in changed.items()}, failed, reasons)


def _of(row: Mapping[str, Any], name: str, keys: Sequence[str]) -> list[str]:
    """What is wrong with this value of a row."""
    own = [what for what, _colon, column in (fault.partition(":") for fault in row["_faults"]) if column == name]
    return own + (["key_missing"] if name in keys and "key_missing" in row["_faults"] and row[name] is None else [])
