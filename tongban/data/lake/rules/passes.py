"""One pass over a batch: what each column becomes, what makes a row bad, and which of two rows with one key is the newer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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


def filled(work: Pass, types: Mapping[str, str]) -> Pass:
    """The pass for a dataset that has these columns (name → type): one that nothing becomes is empty."""
    lacking = {name: f"cast(null as {kind})" for name, kind in types.items() if name not in work.columns}
    return replace(work, columns={**work.columns, **lacking}) if lacking else work


def staging(work: Pass, keys: Sequence[str], raw: str) -> list[str]:
    """The statements that lay a batch out. Only what is out of the ordinary is kept beside the batch's own files: temp tables
    `bad` (rows with the codes of their faults) and `lost` (where a newer row with the same key stands elsewhere in the batch).
    The views `laid` (every row, finished) and `good` (one row a key, none of them bad) are read from the batch as they are asked for.

    A row without its key is bad whatever the rules say: `key_missing`.
    """
    names, parts = _list(work.columns), _list(keys)
    order = ", ".join([*(f"{expression} desc nulls last" for expression in work.newest), "_row desc"])
    # Ten million keys are counted by their hashes; what shares a hash is then looked at in full.
    shared = f"select known from (select hash({parts}) as known from laid) group by known having count(*) > 1"
    return [
        f"create or replace temp view laid as select {_values(work)}, _row from {raw}",
        f"create or replace temp table bad as {judged(work, keys, raw)} where {' or '.join(_conditions(work, keys).values())}",
        f"create or replace temp table lost as select _row from (from laid where hash({parts}) in ({shared})) "
        f"anti join bad using (_row) qualify row_number() over (partition by {parts} order by {order}) > 1",
        "create or replace temp table left_out as select _row from bad union all from lost",
        f"create or replace temp view good as select {names}, _row from laid anti join left_out using (_row)",
    ]


def judged(work: Pass, keys: Sequence[str], raw: str) -> str:
    """Every row, finished, with `_faults`, the codes of what is wrong with it; conditions may be added to it."""
    unread = "".join(f", {condition} as {quoted(code)}" for code, condition in work.unread.items())
    codes = ", ".join(f"case when {said} then {literal(code)} end" for code, said in _conditions(work, keys).items())
    return (
        f"select {_list(work.columns)}, list_filter([{codes}]::varchar[], fault -> fault is not null) as _faults, _row "
        f"from (select {_values(work)}{unread}, _row from {raw})"
    )


def _conditions(work: Pass, keys: Sequence[str]) -> dict[str, str]:
    """Code → what makes a row bad, over what `judged` reads from."""
    missing = " or ".join(f"{quoted(name)} is null" for name in keys) or "false"
    said = {**{code: quoted(code) for code in work.unread}, "key_missing": missing, **work.faults}
    return {code: f"({condition})" for code, condition in said.items()}


def _values(work: Pass) -> str:
    return ", ".join(f"{expression} as {quoted(name)}" for name, expression in work.columns.items())


def _list(names: Mapping[str, str] | Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)
