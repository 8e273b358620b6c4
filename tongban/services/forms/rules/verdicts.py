"""What a condition comes to while some of its names are not known yet: yes, no, or that depends (Kleene's three values)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .expressions import names_in, reckon

_TOKENS = re.compile(r"'[^']*'|\"[^\"]*\"|[\w.#]+|\S")
_OPEN, _CLOSE = frozenset("(["), frozenset(")]")
_KEYS = re.compile(r"\bsituation\.([A-Za-z_]\w*)")
_ROOT = re.compile(r"(?<![\w.#])situation\b(?!\.[A-Za-z_])")
_STRINGS = re.compile(r"'[^']*'|\"[^\"]*\"")


@dataclass(frozen=True)
class Condition:
    """A condition taken apart at its `and`, `or` and `not ( )`; what is inside anything else stays one `atom`."""

    kind: str
    text: str
    parts: tuple[Condition, ...] = ()

    def atoms(self) -> Iterator[Condition]:
        """The atoms in reading order."""
        if self.kind == "atom":
            yield self
        for part in self.parts:
            yield from part.atoms()


Tokens = list[tuple[str, int, int]]  # the token, where it begins, how many brackets stand open before it


def _tokens(text: str) -> Tokens:
    found, depth = [], 0
    for match in _TOKENS.finditer(text):
        if match[0] in _CLOSE:
            depth -= 1
        found.append((match[0], match.start(), depth))
        if match[0] in _OPEN:
            depth += 1
    return found


def _split(text: str, tokens: Tokens, word: str) -> list[str]:
    places = [at for token, at, depth in tokens if token == word and depth == 0]
    edges = [(0, 0), *((at, at + len(word)) for at in places), (len(text), len(text))]
    return [text[edges[i][1] : edges[i + 1][0]] for i in range(len(edges) - 1)]


def _is_wrapped(tokens: Tokens) -> bool:
    """Whether one pair of round brackets holds all of it."""
    return (
        len(tokens) > 2
        and tokens[0][0] == "("
        and tokens[-1][0] == ")"
        and all(depth > 0 for _token, _at, depth in tokens[1:-1])
    )


@lru_cache(maxsize=10_000)
def parse(text: str) -> Condition:
    """An expression the engine accepts, taken apart. What is not understood is one atom, never a wrong tree."""
    text = text.strip()
    tokens = _tokens(text)
    if _is_wrapped(tokens):
        return parse(text[1:-1])
    if any(word == "?" and depth == 0 for word, _at, depth in tokens):
        return Condition("atom", text)
    for word in ("or", "and"):
        parts = _split(text, tokens, word)
        if len(parts) > 1:
            return Condition(word, text, tuple(parse(part) for part in parts))
    if tokens and tokens[0][0] == "not" and _is_wrapped(tokens[1:]):
        return Condition("not", text, (parse(text[3:]),))
    return Condition("atom", text)


@lru_cache(maxsize=10_000)
def keys_in(expression: str) -> frozenset[str] | None:
    """The situation questions an expression asks about; None: it takes the situation as a whole."""
    bare = _STRINGS.sub("''", expression)
    return None if _ROOT.search(bare) else frozenset(_KEYS.findall(bare))


def verdict(expression: str, known: Mapping[str, Any]) -> bool | None:
    """Whether a condition holds when `known` is all that is known; None where the rest decides.

    No is always right: with these values the condition is met by no others. No condition always holds.
    """
    return judged(parse(expression), known) if expression.strip() else True


def judged(condition: Condition, known: Mapping[str, Any]) -> bool | None:
    """`verdict` of a condition that has been taken apart."""
    if names_in(condition.text) <= known.keys():
        return bool(reckon(condition.text, dict(known)))
    if condition.kind == "atom":
        return None
    inner = [_part(part, known) for part in condition.parts]
    if condition.kind == "not":
        return None if inner[0] is None else not inner[0]
    decisive = condition.kind == "or"
    if decisive in inner:
        return decisive
    return None if None in inner else not decisive


def _part(part: Condition, known: Mapping[str, Any]) -> bool | None:
    """A part within a larger condition: what is neither true nor false makes the engine give up, so nothing is certain."""
    if not names_in(part.text) <= known.keys():
        return judged(part, known)
    value = reckon(part.text, dict(known))
    return value if isinstance(value, bool) else None


def residue(condition: Condition, known: Mapping[str, Any]) -> Condition | bool:
    """What is left of a condition: settled, or the part that still depends on something."""
    settled = judged(condition, known)
    if settled is not None:
        return settled
    if condition.kind == "atom":
        return condition
    left = [part for part in (residue(part, known) for part in condition.parts) if isinstance(part, Condition)]
    if len(left) == 1 and condition.kind != "not":
        return left[0]
    return Condition(condition.kind, _joined(condition.kind, left), tuple(left))


def _joined(kind: str, parts: list[Condition]) -> str:
    if kind == "not":
        return f"not ({parts[0].text})"
    return f" {kind} ".join(part.text if part.kind == "atom" else f"({part.text})" for part in parts)
