"""Conditions as an official puts them together (field · is · value), written as the engine's expressions and read back.

Only what a list of comparisons can say is read; any other expression stays as it was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .structure import ROWS

OPERATORS = (
    "is",
    "is_not",
    "greater",
    "at_least",
    "less",
    "at_most",
    "one_of",
    "none_of",
    "has",
    "has_not",
    "filled",
    "empty",
)
SIGNS = {"is": "==", "is_not": "!=", "greater": ">", "at_least": ">=", "less": "<", "at_most": "<="}
BY_SIGN = {sign: operator for operator, sign in SIGNS.items()}
LISTS = ROWS | {"checkboxes"}
DEEPEST = 12


class Name(str):
    """The name of another field where a value could stand: `d(until) > d(since)`."""

    __slots__ = ()


@dataclass(frozen=True)
class Compared:
    """One comparison. `dated` means both sides are days; `listed` that the field holds a list."""

    name: str
    operator: str
    value: Any = None
    dated: bool = False
    listed: bool = False


@dataclass(frozen=True)
class Joined:
    """All of the parts, or any of them."""

    every: bool
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Opposite:
    part: Condition


Condition = Compared | Joined | Opposite


# --- writing --------------------------------------------------------------------------------------------------------------


def literal(value: Any) -> str:
    """A value as the engine reads it. Text with both kinds of quotation marks cannot be written and loses the double ones."""
    if isinstance(value, Name):
        return str(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return repr(value)
    text = str(value)
    return f"'{text}'" if "'" not in text else '"' + text.replace('"', "") + '"'


def write(condition: Condition) -> str:
    """The expression that means this condition."""
    if isinstance(condition, Opposite):
        return f"not ({write(condition.part)})"
    if isinstance(condition, Joined):
        return (" and " if condition.every else " or ").join(_bracketed(part) for part in condition.parts)
    return _comparison(condition)


def _bracketed(part: Condition) -> str:
    return f"({write(part)})" if isinstance(part, Joined) else write(part)


def _comparison(c: Compared) -> str:
    whole = f"{c.name} ?? []"
    if c.operator in ("filled", "empty"):
        if c.listed:
            return f"len({whole}) {'>' if c.operator == 'filled' else '=='} 0"
        return f"{c.name} {'!=' if c.operator == 'filled' else '=='} null"
    if c.operator in ("has", "has_not"):
        return f"{'not ' if c.operator == 'has_not' else ''}contains({whole}, {literal(c.value)})"
    if c.operator in ("one_of", "none_of"):
        values = ", ".join(literal(value) for value in c.value)
        return f"{c.name} {'not in' if c.operator == 'none_of' else 'in'} [{values}]"
    sign = SIGNS[c.operator]
    return f"d({c.name}) {sign} d({literal(c.value)})" if c.dated else f"{c.name} {sign} {literal(c.value)}"


# --- reading --------------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'[^']*'|\"[^\"]*\")|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<sign>==|!=|>=|<=|\?\?|[><()\[\],]))"
)
_WORDS = frozenset({"and", "or", "not", "in", "true", "false", "null"})
_CONSTANTS = {"true": True, "false": False, "null": None}


class _NotRead(Exception):
    """An expression that says more than a list of comparisons can."""


def _tokens(expression: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at, end = 0, len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None:
            raise _NotRead
        kind = str(match.lastgroup)
        word = match[kind]
        found.append(("word" if kind == "name" and word in _WORDS else kind, word))
        at = match.end()
    return found


class _Reader:
    """Reads tokens from left to right; `or` binds least, then `and`."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def peek(self, *words: str) -> bool:
        """Whether the next tokens are these signs or words."""
        ahead = self.tokens[self.at : self.at + len(words)]
        return len(ahead) == len(words) and all(
            kind in ("sign", "word") and word == wanted for (kind, word), wanted in zip(ahead, words, strict=True)
        )

    def took(self, *words: str) -> bool:
        if self.peek(*words):
            self.at += len(words)
            return True
        return False

    def need(self, *words: str) -> None:
        if not self.took(*words):
            raise _NotRead

    def next(self, *kinds: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] not in kinds:
            raise _NotRead
        self.at += 1
        return self.tokens[self.at - 1][1]

    def whole(self) -> Condition:
        found = self.joined("or")
        if self.at != len(self.tokens):
            raise _NotRead
        return found

    def joined(self, word: str) -> Condition:
        parts = [self.part(word)]
        while self.took(word):
            parts.append(self.part(word))
        return parts[0] if len(parts) == 1 else Joined(word == "and", tuple(parts))

    def part(self, word: str) -> Condition:
        return self.joined("and") if word == "or" else self.single()

    def single(self) -> Condition:
        if self.took("not"):
            return self.denied()
        if self.took("("):
            self.depth += 1
            if self.depth > DEEPEST:
                raise _NotRead
            found = self.joined("or")
            self.need(")")
            self.depth -= 1
            return found
        return self.compared()

    def denied(self) -> Condition:
        if self.peek("("):
            return Opposite(self.single())
        found = self.compared()
        if found.operator != "has":
            raise _NotRead  # `not a == 1` reads differently to different people
        return Compared(found.name, "has_not", found.value, listed=True)

    def compared(self) -> Compared:
        name = self.next("name")
        if self.took("("):
            return {"d": self.dated, "len": self.counted, "contains": self.contained}.get(name, self.unread)()
        if self.took("not", "in"):
            return Compared(name, "none_of", self.values())
        if self.took("in"):
            return Compared(name, "one_of", self.values())
        if self.at < len(self.tokens) and self.tokens[self.at][1] in BY_SIGN:
            return self.by_sign(name)
        return Compared(name, "is", True)

    def unread(self) -> Compared:
        raise _NotRead

    def by_sign(self, name: str) -> Compared:
        operator = BY_SIGN.get(self.next("sign"), "")
        value = self.value()
        if value is None:
            if operator not in ("is", "is_not"):
                raise _NotRead
            return Compared(name, "empty" if operator == "is" else "filled")
        return Compared(name, operator, value)

    def value(self) -> Any:
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if kind == "text":
            return word[1:-1]
        if kind == "number":
            return float(word) if "." in word else int(word)
        if kind == "word" and word in _CONSTANTS:
            return _CONSTANTS[word]
        if kind == "name" and not self.peek("("):
            return Name(word)
        raise _NotRead

    def values(self) -> tuple[Any, ...]:
        self.need("[")
        found = [self.value()]
        while self.took(","):
            found.append(self.value())
        self.need("]")
        return tuple(found)

    def dated(self) -> Compared:
        name = self.next("name")
        self.need(")")
        operator = BY_SIGN.get(self.next("sign"), "")
        if self.next("name") != "d" or not operator:
            raise _NotRead
        self.need("(")
        value = self.value()
        self.need(")")
        if not isinstance(value, str):
            raise _NotRead
        return Compared(name, operator, value, dated=True)

    def whole_list(self) -> str:
        name = self.next("name")
        if self.took("??"):
            self.need("[", "]")
        return name

    def counted(self) -> Compared:
        name = self.whole_list()
        self.need(")")
        sign, number = self.next("sign"), self.next("number")
        if number != "0" or sign not in (">", "==", "!="):
            raise _NotRead
        return Compared(name, "empty" if sign == "==" else "filled", listed=True)

    def contained(self) -> Compared:
        name = self.whole_list()
        self.need(",")
        value = self.value()
        self.need(")")
        return Compared(name, "has", value, listed=True)


def read(expression: str) -> Condition | None:
    """The condition an expression means, or None where it says more than comparisons can."""
    try:
        return _Reader(_tokens(expression)).whole()
    except _NotRead:
        return None


def as_list(condition: Condition | None) -> tuple[bool, list[Compared]] | None:
    """`(every, comparisons)` where a condition is one plain list, as the builder shows it; else None."""
    if isinstance(condition, Compared):
        return True, [condition]
    if isinstance(condition, Joined) and all(isinstance(part, Compared) for part in condition.parts):
        return condition.every, [part for part in condition.parts if isinstance(part, Compared)]
    return None


# --- what an expression may ask for ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Named:
    """Something a condition may ask for: its name in the language, its label, its type, what may be chosen."""

    name: str
    label: str
    type: str
    options: tuple[tuple[str, str], ...] = ()


def _options(raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((str(o.get("value")), str(o.get("label") or o.get("value"))) for o in raw.get("options") or ())


def _questions(tree: list[dict[str, Any]], around: str = "") -> Iterator[Named]:
    for question in tree:
        if question.get("key"):
            label = str(question.get("question") or question["key"])
            yield Named(f"situation.{question['key']}", label, "radio", _options(question))
        for option in question.get("options") or ():
            yield from _questions(option.get("then") or [])


def names_of(content: Mapping[str, Any], row: Mapping[str, Any] | None = None) -> dict[str, Named]:
    """Everything an expression of this item may ask for, in the order of the form. `row` is the repeat it stands in."""
    groups = (content.get("form") or {}).get("groups") or ()
    raws = [raw for group in groups for raw in group.get("fields") or ()]
    raws += list((row or {}).get("fields") or ())
    found = [Named(raw["key"], str(raw.get("label") or raw["key"]), raw["type"], _options(raw)) for raw in raws]
    for raw in raws:
        if raw["type"] == "date_range":
            found += [
                Named(f"{raw['key']}.{part}", str(raw.get("label") or raw["key"]), "date") for part in ("from", "to")
            ]
    found += _questions(list(content.get("situations") or ()))
    found.append(Named("applicant.kind", "申请人", "radio", (("person", "个人"), ("company", "企业和其他组织"))))
    found.append(Named("today", "办理当天", "date"))
    return {one.name: one for one in found if one.type != "notice"}
