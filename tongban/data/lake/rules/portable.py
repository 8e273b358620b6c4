"""The pass of a batch as Spark says it: DuckDB's statement rewritten by sqlglot where the two mean something else. Pure.

What is here is all that passes are compiled from (`works`, `steps`, `conditions` over rows); anything else is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from sqlglot import exp, parse_one

from .patterns import NotAlike, java

# How `%…` is written: a run of digits that gives nothing back, as DuckDB reads it.
SIGNS = {"%Y": "([0-9]{1,4}+)", "%m": "([0-9]{1,2}+)", "%d": "([0-9]{1,2}+)"} | dict.fromkeys(
    ("%H", "%M", "%S"), "([0-9]{1,2}+)"
)
DAY = r"(?s)\A\s*([0-9]{1,4}+)([-/\\ ])([0-9]{1,2}+)\2([0-9]{1,2}+)"
CLOCK = r"[T ]\s*([0-9]{1,2}+):([0-9]{1,2}+)(?::([0-9]{1,2}+)(?:\.([0-9]*+))?)?"
ZONE = r"(?:\s?(?:Z|UTC)|([+-][0-9]{2})(?::?([0-9]{2}))?)?"
NUMBER = r"\A\s*[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*\z"
NO_NUMBER = r"(?i)\A\s*[+-]?(?:nan|inf|infinity)\s*\z"
HEXADECIMAL = r"\A0[xX][0-9A-Fa-f]+(?:_[0-9A-Fa-f]+)*\z"
BINARY = r"\A0[bB][01]+(?:_[01]+)*\z"
KNOWN = frozenset(
    "endswith startswith array_position try_element_at format_string timestamp_micros unix_micros to_utc_timestamp rint make_timestamp"
    " conv".split()
)
# How a finished value is written: a moment with its zone; a number by as few digits as tell it apart, and without an exponent from
# 0.0001 to 10^16; Java has fewer places for that.
PLAIN = "CAST({value} AS STRING)"
MOMENT = f"CONCAT({PLAIN}, '+00')"
DIGITS = f"REGEXP_REPLACE(REGEXP_EXTRACT({PLAIN}, '^(-?[0-9.]+)E', 1), '[.]0$', '')"
POWER = f"CAST(REGEXP_EXTRACT({PLAIN}, 'E(-?[0-9]+)$', 1) AS INT)"
SIZE = f"CAST(ABS({POWER}) AS STRING)"
WITH_POWER = f"CONCAT({DIGITS}, 'e', CASE WHEN {POWER} < 0 THEN '-' ELSE '+' END, LPAD({SIZE}, GREATEST(2, LENGTH({SIZE})), '0'))"
WITHOUT = f"REGEXP_REPLACE(REGEXP_REPLACE(CAST(CAST({PLAIN} AS DECIMAL(38, 21)) AS STRING), '0+$', ''), '[.]$', '.0')"
DOUBLE = (
    f"CASE WHEN {PLAIN} = 'NaN' THEN 'nan' WHEN {PLAIN} LIKE '%Infinity' THEN REPLACE({PLAIN}, 'Infinity', 'inf')"
    f" WHEN {PLAIN} NOT LIKE '%E%' THEN {PLAIN} WHEN {POWER} BETWEEN -4 AND 15 THEN {WITHOUT} ELSE {WITH_POWER} END"
)


class Untranslatable(Exception):
    """Spark has no word for it; `names` are DuckDB's."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def spark_sql(statement: str) -> str:
    """Raises `Untranslatable`."""
    tree = parse_one(statement, read="duckdb")
    for node in reversed(list(tree.walk())):  # the innermost first
        rewrite = REWRITES.get(type(node))
        new = rewrite(node) if rewrite else node
        if new is not node:
            node.replace(new)
    unknown = {node.name.lower() for node in tree.find_all(exp.Anonymous)} - KNOWN
    if unknown:
        raise Untranslatable(sorted(unknown))
    return tree.sql(dialect="spark")


def _said(template: str, *, text: exp.Expr | None = None, **parts: exp.Expr | str) -> exp.Expr:
    """Spark's words with parts put into them: texts as literals, expressions as they are. `{text}`, which may be long, stands once."""
    words = {
        name: (exp.Literal.string(part) if isinstance(part, str) else part).sql(dialect="spark")
        for name, part in parts.items()
    }
    said: exp.Expr = parse_one(template.format(text="_t", **words), read="spark")
    if text is None:
        return said
    bound: exp.Expr = parse_one("ELEMENT_AT(TRANSFORM(ARRAY(_there), _t -> _said), 1)", read="spark")
    for name, new in (("_there", text), ("_said", said)):
        next(node for node in bound.find_all(exp.Column) if node.name == name).replace(new.copy())
    return bound


def _named(node: exp.Anonymous) -> exp.Expr:
    rewrite = WORDS.get(node.name.lower())
    return rewrite(node, list(node.expressions)) if rewrite else node


def _renamed(name: str) -> Callable[[exp.Expr, list[exp.Expr]], exp.Expr]:
    return lambda node, said: exp.Anonymous(this=name, expressions=[one.copy() for one in said])


def _try_strptime(node: exp.Expr, said: list[exp.Expr]) -> exp.Expr:
    text, ways = said
    formats = [one.name for one in ways.expressions] if isinstance(ways, exp.Array) else [ways.name]
    patterns = [_pattern(way) for way in formats]
    tries = [_words(f"p{at}", places) for at, (_way, places) in enumerate(patterns)]
    return _said(
        f"COALESCE({', '.join(tries)}, NULL)",
        text=text,
        **{f"p{at}": way for at, (way, _places) in enumerate(patterns)},
    )


def _pattern(way: str) -> tuple[str, list[int]]:
    """A way of writing a moment as a pattern, and where in it year, month, day, hour, minute and second stand."""
    signs = re.findall("%.", way)
    pattern = re.escape(way).replace("\\%", "%").replace("\\ ", r"\s+").replace("%%", "%")
    for sign in set(signs):
        pattern = pattern.replace(sign, SIGNS[sign])
    places = {sign: place for place, sign in enumerate(signs, 1)}
    return rf"\A\s*{pattern}\s*\z", [places.get(sign, 0) for sign in ("%Y", "%m", "%d", "%H", "%M", "%S")]


def _words(pattern: str, places: Sequence[int], fraction: int = 0) -> str:
    """`{text}` of a pattern as a moment; `places` are the groups of year, month, day, hour, minute and second, 0: there is none."""
    sizes = (4, 2, 2, 2, 2, 2)
    year, month, day, hour, minute, second = (
        f"LPAD(REGEXP_EXTRACT({{text}}, {{{pattern}}}, {place}), {size}, '0')" if place else "'00'"
        for place, size in zip(places, sizes, strict=True)
    )
    rest = f", '.', RPAD(REGEXP_EXTRACT({{text}}, {{{pattern}}}, {fraction}), 6, '0')" if fraction else ""
    whole = f"CONCAT({year}, '-', {month}, '-', {day}, ' ', {hour}, ':', {minute}, ':', {second}{rest})"
    return f"CASE WHEN {{text}} RLIKE {{{pattern}}} THEN TRY_CAST({whole} AS TIMESTAMP) END"


def _regexp_full_match(node: exp.Expr) -> exp.Expr:
    try:
        pattern = java(node.expression.name)
    except NotAlike as fault:
        raise Untranslatable([f"pattern {fault}"[:60]]) from None
    return _said("{text} RLIKE {pattern}", text=node.this, pattern=rf"\A(?:{pattern})\z")


def _try_cast(node: exp.Expr) -> exp.Expr:
    kind, text = node.to.this, node.this  # type: ignore[attr-defined]
    t = exp.DataType.Type
    if kind == t.DATE:
        moment = _words("p", [1, 3, 4, 0, 0, 0])
        return _said(f"CAST({moment} AS DATE)", text=text, p=rf"{DAY}(?:[^0-9].*)?\z")
    if kind in (t.TIMESTAMP, t.TIMESTAMPTZ, t.TIMESTAMPLTZ, t.TIMESTAMPNTZ):
        return _as_moment(text, zoned=kind not in (t.TIMESTAMP, t.TIMESTAMPNTZ))
    if kind in (t.BIGINT, t.INT) and text.meta.get("number"):
        return _said(f"TRY_CAST(RINT({{text}}) AS {kind.name})", text=text)
    plain = "CASE WHEN {text} RLIKE {pattern} THEN %s END"
    if kind in (t.BIGINT, t.INT):
        inner = f"TRY_CAST(ROUND(TRY_CAST(REPLACE(TRIM({{text}}), '_', '') AS DECIMAL(38, 18)), 0) AS {kind.name})"
        based = (
            f"TRY_CAST(TRY_CAST(CONV(SUBSTR(REPLACE({{text}}, '_', ''), 3), %d, 10) AS DECIMAL(38, 0)) AS {kind.name})"
        )
        ways = f"WHEN {{text}} RLIKE {{hexadecimal}} THEN {based % 16} WHEN {{text}} RLIKE {{binary}} THEN {based % 2}"
        return _said(
            f"CASE WHEN {{text}} RLIKE {{pattern}} THEN {inner} {ways} END",
            text=text,
            pattern=NUMBER,
            hexadecimal=HEXADECIMAL,
            binary=BINARY,
        )
    if kind == t.DECIMAL:
        size = node.to.sql(dialect="spark")  # type: ignore[attr-defined]
        return _said(plain % f"TRY_CAST(REPLACE(TRIM({{text}}), '_', '') AS {size})", text=text, pattern=NUMBER)
    if kind == t.DOUBLE:
        words = "WHEN {text} RLIKE {other} THEN TRY_CAST(REPLACE(TRIM({text}), '-nan', 'nan') AS DOUBLE)"
        number = "WHEN {text} RLIKE {pattern} THEN TRY_CAST(REPLACE({text}, '_', '') AS DOUBLE)"
        found = _said(f"CASE {number} {words} END", text=text, pattern=NUMBER, other=NO_NUMBER)
        found.meta["number"] = True
        return found
    return node if kind in (t.VARCHAR, t.TEXT, t.BOOLEAN) else _never(node)


def _as_moment(text: exp.Expr, *, zoned: bool) -> exp.Expr:
    """A day, or a day with a clock; with a zone it is moved by it only when the zone is asked for."""
    patterns = {"day": rf"{DAY}\z", "clock": rf"{DAY}{CLOCK}{ZONE}\s*\z"}
    day, clock = _words("day", [1, 3, 4, 0, 0, 0]), _words("clock", [1, 3, 4, 5, 6, 7], fraction=8)
    if zoned:
        sign = "CASE WHEN REGEXP_EXTRACT({text}, {clock}, 9) LIKE '-%' THEN -1 ELSE 1 END"
        hours = "COALESCE(TRY_CAST(TRANSLATE(REGEXP_EXTRACT({text}, {clock}, 9), '+-', '') AS INT), 0)"
        minutes = "COALESCE(TRY_CAST(REGEXP_EXTRACT({text}, {clock}, 10) AS INT), 0)"
        clock = f"TIMESTAMP_MICROS(UNIX_MICROS({clock}) - {sign} * ({hours} * 60 + {minutes}) * 60000000L)"
    return _said(f"COALESCE({day}, {clock})", text=text, **patterns)


def _cast(node: exp.Expr) -> exp.Expr:
    """A finished value as text: numbers and moments are written as DuckDB writes them. What comes from a source is text already."""
    column = node.this
    if node.to.this not in (exp.DataType.Type.VARCHAR, exp.DataType.Type.TEXT) or not isinstance(column, exp.Column):  # type: ignore[attr-defined]
        return node
    select = node.parent_select
    origin = select and select.find(exp.From)
    if origin and isinstance(origin.this, exp.Table):
        return node
    return _said(
        f"CASE TYPEOF({{value}}) WHEN 'double' THEN {DOUBLE} WHEN 'timestamp' THEN {MOMENT} ELSE {PLAIN} END",
        value=column,
    )


def _never(node: exp.Expr) -> exp.Expr:
    raise Untranslatable([node.sql(dialect="duckdb")[:60]])


def _at_time_zone(node: exp.Expr) -> exp.Expr:
    return _said("TO_UTC_TIMESTAMP({there}, {zone})", there=node.this, zone=node.args["zone"])


def _bracket(node: exp.Expr) -> exp.Expr:
    """DuckDB counts from one and gives nothing where there is nothing."""
    at = node.expressions[0]
    return _said("TRY_ELEMENT_AT({list}, CAST(NULLIF({at}, 0) AS INT))", list=node.this, at=at)


def _dot(node: exp.Expr) -> exp.Expr:
    """A named group of a pattern, by its place."""
    found = node.this
    if not isinstance(found, exp.RegexpExtract):
        return node
    names = [one.name for one in found.find(exp.Array).expressions]  # type: ignore[union-attr]
    place = names.index(node.expression.name) + 1
    return _said(f"REGEXP_EXTRACT({{text}}, {{pattern}}, {place})", text=found.this, pattern=found.expression)


WORDS: Mapping[str, Callable[[exp.Expr, list[exp.Expr]], exp.Expr]] = {
    "suffix": _renamed("ENDSWITH"),
    "prefix": _renamed("STARTSWITH"),
    "try_strptime": _try_strptime,
    "list_position": _renamed("ARRAY_POSITION"),
    "printf": _renamed("FORMAT_STRING"),
    "make_timestamptz": _renamed("TIMESTAMP_MICROS"),
    "epoch_us": _renamed("UNIX_MICROS"),
}
REWRITES: Mapping[type, Callable[..., exp.Expr]] = {
    exp.Anonymous: _named,
    exp.RegexpFullMatch: _regexp_full_match,
    exp.TryCast: _try_cast,
    exp.Cast: _cast,
    exp.AtTimeZone: _at_time_zone,
    exp.Bracket: _bracket,
    exp.Dot: _dot,
}
