"""How many rows of a dataset offend against each of many rules, in one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tongban.foundation.kernel.quoting import quoted

from .conditions import OF_ROWS, Spec, surely
from .shapes import table


def tally(key: str, kinds: Mapping[str, str], specs: Sequence[Spec]) -> str:
    """One row: rows, rows that offend against anything, rows that offend against each spec. One pass over the dataset.

    What needs the row alone is asked first, so that the joins with other rows carry its answers and the few columns they want
    themselves, not every column of the dataset (a third of the processor's time on ten million rows).
    """
    asked = {at: f"{surely(spec, kinds, key)} as _{at}" for at, spec in enumerate(specs)}
    first = {at: said for at, said in asked.items() if specs[at]["kind"] in OF_ROWS}
    carried = {name for at, spec in enumerate(specs) if at not in first for name in spec["columns"]}
    alone = ", ".join([*(quoted(name) for name in sorted(carried)), *first.values()]) or "1 as _"
    both = ", ".join(f"_{at}" if at in first else said for at, said in asked.items()) or "1 as _"
    either = " or ".join(f"_{at}" for at in asked) or "false"
    each = "".join(f", count(*) filter (_{at})" for at in asked)
    return f"select count(*), count(*) filter ({either}){each} from (select {both} from (select {alone} from {table(key)} as t) as t)"
