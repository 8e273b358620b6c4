"""A base register as plain Python would keep it: three sources, the rules of one source, what stewards joined and decided.

Nothing of the house is used: the walk (`test_registers_walk.py`) does each step here and there, and compares.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

POLICE, INSURANCE, MARKET = SOURCES = ("police", "insurance", "market")  # in the order of their rank
NAME, ADDRESS = TOLD = ("name", "address")  # elements whose differences a steward is asked about
Thing = tuple[str, str]  # ("", key) or (dataset, the row's own key)


@dataclass(frozen=True)
class Row:
    number: str  # of the person, good or not
    name: str
    more: str  # police: house; others: phone
    seen_on: str


@dataclass
class Conflict:
    """`said`: what the sources said when it was last built; `chosen`: dataset and value of a decision that holds."""

    said: list[tuple[str, Any]]
    state: str = "open"
    chosen: tuple[str, Any] | None = None


@dataclass
class Model:
    good: Callable[[str], bool]
    rows: dict[str, dict[str, Row]] = field(default_factory=lambda: {name: {} for name in SOURCES})  # in the lake
    joins: dict[Thing, str] = field(default_factory=dict)  # what → into
    shown: dict[str, dict[str, Any]] = field(default_factory=dict)  # key → what the register says
    candidates: dict[str, dict[str, list[tuple[str, Any]]]] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    conflicts: dict[tuple[str, str], Conflict] = field(default_factory=dict)

    # -- what stewards say

    def root(self, key: str) -> str:
        while ("", key) in self.joins:
            key = self.joins["", key]
        return key

    def may_join(self, what: Thing, into: str) -> bool:
        """Once only, and never in a circle."""
        return what not in self.joins and ("", self.root(into)) != what

    def key_of(self, dataset: str, own: str, row: Row) -> str | None:
        if (dataset, own) in self.joins:
            return self.root(self.joins[dataset, own])
        if ("", row.number) in self.joins:
            return self.root(row.number)
        return row.number if self.good(row.number) else None

    # -- building

    def snapshot(self) -> Model:
        """What a build that begins now will read."""
        return Model(self.good, deepcopy(self.rows), dict(self.joins))

    def build(self, read: Model | None = None) -> None:
        """All of it as `read` has it (now, if nothing else is said); decisions hold as long as nothing else is said of their element."""
        shown, candidates = (read or self)._documents()
        for key, element in list(self.conflicts):
            if not _differ(candidates.get(key, {}).get(element, [])):
                self.conflicts[key, element].state = "gone"
        for key, found in candidates.items():
            for element in TOLD:
                said = found.get(element, [])
                if not _differ(said):
                    continue
                one = self.conflicts.get((key, element))
                if one is None or one.state == "gone" or sorted(one.said, key=repr) != sorted(said, key=repr):
                    one = self.conflicts[key, element] = Conflict(said)
                if one.state == "decided" and one.chosen:
                    shown[key][element] = one.chosen[1]
        self.shown, self.candidates = shown, candidates
        self.ever |= set(shown)

    def _documents(self) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, list[tuple[str, Any]]]]]:
        by_key: dict[str, list[tuple[str, Row]]] = {}
        for dataset in SOURCES:
            for own, row in self.rows[dataset].items():
                key = self.key_of(dataset, own, row)
                if key is not None:
                    by_key.setdefault(key, []).append((dataset, row))
        shown: dict[str, dict[str, Any]] = {}
        candidates: dict[str, dict[str, list[tuple[str, Any]]]] = {}
        for key, rows in by_key.items():
            newest = sorted(rows, key=lambda one: one[1].seen_on, reverse=True)
            ranked = sorted(newest, key=lambda one: SOURCES.index(one[0]))
            found = {
                "name": [(dataset, row.name) for dataset, row in ranked if row.name],
                "address": [
                    (dataset, {"division": "511602001001", "detail": row.more})
                    for dataset, row in ranked
                    if dataset == POLICE
                ],
                "phone": [(dataset, row.more) for dataset, row in newest if dataset != POLICE and is_phone(row.more)],
            }
            candidates[key] = found
            shown[key] = {"id_number": key} | {name: said[0][1] for name, said in found.items() if said}
        return shown, candidates


def is_phone(text: str) -> bool:
    return len(text) == 11 and text.isdecimal() and text.startswith("1")


def _differ(said: list[tuple[str, Any]]) -> bool:
    return any(value != said[0][1] for _dataset, value in said)
