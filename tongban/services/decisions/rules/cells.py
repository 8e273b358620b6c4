"""What may stand in a cell of a decision table: a small, fixed language, so that nothing broken is ever "no match" in silence.

`-` anything · `60` · `60, 70` · `>= 60` · `[60..80)` · `not(1, 2)`; days as `2026-01-01`; words bare or in quotes; 是 / 否.
The engine evaluates what this writes; it never sees what a person typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

NUMBER, DATE, TEXT, BOOLEAN = "number", "date", "text", "boolean"
TYPES = (NUMBER, DATE, TEXT, BOOLEAN)
ANYTHING = ("", "-")
LONGEST = 300

_WIDE = str.maketrans({"，": ",", "、": ",", "（": "(", "）": ")", "【": "[", "】": "]", "≥": ">=", "≤": "<=", "≠": "!=",
                       "＞": ">", "＜": "<", "＝": "=", "“": '"', "”": '"', "‘": "'", "’": "'", "—": "-"})  # fmt: skip
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_WORD = re.compile(r"[^\s'\"(),\[\]<>=!]+")
_COMPARED = re.compile(r"(>=|<=|!=|==|>|<|=)\s*(.+)")
_INTERVAL = re.compile(r"([\[(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\])])")
_BOOLEANS = {"true": True, "false": False, "是": True, "否": False}
_PARTS = re.compile(r"'[^']*'|\"[^\"]*\"|[\[(][^\[\]()]*[\])]|[^,]")


class BadCell(ValueError):
    """A cell that says nothing this language knows; the word is what could not be read."""


@dataclass(frozen=True)
class Test:
    """One comparison with what stands in the column: `sign` is ==, !=, >, >=, < or <=."""

    sign: str
    value: Any

    def holds(self, given: Any) -> bool:
        value = self.value
        return {
            "==": given == value, "!=": given != value,
            ">": self.sign == ">" and given > value, ">=": self.sign == ">=" and given >= value,
            "<": self.sign == "<" and given < value, "<=": self.sign == "<=" and given <= value,
        }[self.sign]  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """Any of the alternatives, each of which is all of its tests; or, when `negated`, none of them. No alternative: anything."""

    alternatives: tuple[tuple[Test, ...], ...] = ()
    negated: bool = False

    @property
    def is_anything(self) -> bool:
        return not self.alternatives

    def matches(self, given: Any) -> bool:
        if self.is_anything:
            return True
        return any(all(test.holds(given) for test in tests) for tests in self.alternatives) is not self.negated

    def written(self, name: str) -> str:
        """The engine's expression for this cell over a name."""
        if self.is_anything:
            return "true"
        told = " or ".join(
            "(" + " and ".join(f"{name} {test.sign} {literal(test.value)}" for test in tests) + ")"
            for tests in self.alternatives
        )
        return f"not ({told})" if self.negated else f"({told})"


def literal(value: Any) -> str:
    """A value as the engine reads it; days are numbers such as 20260101."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}'" if isinstance(value, str) else repr(value)


def day_number(text: str) -> int:
    """2026-01-01 as 20260101: in the order of days, and exact."""
    day = date.fromisoformat(text)
    return day.year * 10_000 + day.month * 100 + day.day


def _value(text: str, kind: str) -> Any:
    word = text.strip()
    if len(word) >= 2 and word[0] in "'\"" and word[-1] == word[0]:
        word, quoted = word[1:-1], True
    else:
        quoted = False
    try:
        return _READERS[kind](word, quoted)
    except (KeyError, ValueError):
        raise BadCell(text.strip()) from None


def _number(word: str, quoted: bool) -> float | int:
    if quoted or not _NUMBER.fullmatch(word):
        raise ValueError
    return float(word) if "." in word else int(word)


def _text(word: str, quoted: bool) -> str:
    if "'" in word or "\\" in word or not (quoted or _WORD.fullmatch(word)):
        raise ValueError
    return word


_READERS: dict[str, Any] = {
    NUMBER: _number,
    DATE: lambda word, _quoted: day_number(word),
    TEXT: _text,
    BOOLEAN: lambda word, _quoted: _BOOLEANS[word.lower()],
}


def _alternative(text: str, kind: str) -> tuple[Test, ...]:
    if (found := _INTERVAL.fullmatch(text)) and kind in (NUMBER, DATE):
        low, high = _value(found[2], kind), _value(found[3], kind)
        if low > high:
            raise BadCell(text)
        return (Test(">=" if found[1] == "[" else ">", low), Test("<=" if found[4] == "]" else "<", high))
    if found := _COMPARED.fullmatch(text):
        sign = "==" if found[1] == "=" else found[1]
        if sign not in ("==", "!=") and kind not in (NUMBER, DATE):
            raise BadCell(text)
        return (Test(sign, _value(found[2], kind)),)
    return (Test("==", _value(text, kind)),)


def _split(text: str) -> list[str]:
    """At commas outside quotes and brackets."""
    parts = [""]
    at = 0
    while at < len(text):
        found = _PARTS.match(text, at)
        if found is None:
            parts.append("")
            at += 1
            continue
        parts[-1] += found[0]
        at = found.end()
    return [part.strip() for part in parts]


@lru_cache(maxsize=10_000)
def read(text: str, kind: str) -> Cell:
    """What a cell means, or `BadCell`."""
    if not isinstance(text, str) or len(text) > LONGEST:
        raise BadCell(str(text)[:20])
    plain = text.translate(_WIDE).strip()
    if plain in ANYTHING:
        return Cell()
    negated = plain.startswith("not(") and plain.endswith(")")
    parts = _split(plain[4:-1] if negated else plain)
    if not all(parts):
        raise BadCell(text)
    return Cell(tuple(_alternative(part, kind) for part in parts), negated)
