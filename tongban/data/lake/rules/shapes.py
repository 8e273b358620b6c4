"""What a dataset looks like: its columns, their kinds, its key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongban.foundation.kernel.quoting import quoted

NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
# What a value is → how DuckDB keeps it. Money is integer fen, so there is no type of its own for it.
KINDS: Mapping[str, str] = {
    "text": "varchar",
    "integer": "bigint",
    "decimal": "decimal(28, 6)",
    "number": "double",
    "date": "date",
    "moment": "timestamp with time zone",
    "yes_no": "boolean",
}
# How every file of the lake is written: as small as Parquet comes, at the level that costs no more than writing it larger.
PARQUET = "format parquet, compression zstd, compression_level 1"
# Beside a row's own values: the batch that brought it as it now is, and its row there.
OURS: Mapping[str, str] = {"_batch": "bigint", "_row": "bigint"}


@dataclass(frozen=True)
class Column:
    """One column: `name` is small letters, digits and underscores; `kind` one of `KINDS`."""

    name: str
    kind: str = "text"

    @property
    def type(self) -> str:
        return KINDS[self.kind]


def table(key: str) -> str:
    """A dataset's table in the lake."""
    return f"lake.{quoted(key)}"


def fresh(key: str, columns: Sequence[Column]) -> str:
    """The statement that makes a dataset's table."""
    own = [f"{quoted(column.name)} {column.type}" for column in columns]
    ours = [f"{name} {kind}" for name, kind in OURS.items()]
    return f"create table if not exists {table(key)} ({', '.join([*own, *ours])})"


def shape_faults(key: str, columns: Sequence[Column], keys: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """Everything that is wrong with a dataset's shape, as (code, details)."""
    names = [column.name for column in columns]
    doubled = sorted({name for name in names if names.count(name) > 1})
    wanted = list(keys)
    faults: list[tuple[str, dict[str, Any]]] = []
    faults += [("name", {"name": key})] if not NAME.fullmatch(key) else []
    faults += [("name", {"name": name}) for name in names if not NAME.fullmatch(name)]
    faults += [("kind", {"name": column.name, "kind": column.kind}) for column in columns if column.kind not in KINDS]
    faults += [("twice", {"name": name}) for name in doubled]
    faults += [("unknown_key", {"name": name}) for name in wanted if name not in names]
    faults += [("no_key", {})] if not wanted else []
    return faults


def reshaped(had: Sequence[Column], wanted: Sequence[Column]) -> list[Column]:
    """The columns a dataset has once it takes rows of the shape `wanted`: one that is no longer filled stays, and is empty."""
    now = {column.name: column for column in wanted}
    return [*(now.pop(column.name, column) for column in had), *now.values()]


def reshape(key: str, had: Sequence[Column], wanted: Sequence[Column]) -> list[str]:
    """The statements for it. A column whose kind changes begins anew; what it held can be asked for as of an earlier day."""
    old = {column.name: column for column in had}
    anew = [column for column in wanted if column.name in old and old[column.name] != column]
    fresh = [column for column in wanted if column.name not in old]
    return [
        *(f"alter table {table(key)} drop column {quoted(column.name)}" for column in anew),
        *(f"alter table {table(key)} add column {quoted(column.name)} {column.type}" for column in [*anew, *fresh]),
    ]


def begins_anew(had: Sequence[Column], wanted: Sequence[Column]) -> bool:
    """Whether rows that are there cannot stay as they are: a column is of another kind."""
    old = {column.name: column.kind for column in had}
    return any(old.get(column.name, column.kind) != column.kind for column in wanted)
