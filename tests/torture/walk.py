"""A dataset with rules as plain Python would keep it: what is in the view, what lies aside for which rule, which ticket stands where.

Nothing of the house is used: the walk (`test_quality_walk.py`) does each step here and there, and compares.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

Row = tuple[str, str | None]  # name, day of birth
EMPTY, LONG, TWICE = (
    "born",
    "long",
    "twice",
)  # the three rules: no day of birth, a name of more than three, a name that is there twice
OF_ROWS = (EMPTY, LONG)


@dataclass
class Ticket:
    state: str = "sent"  # sent, answered, closed
    answer: str = ""
    steps: list[str] = field(default_factory=lambda: ["sent"])


@dataclass
class Model:
    """`errors`: the rules whose rows go aside; the others only count. `aside`: number → the rules it lies aside for."""

    errors: set[str] = field(default_factory=lambda: {EMPTY, LONG, TWICE})
    told: dict[str, Row] = field(default_factory=dict)
    view: dict[str, Row] = field(default_factory=dict)
    aside: dict[str, set[str]] = field(default_factory=dict)
    tickets: dict[str, list[Ticket]] = field(default_factory=lambda: {rule: [] for rule in (EMPTY, LONG, TWICE)})

    def deliver(self, rows: dict[str, Row], *, whole: bool) -> None:
        """What a batch brings: a bad row lies aside and leaves the one before it standing, a good one takes its place."""
        if whole:
            self.view = {number: row for number, row in self.view.items() if number in rows}
            self.told, self.aside = {}, {}
        self.told |= rows
        for number, row in rows.items():
            if bad := {rule for rule in OF_ROWS if rule in self.errors and self._offends(rule, number, row)}:
                self.aside[number] = self.aside.get(number, set()) | bad
            else:
                self.view[number] = row
                self.aside.pop(number, None)

    def check(self) -> dict[str, int]:
        """How many rows each rule finds; what offends an error goes aside, and a ticket is sent where none is open."""
        found = {rule: self.bad(rule) for rule in self.tickets}
        gone = {
            number: {rule for rule in self.errors if self._offends(rule, number, row)}
            for number, row in self.view.items()
        }
        for number, rules in gone.items():
            if rules:
                self.aside[number] = self.aside.get(number, set()) | rules
                del self.view[number]
        for rule, bad in found.items():
            if bad and rule in self.errors and not self.open(rule):
                self.tickets[rule].append(Ticket())
        return found

    def bad(self, rule: str) -> int:
        in_view = sum(self._offends(rule, number, row) for number, row in self.view.items())
        return in_view + sum(rule in rules for rules in self.aside.values())

    def open(self, rule: str) -> Ticket | None:
        return next((one for one in self.tickets[rule] if one.state != "closed"), None)

    def step(self, rule: str, what: str, words: str) -> bool:
        """Whether a ticket's step is taken; where it is not, nothing changes."""
        one = self.open(rule)
        wanted = "sent" if what in ("corrected", "explained") else "answered"
        if one is None or one.state != wanted or (what in ("explained", "returned") and not words.strip()):
            return False
        if self.bad(rule) and (what == "corrected" or (what == "closed" and one.answer == "corrected")):
            return False
        one.state = {"returned": "sent", "closed": "closed"}.get(what, "answered")
        one.answer = what if what in ("corrected", "explained") else one.answer
        one.steps.append(what)
        return True

    def _offends(self, rule: str, number: str, row: Row) -> bool:
        if rule == EMPTY:
            return row[1] is None
        if rule == LONG:
            return len(row[0]) > 3
        return number in self.view and Counter(name for name, _born in self.view.values())[row[0]] > 1
