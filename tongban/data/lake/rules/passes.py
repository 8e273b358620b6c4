"""One pass over a batch: what each column becomes, what makes a row bad, and which of two rows with one key is the newer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tongban.foundation.kernel.quoting import literal, quoted

from .shapes import PARQUET


@dataclass(frozen=True)
class Pass:
    """How raw rows become rows of a dataset, as DuckDB's SQL: compiled from what stewards chose, never typed by them.

    `texts`: name → expression over the raw columns, what there is to read; they are known as `said(name)` from then on. `columns`:
    name → expression over the texts. `faults`: code → condition over both, true for a bad row; an unknown condition is not a
    fault. `newest`: expressions over the columns; of rows with one key the largest stays, and of equal ones the one that came last.
    """

    texts: Mapping[str, str]
    columns: Mapping[str, str]
    faults: Mapping[str, str] = field(default_factory=dict)
    newest: Sequence[str] = ()


def filled(work: Pass, types: Mapping[str, str]) -> Pass:
    """The pass for a dataset that has these columns (name → type): one that nothing becomes is empty."""
    lacking = {name: f"cast(null as {kind})" for name, kind in types.items() if name not in work.columns}
    return replace(work, columns={**work.columns, **lacking}) if lacking else work


def said(name: str) -> str:
    """What is read for a column, beside the column itself."""
    return quoted(f"{name} said")


def staging(rows: str, newest: Sequence[str], keys: Sequence[str], path: str, batch: int) -> list[str]:
    """The statements that lay a batch out: `rows`, as `judged` has them, once into the file `path`, in the shape of the dataset's table
    and with `_faults` beside. Views `laid` (all of it) and `good` (one row a key, none of them bad); temp tables `bad`, `lost` (where a
    newer row with the same key stands elsewhere in the batch) and `left_out` (both, by `_row`).
    """
    parts = _list(keys)
    order = ", ".join([*(f"{expression} desc nulls last" for expression in newest), "_row desc"])
    # Ten million keys are counted by their hashes; what shares a hash is then looked at in full.
    shared = f"select known from (select hash({parts}) as known from fine) group by known having count(*) > 1"
    return [
        f"copy (select *, {int(batch)}::bigint as _batch from ({rows})) to {literal(path)} ({PARQUET})",
        f"create or replace temp view laid as from read_parquet({literal(path)})",
        "create or replace temp table bad as select * exclude (_batch) from laid where _faults is not null",
        "create or replace temp view fine as select * exclude (_faults) from laid where _faults is null",
        f"create or replace temp table lost as select _row from fine where hash({parts}) in ({shared}) "
        f"qualify row_number() over (partition by {parts} order by {order}) > 1",
        "create or replace temp table left_out as select _row from bad union all from lost",
        "create or replace temp view good as from fine anti join left_out using (_row)",
    ]


def judged(work: Pass, keys: Sequence[str], raw: str) -> str:
    """Every row, finished, with `_row` and `_faults`: the codes of what is wrong with it, null for nothing.

    A row without its key is bad whatever the rules say: `key_missing`. Nothing is worked out twice: each step is a select of its
    own, for DuckDB sees that two expressions are one within a select, and not within the branches of an `or`.
    """
    missing = " or ".join(f"{quoted(name)} is null" for name in keys) or "false"
    faults = {"key_missing": missing, **work.faults}
    texts = ", ".join(f"{expression} as {said(name)}" for name, expression in work.texts.items())
    values = ", ".join(f"{expression} as {quoted(name)}" for name, expression in work.columns.items())
    asked = ", ".join(f"({condition}) as {_asked(at)}" for at, condition in enumerate(faults.values()))
    either = " or ".join(_asked(at) for at, _code in enumerate(faults))
    codes = ", ".join(f"case when {_asked(at)} then {literal(code)} end" for at, code in enumerate(faults))
    return (
        f"select {_list(work.columns)}, _row, "
        f"case when {either} then list_filter([{codes}]::varchar[], fault -> fault is not null) end as _faults "
        f"from (select *, {asked} from (select *, {values} from (select {texts}, _row from {raw})))"
    )


def _asked(at: int) -> str:
    """What the answer to the condition at this place is called: no column's name has a blank in it."""
    return quoted(f"asked {at}")


def _list(names: Mapping[str, str] | Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)
