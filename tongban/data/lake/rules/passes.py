"""One pass over a batch: what each column becomes, what makes a row bad, and which of two rows with one key is the newer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tongban.foundation.kernel.quoting import literal, quoted


@dataclass(frozen=True)
class Pass:
    """How raw rows become rows of a dataset, as DuckDB's SQL: compiled from what stewards chose, never typed by them.

    `columns`: name → expression over the raw columns. `unread`: code → condition over the raw columns, `faults`: code →
    condition over the finished ones; either is true for a bad row, and an unknown condition is not a fault. `newest`:
    expressions over the finished columns; of rows with one key the largest stays, and of equal ones the one that came last.
    """

    columns: Mapping[str, str]
    unread: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, str] = field(default_factory=dict)
    newest: Sequence[str] = ()


def staging(work: Pass, keys: Sequence[str], raw: str) -> tuple[str, str]:
    """The two statements that lay a batch out: `staged` (rows with the codes of their faults), then `good` (one row a key).

    A row without its key is bad whatever the rules say: `key_missing`.
    """
    values = ", ".join(f"{expression} as {quoted(name)}" for name, expression in work.columns.items())
    missing = " or ".join(f"{quoted(name)} is null" for name in keys)
    names = ", ".join(quoted(name) for name in work.columns)
    faults = f"list_concat(_unread, {_codes({'key_missing': missing, **work.faults})})"
    staged = (
        f"create or replace temp table staged as select {names}, list_filter({faults}, fault -> fault is not null) as _faults, _row "
        f"from (select {values}, {_codes(work.unread)} as _unread, _row from {raw})"
    )
    order = ", ".join([*(f"{expression} desc nulls last" for expression in work.newest), "_row desc"])
    parts = ", ".join(quoted(name) for name in keys)
    good = (
        f"create or replace temp table good as select {names}, _row from staged where len(_faults) = 0 "
        f"qualify row_number() over (partition by {parts} order by {order}) = 1"
    )
    return staged, good


def _codes(conditions: Mapping[str, str]) -> str:
    """A list with the code of each condition that holds, and nulls."""
    return (
        f"[{', '.join(f'case when {said} then {literal(code)} end' for code, said in conditions.items())}]::varchar[]"
    )
