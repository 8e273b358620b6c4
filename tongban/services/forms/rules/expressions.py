"""Conditions and computed values: a small, bounded part of the ZEN expression language.

What the engine would do in silence or without end is refused when a definition is loaded: assignment, chance, the
engine's own clock, arrays made from intervals, closures in closures in closures. What is left always ends quickly.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

import zen

from .faults import Fault, fault

LONGEST = 500
CONTEXT_NAMES = frozenset({"situation", "applicant", "today"})
KEYWORDS = frozenset({"and", "or", "not", "in", "true", "false", "null"})
FUNCTIONS = frozenset(
    "len sum avg min max median mode abs floor ceil round trunc contains startsWith endsWith matches extract upper lower trim "
    "split fuzzyMatch string number bool isNumeric keys values type some all none one filter map flatMap count year "
    "month monthOfYear dayOfWeek dayOfMonth dayOfYear weekOfYear seasonOfYear date time duration d dateString monthString "
    "weekdayString startOf endOf".split()
)
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"")
_NAMES = re.compile(r"(?<![\w.#])([A-Za-z_]\w*)(\s*\()?")
_CELLS = re.compile(r"#\.([A-Za-z_]\w*)(\s*\()?")
_DATED = re.compile(r"\b(?:d|date|year|dateString)\(\s*([A-Za-z_]\w*(?:\.\w+)*)\s*[,)]")
_CLOSURES = re.compile(r"\b(?:some|all|none|one|filter|map|flatMap|count)\s*\(")
_WITHIN = re.compile(r"\bin\s*[\[(][^\[\]()]*\.\.[^\[\]()]*[\])]")
_FORBIDDEN = (
    (re.compile(r"\b(?:rand|now)\s*\("), "rand"),
    (re.compile(r"\b(?:d|date)\(\s*\)"), "d()"),
    (re.compile(r"(?<![=!<>])=(?!=)"), "="),
    (re.compile(r"[`$;{}\\]"), "` $ ; { } \\"),
    (re.compile(r"\.\."), "[a..b]"),  # outside `in [a..b]` it makes an array of every number between
)


def _bare(expression: str) -> str:
    """The expression with its string literals emptied."""
    return _STRINGS.sub("''", expression)


@lru_cache(maxsize=10_000)
def names_in(expression: str) -> frozenset[str]:
    """The names an expression asks for, without what follows a dot: `situation.venue` asks for `situation`."""
    found = _NAMES.finditer(_bare(expression))
    return frozenset(m[1] for m in found if not m[2] and m[1] not in KEYWORDS)


def rename_in(expression: str, old: str, new: str, *, row_of: str = "") -> str:
    """The expression with one name put for another, at exactly the places where `names_in` finds it.

    `row_of` is the key of the repeat whose cell is renamed: `#.old` follows where the expression asks for that repeat.
    """
    bare = _STRINGS.sub(lambda m: m[0][0] + "\x00" * (len(m[0]) - 2) + m[0][-1], expression)
    pattern = _NAMES
    if row_of:
        if row_of not in names_in(expression):
            return expression
        pattern = _CELLS
    spots = [m for m in pattern.finditer(bare) if m[1] == old and not m[2]]
    for spot in reversed(spots):
        expression = expression[: spot.start(1)] + new + expression[spot.end(1) :]
    return expression


def _forbidden(expression: str) -> str:
    if len(expression) > LONGEST:
        return f"> {LONGEST}"
    bare = _bare(expression)
    plain = _WITHIN.sub("in 0", bare)
    for pattern, word in _FORBIDDEN:
        if pattern.search(plain):
            return word
    calls = {m[1] for m in _NAMES.finditer(bare) if m[2]} - FUNCTIONS - KEYWORDS
    if calls:
        return ", ".join(sorted(calls))
    return "map(map(map()))" if len(_CLOSURES.findall(bare)) > 2 else ""


def faults_of_expression(expression: Any, path: str, names: frozenset[str] | set[str]) -> list[Fault]:
    """What is wrong with an expression that may ask for `names` and the context's own (`situation`, `applicant`, `today`)."""
    if not isinstance(expression, str) or not expression.strip():
        return [fault(path, "expression_syntax", expression=str(expression), detail="空")]
    if word := _forbidden(expression):
        return [fault(path, "expression_forbidden", expression=expression[:LONGEST], detail=word)]
    if broken := zen.validate_expression(expression):
        return [fault(path, "expression_syntax", expression=expression, detail=broken.get("source", ""))]
    unknown = sorted(names_in(expression) - names - CONTEXT_NAMES)
    return [fault(path, "expression_name", expression=expression, name=name) for name in unknown]


@lru_cache(maxsize=10_000)
def _compiled(expression: str) -> Any:
    return zen.compile_expression(expression)


def _lookup(scope: dict[str, Any], dotted: str) -> Any:
    value: Any = scope
    for part in dotted.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def reckon(expression: str, scope: dict[str, Any]) -> Any:
    """The value, or None where it cannot be known yet (something it needs has not been answered). Never raises."""
    # The engine reads d(null) as this moment: a date not yet given must not count as today.
    if any(_lookup(scope, name) in (None, "") for name in _DATED.findall(expression)):
        return None
    try:
        return _compiled(expression).evaluate(scope)
    except Exception:  # the engine raises bare RuntimeError and Exception for whatever it cannot compute
        return None


def why_it_fails(expression: str, scope: dict[str, Any]) -> str:
    """The engine's own words for why it cannot compute, without its stack; empty if it can."""
    try:
        _compiled(expression).evaluate(scope)
    except Exception as error:
        head = str(error).split("\n", 1)[0]
        try:
            return str(json.loads(head).get("source", head))
        except ValueError:
            return head
    return ""


def holds(expression: str, scope: dict[str, Any]) -> bool:
    """Whether a condition is met; no condition always is, an unknown one is not."""
    return not expression or bool(reckon(expression, scope))
