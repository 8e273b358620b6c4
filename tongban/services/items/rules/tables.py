"""Dictionaries that officials keep (代码表, 同义说法): what may be written in one, and what a new version changes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MOST_ROWS = 1000
LONGEST_WORD = 60
CODE = re.compile(r"[0-9A-Za-z_-]{1,20}")
SEPARATOR = re.compile(r"[、，,；;\n]+")

Row = tuple[str, str]  # a code and its name; or what people say, and what it means


@dataclass(frozen=True)
class Fault:
    """One thing wrong: a stable `code`, the row it stands in (from 0; None: the whole), what its sentence needs."""

    code: str
    row: int | None = None
    values: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Change:
    """`kind`: added, taken_out or renamed."""

    kind: str
    code: str
    before: str = ""
    after: str = ""


def meanings(text: str) -> list[str]:
    """The words of one line, however they are set apart."""
    return list(dict.fromkeys(word for part in SEPARATOR.split(text) if (word := part.strip())))


def faults_of_rows(rows: Sequence[Row], *, are_words: bool = False) -> list[Fault]:
    """What is wrong with the rows by themselves; with words, the first of a pair is what people say instead of a code."""
    found = [] if rows else [Fault("empty")]
    if len(rows) > MOST_ROWS:
        found.append(Fault("too_many", values={"most": MOST_ROWS}))
    seen: set[str] = set()
    for place, (code, name) in enumerate(rows):
        named = {"code": code, "name": name}
        fits = 0 < len(code) <= LONGEST_WORD if are_words else CODE.fullmatch(code)
        longest = max(map(len, meanings(name) if are_words else [name]), default=0)
        wrong = {
            "word_unfit" if are_words else "code_unfit": not fits,
            "code_twice": bool(code) and code in seen,
            "name_missing": longest == 0,
            "name_too_long": longest > LONGEST_WORD,
        }
        found += [Fault(fault, place, named) for fault, applies in wrong.items() if applies]
        seen.add(code)
    return found


def changes_between(old: Mapping[str, str], new: Mapping[str, str]) -> list[Change]:
    """What a new version changes, in the order of the codes."""
    found = []
    for code in sorted(old.keys() | new.keys(), key=order):
        if code not in old:
            found.append(Change("added", code, after=new[code]))
        elif code not in new:
            found.append(Change("taken_out", code, before=old[code]))
        elif old[code] != new[code]:
            found.append(Change("renamed", code, old[code], new[code]))
    return found


def faults_of_change(
    changes: Sequence[Change], *, fixed: frozenset[str], uses: Mapping[str, Sequence[str]]
) -> list[Fault]:
    """What must not change: a code of the standard stays; what items in force hold (`uses`: code or name → their names) stays.

    A definition holds most codes by the code, so that a new name is theirs at once; topics it holds by the name.
    """
    found = [] if changes else [Fault("unchanged")]
    for change in changes:
        named = {"code": change.code, "name": change.before}
        if change.kind == "taken_out" and change.code in fixed:
            found.append(Fault("of_the_standard", values=named))
        held = (change.code, change.before) if change.kind == "taken_out" else (change.before,)
        users = [name for word in held for name in uses.get(word, ())] if change.kind != "added" else []
        if users:
            found.append(Fault("in_use", values=named | {"items": "、".join(users[:3]), "count": len(users)}))
    return found


def order(code: str) -> tuple[int, str]:
    """Numbers as numbers, other codes after them."""
    return (int(code), code) if code.isdecimal() and code.isascii() else (10**20, code)
