"""When a row offends against a rule, as SQL over finished columns: compiled from what stewards chose, never typed by them.

A rule's `spec` is `{"kind", "columns", …}`; what is unknown (null) offends against nothing but `not_null` and `needs`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tongban.foundation.kernel.checked import good
from tongban.foundation.kernel.quoting import literal, quoted

from .passes import Pass
from .shapes import KINDS, PARQUET, table

Spec = Mapping[str, Any]
COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")
# Kinds that need no other row: they are asked of every row that comes in.
OF_ROWS = frozenset("not_null format length codes check_digit range compare id_birth id_sex needs".split())

BAD = '"is bad"'  # no column's name has a blank in it
EVERY = 2**63 - 1  # rows: as many as there are


def offends(spec: Spec, kinds: Mapping[str, str], *, key: str = "", row: str = "") -> str:
    """The condition; `kinds`: column → kind of the dataset `key`; `row`: the alias of the row where there is one."""
    return CONDITIONS[spec["kind"]](spec, _Row(kinds, key, row))


def surely(spec: Spec, kinds: Mapping[str, str], key: str) -> str:
    """The condition over the dataset as `t`, never null: what is unknown offends not."""
    return f"coalesce({offends(spec, kinds, key=key, row='t')}, false)"


class _Row:
    """The row a condition is about."""

    def __init__(self, kinds: Mapping[str, str], key: str, row: str) -> None:
        self.kinds, self.key, self.alias = kinds, key, f"{row}." if row else ""

    def __getitem__(self, name: str) -> str:
        return f"{self.alias}{quoted(name)}"

    def text(self, name: str) -> str:
        return self[name] if self.kinds.get(name) == "text" else f"cast({self[name]} as varchar)"

    def value(self, name: str, said: Any) -> str:
        """A limit as a value of the column's kind; one that is none is no limit."""
        return f"try_cast({literal(str(said))} as {KINDS[self.kinds[name]]})"


def _not_null(spec: Spec, row: _Row) -> str:
    return " or ".join(f"{row[name]} is null" for name in spec["columns"])


def _format(spec: Spec, row: _Row) -> str:
    return f"not regexp_full_match({row.text(spec['columns'][0])}, {literal(spec['pattern'])})"


def _length(spec: Spec, row: _Row) -> str:
    size = f"length({row.text(spec['columns'][0])})"
    least, most = spec.get("least"), spec.get("most")
    return " or ".join(
        [*([f"{size} < {int(least)}"] if least else []), *([f"{size} > {int(most)}"] if most else [])] or ["false"]
    )


def _codes(spec: Spec, row: _Row) -> str:
    return f"{row.text(spec['columns'][0])} not in ({', '.join(literal(str(code)) for code in spec['values'])})"


def _check_digit(spec: Spec, row: _Row) -> str:
    return f"not {good(spec['digits'], row.text(spec['columns'][0]))}"


def _range(spec: Spec, row: _Row) -> str:
    name = spec["columns"][0]
    ends = [(sign, spec.get(end)) for sign, end in (("<", "least"), (">", "most"))]
    return " or ".join([f"{row[name]} {sign} {row.value(name, said)}" for sign, said in ends if said] or ["false"])


def _unique(spec: Spec, row: _Row) -> str:
    names = ", ".join(quoted(name) for name in spec["columns"])
    mine = ", ".join(row[name] for name in spec["columns"])
    there = " and ".join(f"{quoted(name)} is not null" for name in spec["columns"])
    return f"({mine}) in (select {names} from {table(row.key)} where {there} group by {names} having count(*) > 1)"


def _reference(spec: Spec, row: _Row) -> str:
    name, theirs = spec["columns"][0], quoted(spec["their_column"])
    known = f"select cast({theirs} as varchar) from {table(spec['dataset'])} where {theirs} is not null"
    return f"{row[name]} is not null and {row.text(name)} not in ({known})"


def _compare(spec: Spec, row: _Row) -> str:
    left, right = spec["columns"][:2]
    return f"not ({row[left]} {spec['operator']} {row[right]})"


def _id_birth(spec: Spec, row: _Row) -> str:
    number, born = spec["columns"][:2]
    return f"length({row.text(number)}) = 18 and substr({row.text(number)}, 7, 8) <> strftime({row[born]}, '%Y%m%d')"


def _id_sex(spec: Spec, row: _Row) -> str:
    number, sex = spec["columns"][:2]
    odd = f"cast(2 - (ascii(substr({row.text(number)}, 17, 1)) - 48) % 2 as varchar)"
    return f"length({row.text(number)}) = 18 and {row.text(sex)} in ('1', '2') and {row.text(sex)} <> {odd}"


def _needs(spec: Spec, row: _Row) -> str:
    given, needed = spec["columns"][:2]
    when = f"{row.text(given)} = {literal(str(spec['value']))}" if spec.get("value") else f"{row[given]} is not null"
    return f"{when} and {row[needed]} is null"


def _cross_source(spec: Spec, row: _Row) -> str:
    key, value = spec["columns"][:2]
    theirs = [quoted(spec[name]) for name in ("their_key", "their_column")]
    same = f"cast(other.{theirs[0]} as varchar) = {row.text(key)}"
    return (
        f"exists (select 1 from {table(spec['dataset'])} as other where {same} "
        f"and cast(other.{theirs[1]} as varchar) <> {row.text(value)})"
    )


CONDITIONS: Mapping[str, Callable[[Spec, _Row], str]] = {
    "not_null": _not_null,
    "format": _format,
    "length": _length,
    "codes": _codes,
    "check_digit": _check_digit,
    "range": _range,
    "unique": _unique,
    "reference": _reference,
    "compare": _compare,
    "id_birth": _id_birth,
    "id_sex": _id_sex,
    "needs": _needs,
    "cross_source": _cross_source,
}


def offending(
    key: str, kinds: Mapping[str, str], spec: Spec, keys: Sequence[str], *, version: int | None, limit: int
) -> str:
    """The first rows that offend, in the order of their key; as the lake was at a version.

    What offends is put in front and then the rest cut off, for a `where` is worked out without seeing what its parts share: a check
    digit costs three times as much there.
    """
    then = f" at (version => {int(version)})" if version is not None else ""
    order = ", ".join(quoted(name) for name in keys)
    judged = f"select t.*, {surely(spec, kinds, key)} as {BAD} from (from {table(key)}{then}) as t"
    first = f"select * from ({judged}) order by {BAD} desc, {order} limit {int(limit)}"
    return f"select * exclude ({BAD}) from ({first}) where {BAD} order by {order}"


def pick_aside(key: str, kinds: Mapping[str, str], specs: Mapping[str, Spec]) -> str:
    """Temp table `aside`: the rows that offend against any, with the codes of all they offend against.

    The limit that cuts nothing off keeps the engine from working the conditions out in its `where`, as above.
    """
    answers = [quoted(f"asked {at}") for at, _code in enumerate(specs)]
    asked = ", ".join(
        f"{surely(spec, kinds, key)} as {name}" for name, spec in zip(answers, specs.values(), strict=True)
    )
    codes = ", ".join(f"case when {name} then {literal(code)} end" for name, code in zip(answers, specs, strict=True))
    return (
        f"create or replace temp table aside as select * exclude ({', '.join(answers)}), "
        f"list_filter([{codes}]::varchar[], one -> one is not null) as _faults "
        f"from (select t.*, {asked} from {table(key)} as t limit {EVERY}) where {' or '.join(answers)}"
    )


def take_aside(key: str, keys: Sequence[str], path: str) -> list[str]:
    """`aside` into a file of its own, and out of the view."""
    same = " and ".join(f"old.{quoted(name)} = new.{quoted(name)}" for name in keys)
    return [
        f"copy aside to {literal(path)} ({PARQUET})",
        f"delete from {table(key)} as old using aside as new where {same}",
    ]


def still_aside(key: str, keys: Sequence[str], files: Sequence[tuple[str, int, bool]]) -> str:
    """One row a code: how many rows lie aside for it that have not come back well.

    `files`: path, number of the batch, whether it was taken out of the view.
    """
    names = ", ".join(quoted(name) for name in keys)
    read = " union all ".join(
        f"select unnest(_faults) as _fault, {names}, {_word(number, taken)} as _word, {taken} as _taken from read_parquet({literal(path)})"
        for path, number, taken in files
    )
    return (
        f"select _fault, count(distinct row({', '.join(f'q.{quoted(name)}' for name in keys)})) as n from ({read}) as q "
        f"where {_not_back(key, keys, files)} group by _fault"
    )


def _word(number: int, taken: bool) -> str:
    """Which batch brought a row that lies aside: one taken out of the view says it itself."""
    return "_batch" if taken else str(int(number))


def _not_back(key: str, keys: Sequence[str], files: Sequence[tuple[str, int, bool]]) -> str:
    """Whether no later batch has brought row `q` well: to the view, or to where it was taken out of it for something else. One that
    was taken out of the view and stands in it again is back."""
    names = ", ".join(quoted(name) for name in keys)
    same = " and ".join(f"v.{quoted(name)} = q.{quoted(name)}" for name in keys)
    came = " union all ".join(
        [
            f"select {names}, _batch, true as _stands from {table(key)}",
            *(
                f"select {names}, _batch, false from read_parquet({literal(path)})"
                for path, _n, taken in files
                if taken
            ),
        ]
    )
    return f"not exists (select 1 from ({came}) as v where {same} and (v._batch > q._word or (q._taken and v._stands)))"


def aside_rows(key: str, keys: Sequence[str], files: Sequence[tuple[str, int, bool]], code: str, limit: int) -> str:
    """The rows themselves, the newest of each key."""
    names = ", ".join(f"q.{quoted(name)}" for name in keys)
    read = " union all by name ".join(
        f"select *, {number} as _n, {_word(number, taken)} as _word, {taken} as _taken from read_parquet({literal(path)}) "
        f"where list_contains(_faults, {literal(code)})"
        for path, number, taken in files
    )
    return (
        f"select * exclude (_word) from ({read}) as q where {_not_back(key, keys, files)} "
        f"qualify row_number() over (partition by {names} order by _n desc) = 1 order by {names} limit {int(limit)}"
    )


def guarded(work: Pass, guards: Mapping[str, Spec], kinds: Mapping[str, str]) -> Pass:
    """The pass, with what every row that comes in is asked as well: code → spec, of `OF_ROWS` alone."""
    asked = {code: offends(spec, kinds) for code, spec in guards.items() if spec["kind"] in OF_ROWS}
    return replace(work, faults={**work.faults, **asked})
