"""What a dataset's rows are made from: which column of the source becomes which, read as what. Data, compiled here to one pass.

A work is `{"columns": [{"name", "source", "kind", "required", …}], "newest": source column or ""}`, its columns as `Mapped` has
them; with `"rejects": true` the raw rows have a column `_reject` that tells what of a row could not be read at all. A value that
cannot be read is told, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tongban.foundation.kernel.checked import good
from tongban.foundation.kernel.quoting import literal, quoted

from .conditions import offends
from .passes import Pass, said
from .shapes import KINDS
from .steps import stepped

# Dates as departments write them, beside ISO 8601.
DATES = ("%Y%m%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日")
BLANKS = " \t\r\n\u3000"  # the full-width one too
YES, NO = ("1", "y", "yes", "t", "true", "是", "有"), ("0", "n", "no", "f", "false", "否", "无")


@dataclass(frozen=True)
class Mapped:
    """Source column `source` becomes `name`, read as `kind`; `required`: a row without it is bad;

    `check` is one of `kernel.checked.GOOD`; `codes` is what it may be; `steps` (`rules/steps.py`) make it alike before it is read.
    `asked` are conditions of one column (`rules/conditions.py`): `{"kind", …}` without its columns.
    """

    name: str
    source: str
    kind: str = "text"
    required: bool = False
    check: str = ""
    codes: Sequence[str] = ()
    steps: Sequence[Mapping[str, Any]] = ()
    asked: Sequence[Mapping[str, Any]] = ()

    @property
    def text(self) -> str:
        """What there is to read, made alike."""
        return stepped(_text(self.source), self.steps)


def work_faults(work: Mapping[str, Any], found: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """Everything wrong with a work on a source that has the columns `found`, as (code, details)."""
    there, newest = set(found), work.get("newest", "")
    mapped = _mapped(work)
    faults: list[tuple[str, dict[str, str]]] = []
    faults += [("empty", {})] if not mapped else []
    faults += [("missing", {"name": column.source}) for column in mapped if column.source not in there]
    faults += [("kind", {"name": column.name, "kind": column.kind}) for column in mapped if column.kind not in KINDS]
    faults += [("newest", {"name": newest})] if newest and newest not in [column.source for column in mapped] else []
    return faults


def pass_of(work: Mapping[str, Any]) -> Pass:
    """What is done with each row. Blanks at both ends go, the full-width one too; an empty text is no value."""
    mapped = _mapped(work)
    kinds = {column.name: column.kind for column in mapped}
    has_rejects = bool(work.get("rejects"))
    return Pass(
        texts={column.name: column.text for column in mapped} | ({"_reject": "_reject"} if has_rejects else {}),
        columns={column.name: _read(said(column.name), column.kind) for column in mapped},
        faults={f"unreadable:{column.name}": _unread(column) for column in mapped if column.kind != "text"}
        | ({"damaged": f"{said('_reject')} is not null"} if has_rejects else {})
        | {f"missing:{column.name}": f"{quoted(column.name)} is null" for column in mapped if column.required}
        | {
            f"check:{column.name}": f"not {good(column.check, quoted(column.name))}"
            for column in mapped
            if column.check
        }
        | {f"code:{column.name}": _not_among(column) for column in mapped if column.codes}
        | {
            f"{one['kind']}:{column.name}": offends({**one, "columns": [column.name]}, kinds)
            for column in mapped
            for one in column.asked
        },
        newest=[quoted(column.name) for column in mapped if work.get("newest") == column.source],
    )


def alike_of(work: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Column → (what stands in the source, what its steps make of it), both as text: to look at, side by side."""
    return {column.name: (f"cast({quoted(column.source)} as varchar)", column.text) for column in _mapped(work)}


def rejected(rows: str) -> str:
    """Rows that their reader could not take apart, with what it says of them."""
    return f"select _row, _reject from {rows} where nullif(_reject, '') is not null"


def side_by_side(texts: Mapping[str, tuple[str, str]], rows: str, limit: int) -> str:
    """The same of the first rows: `c0`, `a0` for the first column and so on, for a column may be called anything; and `_row`."""
    told = ", ".join(f"{came} as c{at}, {alike} as a{at}" for at, (came, alike) in enumerate(texts.values()))
    return f"select {told}, _row from {rows} order by _row limit {int(limit)}"


def _not_among(column: Mapped) -> str:
    return f"not list_contains([{', '.join(literal(code) for code in column.codes)}], {quoted(column.name)})"


def _mapped(work: Mapping[str, Any]) -> Sequence[Mapped]:
    return [Mapped(**column) for column in work["columns"]]


def _unread(column: Mapped) -> str:
    return f"{said(column.name)} is not null and {quoted(column.name)} is null"


def _text(source: str) -> str:
    """Without blanks at its ends. Nearly every value has none, and seeing that costs a tenth of taking them off."""
    text = f"cast({quoted(source)} as varchar)"
    ends = " or ".join(f"suffix({text}, '{blank}')" for blank in BLANKS)
    begins = f"{text} < '!' or prefix({text}, '\u3000')"  # before ! stand the blank, the tab, the ends of lines, and nothing at all
    return f"case when {begins} or {ends} then nullif(trim({text}, '{BLANKS}'), '') else {text} end"


def _read(text: str, kind: str) -> str:
    if kind == "text":
        return text
    if kind == "date":
        ways = ", ".join(f"'{way}'" for way in DATES)
        bare = f"case when length({text}) = 8 then cast(try_strptime({text}, '%Y%m%d') as date) end"  # a cast that fails is slow
        clock, other = f"cast(try_cast({text} as timestamp) as date)", f"cast(try_strptime({text}, [{ways}]) as date)"
        return f"coalesce({bare}, try_cast({text} as date), {clock}, {other})"
    if kind == "moment":  # a time without a zone is China's
        there = f"try_cast({text} as timestamp)"
        # Eight hours since 1992, when summer time was over for good; before that the zone's own history is asked.
        local = (
            f"case when {there} >= '1992-01-01' then make_timestamptz(epoch_us({there}) - 28800000000) "
            f"else {there} at time zone 'Asia/Shanghai' end"
        )
        maybe = (
            f"suffix({text}, 'Z') or contains({text}, '+') or {text} like '%:%-%'"  # a pattern is slow, these are not
        )
        zoned = f"case when {maybe} then regexp_matches({text}, ':.*(Z|[+-][0-9:]+)$') end"
        return f"case when {zoned} then try_cast({text} as timestamptz) else {local} end"
    if kind == "yes_no":
        yes, no = (", ".join(f"'{word}'" for word in words) for words in (YES, NO))
        return f"case when lower({text}) in ({yes}) then true when lower({text}) in ({no}) then false end"
    return f"try_cast(replace({text}, ',', '') as {KINDS[kind]})"
