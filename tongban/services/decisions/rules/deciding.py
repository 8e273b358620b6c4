"""What a rule set says of one application (智能审批). Doubt never grants and never refuses: it goes to a person.

PIPL art. 24: a person may ask to be heard by a person; so nothing is refused by a machine unless the law allows it here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .cells import BOOLEAN, DATE, NUMBER, TEXT, BadCell, day_number
from .engine import Unreckonable, reckon
from .tables import FIRST, expression_of

GRANT, PERSON, REFUSE = "grant", "person", "refuse"
OUTCOMES = (GRANT, PERSON, REFUSE)
LONGEST_LIST = 500

# Why a value cannot be relied on.
MISSING, STALE, SILENT, CONTRADICTS, WRONG_TYPE = "missing", "stale", "silent", "contradicts", "wrong_type"
# Why a rule says nothing, and what else makes one doubt.
BROKEN, NO_ROW, TOO_SLOW, NOT_ALLOWED, NO_RULE = "broken", "no_row", "too_slow", "refusal_not_allowed", "no_rule"
LISTS = "list"


@dataclass(frozen=True)
class Ground:
    """One ground of an outcome. `row` is the rule's or row's key, or `doubt:<kind>`; `about` names what is in doubt."""

    row: str
    article: str = ""
    sentence: str = ""
    about: str = ""

    def as_data(self) -> dict[str, str]:
        return {"row": self.row, "article": self.article, "sentence": self.sentence, "about": self.about}


@dataclass(frozen=True)
class Weighed:
    """The outcome with its grounds; `trail` says of every rule what it found, in order."""

    outcome: str
    grounds: tuple[Ground, ...]
    trail: tuple[tuple[str, str], ...] = ()


@dataclass
class _Findings:
    grants: list[Ground] = field(default_factory=list)
    refusals: list[Ground] = field(default_factory=list)
    doubts: list[Ground] = field(default_factory=list)
    trail: list[tuple[str, str]] = field(default_factory=list)

    def add(self, key: str, outcome: str, ground: Ground) -> None:
        {GRANT: self.grants, REFUSE: self.refusals}.get(outcome, self.doubts).append(ground)
        self.trail.append((key, outcome))

    def doubt(self, key: str, kind: str, about: str) -> None:
        self.doubts.append(Ground(f"doubt:{kind}", about=about))
        self.trail.append((key, kind))


def fits(kind: str, value: Any) -> bool:
    """Whether a value is of an input's type, so that rules may reckon with it."""
    if kind == NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
    if kind == BOOLEAN:
        return isinstance(value, bool)
    if kind == LISTS:
        return isinstance(value, list) and len(value) <= LONGEST_LIST
    if kind == DATE:
        return isinstance(value, str) and _is_day(value)
    return kind == TEXT and isinstance(value, str)


def _is_day(text: str) -> bool:
    try:
        day_number(text)
    except ValueError:
        return False
    return True


def weigh(
    rules: Mapping[str, Any],
    values: Mapping[str, Mapping[str, Any]],
    *,
    today: str,
    refusal_allowed: bool = False,
    doubts: Iterable[str] = (),
) -> Weighed:
    """The outcome for values as they were found (`{key: {"value", "fault", …}}`); the same in always gives the same out.

    Granted only when every input is known and sound, every check holds, and every table grants. `doubts` are those that
    lie outside the rules, such as `too_slow`.
    """
    found = _Findings()
    scope = _scope(rules, values, today, found)
    kinds = {one["key"]: one.get("type", TEXT) for one in (*rules["inputs"], *rules.get("derived", ()))}
    if not found.doubts:
        _reckon_derived(rules, scope, found)
    if not found.doubts:
        _check(rules, scope, found)
        for table in rules.get("tables", ()):
            _look_up(table, kinds, scope, found)
    for kind in doubts:
        found.doubt("", kind, "")
    return _concluded(found, refusal_allowed)


def _concluded(found: _Findings, refusal_allowed: bool) -> Weighed:
    trail = tuple(found.trail)
    if found.doubts:
        return Weighed(PERSON, tuple(found.doubts + found.refusals), trail)
    if found.refusals:
        if refusal_allowed:
            return Weighed(REFUSE, tuple(found.refusals), trail)
        return Weighed(PERSON, (*found.refusals, Ground(f"doubt:{NOT_ALLOWED}")), trail)
    if not found.grants:
        return Weighed(PERSON, (Ground(f"doubt:{NO_RULE}"),), trail)
    return Weighed(GRANT, tuple(found.grants), trail)


def _scope(
    rules: Mapping[str, Any], values: Mapping[str, Mapping[str, Any]], today: str, found: _Findings
) -> dict[str, Any]:
    scope: dict[str, Any] = {}
    _name(scope, "today", DATE, today)
    for asked in rules["inputs"]:
        key, kind = asked["key"], asked.get("type", TEXT)
        entry = values.get(key) or {}
        value = entry.get("value")
        fault = entry.get("fault") or (MISSING if value is None else "" if fits(kind, value) else WRONG_TYPE)
        if fault:
            found.doubt(key, fault, asked.get("label") or key)
        else:
            _name(scope, key, kind, value)
    return scope


def _name(scope: dict[str, Any], key: str, kind: str, value: Any) -> None:
    scope[key] = value
    if kind == DATE:
        scope[f"{key}__day"] = day_number(value)


def _reckon_derived(rules: Mapping[str, Any], scope: dict[str, Any], found: _Findings) -> None:
    for derived in rules.get("derived", ()):
        key, kind = derived["key"], derived.get("type", NUMBER)
        try:
            value = reckon(derived["expr"], scope)
        except Unreckonable:
            found.doubt(key, BROKEN, derived.get("label") or key)
            return
        if not fits(kind, value):
            found.doubt(key, WRONG_TYPE, derived.get("label") or key)
            return
        _name(scope, key, kind, value)


def _check(rules: Mapping[str, Any], scope: dict[str, Any], found: _Findings) -> None:
    alone = not rules.get("tables")
    for check in rules.get("checks", ()):
        key = check["key"]
        try:
            value = reckon(check["expr"], scope)
        except Unreckonable:
            value = None
        ground = Ground(key, check.get("article", ""), check.get("sentence", ""))
        if value is True:
            found.trail.append((key, "holds"))
            if alone:  # without a table, the checks that hold are why it is granted
                found.grants.append(Ground(key, check.get("article", ""), check.get("label", "")))
        elif value is False:
            found.add(key, REFUSE if check.get("otherwise") == REFUSE else PERSON, ground)
        else:
            found.doubt(key, BROKEN, check.get("label") or key)


def _look_up(table: Mapping[str, Any], kinds: Mapping[str, str], scope: dict[str, Any], found: _Findings) -> None:
    key, about = table["key"], table.get("title") or table["key"]
    try:
        matches = reckon(expression_of(table, kinds), scope)
    except (Unreckonable, BadCell, KeyError):
        found.doubt(key, BROKEN, about)
        return
    rows = [row for row, matched in zip(table["rows"], matches, strict=True) if matched is True]
    if not rows:
        found.doubt(key, NO_ROW, about)
    for row in rows[:1] if table["hit"] == FIRST else rows:
        ground = Ground(f"{key}.{row['key']}", row.get("article", ""), row.get("sentence", ""))
        found.add(ground.row, row.get("outcome", PERSON), ground)
