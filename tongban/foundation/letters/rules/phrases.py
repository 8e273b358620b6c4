"""Sentences with gaps, as officials write them in a letter.

``您于【申请日期】提出的“【事项名称】”申请［，由【承办人】承办］。``

- ``【name】`` is a field; ``【name|words】`` stands for `words` while the field is empty; ``【表单：label】`` is an answer of
  the applicant, by the label of its question.
- ``［…］`` is left out whole while any field in it is empty. Parts may stand in each other.
- ``**words**`` are printed bold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

ANSWER = "表单："
_TOKEN = re.compile(r"【([^【】\n]*)】|([［］])|(\*\*)")


@dataclass(frozen=True)
class Words:
    """Text that is printed as it stands."""

    text: str


@dataclass(frozen=True)
class Gap:
    """A field, by the name officials know it by."""

    name: str
    fallback: str = ""

    @property
    def answer(self) -> str:
        """The label of the question it takes the answer of; empty for a field of the letter itself."""
        return self.name.removeprefix(ANSWER) if self.name.startswith(ANSWER) else ""


@dataclass(frozen=True)
class Bold:
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Optional:
    """Left out while a gap directly in it (not in an inner optional part) is empty."""

    parts: tuple[Part, ...]


Part = Words | Gap | Bold | Optional


class Unbalanced(ValueError):
    """A bracket or a pair of asterisks that is opened and not closed, or closed and not opened; `mark` is which."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        super().__init__(mark)


def parse(sentence: str) -> tuple[Part, ...]:
    """The parts of a sentence in order, or `Unbalanced`."""
    levels: list[tuple[str, list[Part]]] = [("", [])]
    place = 0
    for token in _TOKEN.finditer(sentence):
        _words(levels[-1][1], sentence[place : token.start()])
        place = token.end()
        gap, bracket, stars = token.groups()
        if gap is not None:
            name, _, fallback = gap.partition("|")
            levels[-1][1].append(Gap(name.strip(), fallback.strip()))
        elif bracket == "［":
            levels.append(("［", []))
        elif bracket == "］":
            inner = _close(levels, "［")
            levels[-1][1].append(Optional(inner))
        elif stars and levels[-1][0] == "**":
            inner = _close(levels, "**")
            levels[-1][1].append(Bold(inner))
        else:
            levels.append(("**", []))
    _words(levels[-1][1], sentence[place:])
    if len(levels) > 1:
        raise Unbalanced(levels[-1][0])
    return tuple(levels[0][1])


def _words(parts: list[Part], text: str) -> None:
    if text:
        parts.append(Words(text))


def _close(levels: list[tuple[str, list[Part]]], mark: str) -> tuple[Part, ...]:
    """Take the innermost open level away; the caller puts its parts into the one around it."""
    opened, parts = levels[-1]
    if opened != mark:
        raise Unbalanced(opened or ("］" if mark == "［" else mark))
    levels.pop()
    return tuple(parts)


def gaps(parts: Iterable[Part]) -> Iterator[Gap]:
    """Every gap, inner parts included."""
    for part in parts:
        if isinstance(part, Gap):
            yield part
        elif isinstance(part, Bold | Optional):
            yield from gaps(part.parts)


def _needed(parts: Iterable[Part]) -> Iterator[Gap]:
    """The gaps an optional part depends on: not those of optional parts within it, nor those with words to fall back on."""
    for part in parts:
        if isinstance(part, Gap) and not part.fallback:
            yield part
        elif isinstance(part, Bold):
            yield from _needed(part.parts)


def code_of(parts: Iterable[Part], fields: Mapping[str, tuple[str, bool]]) -> str:
    """Typst code (for inside braces) that prints the parts. `fields`: name → (key in the letter's data, whether a list).

    Whatever officials wrote becomes a string of typst's, never markup; a name that `fields` lacks prints nothing.
    """
    return "; ".join(_code(part, fields) for part in parts)


def _code(part: Part, fields: Mapping[str, tuple[str, bool]]) -> str:
    if isinstance(part, Words):
        return literal(part.text)
    if isinstance(part, Gap):
        return _gap(part, fields)
    if isinstance(part, Bold):
        return f"strong({{ {code_of(part.parts, fields)} }})"
    conditions = [_filled(gap, fields) for gap in _needed(part.parts)]
    return f"if {' and '.join(conditions) or 'true'} {{ {code_of(part.parts, fields)} }}"


def _gap(gap: Gap, fields: Mapping[str, tuple[str, bool]]) -> str:
    if gap.answer:
        return f"answer({literal(gap.answer)}, default: {literal(gap.fallback)})"
    key, several = fields.get(gap.name, ("", False))
    if not key:
        return literal(gap.fallback)
    if several:
        return f"listed({literal(key)}, default: {literal(gap.fallback)})"
    return f"get({literal(key)}, default: {literal(gap.fallback)})"


def _filled(gap: Gap, fields: Mapping[str, tuple[str, bool]]) -> str:
    if gap.answer:
        return f'answer({literal(gap.answer)}) != ""'
    key, _ = fields.get(gap.name, ("", False))
    return f"has({literal(key)})" if key else "false"


def literal(text: str) -> str:
    """A typst string that prints exactly this text."""
    return json.dumps(text, ensure_ascii=False)
