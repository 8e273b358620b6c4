"""What one way through the tree leaves of an item: its exact materials, limit, fees, form groups and flow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .definitions import faults_of_form
from .leaves import MOST_LEAVES, Open, Outlook, Way, count_leaves, ways
from .structure import Plan, read_plan
from .verdicts import Condition

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """A row of the definition on one way. `depends` is what it still depends on; empty: it is certain."""

    key: str
    row: Row = field(hash=False)
    depends: str = ""


@dataclass(frozen=True)
class Outcome:
    """What a citizen on this way meets. Nothing at all where the way ends in a stop."""

    way: Way
    materials: tuple[Entry, ...] = ()
    fees: tuple[Entry, ...] = ()
    groups: tuple[Entry, ...] = ()
    stages: tuple[Entry, ...] = ()
    promise: Row = field(default_factory=dict, hash=False)
    statutory: Row = field(default_factory=dict, hash=False)


class Survey:
    """An item's content seen over every way. `ways` is empty when there are more of them than can be looked at."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        content = self.content = in_shape(content)
        tree = content.get("situations") or []
        self.total = count_leaves(tree)
        self.is_too_large = self.total > MOST_LEAVES
        self.ways: list[Way] = [] if self.is_too_large else list(ways(tree))
        self.outlook = Outlook(content, plan_if_sound(content.get("form")))

    @cached_property
    def open_ways(self) -> list[Way]:
        """The ways on which somebody can apply."""
        return [way for way in self.ways if not way.stop]

    def outcome(self, way: Way) -> Outcome:
        """What this way leaves."""
        content = self.content
        if way.stop:
            return Outcome(way)
        flow, form = content.get("flow") or {}, content.get("form") or {}
        return Outcome(
            way=way,
            materials=self._left(content.get("materials"), way, "when"),
            fees=self._left(content.get("fees"), way, "when"),
            groups=self._left(form.get("groups"), way, "show_if"),
            stages=self._left(flow.get("stages"), way, "when"),
            promise=way.promise or content.get("promise") or {},
            statutory=content.get("statutory") or {},
        )

    def _left(self, rows: list[Row] | None, way: Way, name: str) -> tuple[Entry, ...]:
        found = ((row, self.outlook.open(str(row.get(name) or ""), way)) for row in rows or ())
        return tuple(
            Entry(str(row.get("key", "")), row, depends.text if isinstance(depends, Condition) else "")
            for row, depends in found
            if depends is not False
        )

    def table(self, rows: list[Row] | None, name: str = "when") -> list[tuple[Row, list[Open]]]:
        """Each row with what its condition comes to on each open way, in their order."""
        return [
            (row, [self.outlook.open(str(row.get(name) or ""), way) for way in self.open_ways]) for row in rows or ()
        ]


def _mappings(value: Any) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tree_in_shape(value: Any) -> list[dict[str, Any]]:
    return [
        question
        | {
            "options": [
                option | {"then": _tree_in_shape(option.get("then"))} for option in _mappings(question.get("options"))
            ]
        }
        for question in _mappings(value)
        if isinstance(question.get("key"), str)
    ]


def in_shape(content: Mapping[str, Any]) -> dict[str, Any]:
    """An unfinished definition as far as it can be read; what has no shape is said elsewhere."""
    form, flow = _mapping(content.get("form")), _mapping(content.get("flow"))
    groups = [
        group | {"fields": _mappings(group.get("fields")), "checks": _mappings(group.get("checks"))}
        for group in _mappings(form.get("groups"))
    ]
    rows = {name: _mappings(content.get(name)) for name in ("materials", "fees")}
    limits = {name: _mapping(content.get(name)) for name in ("promise", "statutory")}
    return {
        **content,
        **rows,
        **limits,
        "situations": _tree_in_shape(content.get("situations")),
        "form": form | {"groups": groups, "checks": _mappings(form.get("checks"))} if form else {},
        "flow": flow | {"stages": _mappings(flow.get("stages"))},
    }


def plan_if_sound(form: Any) -> Plan | None:
    """The plan of a form nothing is wrong with."""
    if not isinstance(form, dict) or faults_of_form(form):
        return None
    return read_plan(form)[0]


@dataclass(frozen=True)
class Said:
    """One expression of a definition: where it stands, what it decides (`what`) and the row it belongs to."""

    path: str
    at: str  # the pointer to it: `/materials/3/when`
    text: str
    what: str  # material, fee, stage, group, field; `rule`: it checks or reckons, and hides nothing
    name: str = ""
    around: str = ""  # the condition of the group around a field


def said_in(content: Mapping[str, Any]) -> Iterator[Said]:
    """Every expression of a definition."""
    for what, rows in (("material", "materials"), ("fee", "fees")):
        for place, row in enumerate(content.get(rows) or ()):
            yield from _conditions(rows, place, row, what, "when", row.get("name"))
            yield from _rules(rows, place, row, ("quantity",))
    for place, row in enumerate((content.get("flow") or {}).get("stages") or ()):
        yield from _conditions("flow.stages", place, row, "stage", "when", row.get("name"))
        for number, part in enumerate(_mappings(row.get("parts"))):
            if text := str(part.get("when") or "").strip():
                path = f"flow.stages.{row.get('key')}.parts.{number}.when"
                at = f"/flow/stages/{place}/parts/{number}/when"
                yield Said(path, at, text, "part", str(row.get("name") or row.get("key") or ""))
    form = content.get("form") or {}
    for place, check in enumerate(form.get("checks") or ()):
        yield from _rules("form.checks", place, check, ("expr", "when"))
    for place, group in enumerate(form.get("groups") or ()):
        yield from _of_group(place, group)


def _of_group(place: int, group: Row) -> Iterator[Said]:
    inside, around = f"form.groups.{place}", str(group.get("show_if") or "")
    yield from _conditions("form.groups", place, group, "group", "show_if", group.get("title"))
    for number, check in enumerate(group.get("checks") or ()):
        yield from _rules(f"{inside}.checks", number, check, ("expr", "when"))
    for number, item in enumerate(group.get("fields") or ()):
        yield from _of_field(f"{inside}.fields", number, item, around)
        for row, cell in enumerate(item.get("fields") or ()):
            yield from _of_field(f"{inside}.fields.{number}.fields", row, cell, around)


def _of_field(rows: str, place: int, item: Row, around: str) -> Iterator[Said]:
    yield from _conditions(rows, place, item, "field", "show_if", item.get("label"), around)
    yield from _rules(rows, place, item, ("value", "required", "element_if"))


def _where(rows: str, place: int, row: Row, name: str) -> tuple[str, str]:
    """An expression's path as findings say it (the form counts its rows, the rest goes by key) and its pointer."""
    step = place if rows.startswith("form") else row.get("key")
    return f"{rows}.{step}.{name}", f"/{rows.replace('.', '/')}/{place}/{name}"


def _conditions(rows: str, place: int, row: Row, what: str, name: str, label: Any, around: str = "") -> Iterator[Said]:
    if text := str(row.get(name) or "").strip():
        yield Said(*_where(rows, place, row, name), text, what, str(label or row.get("key") or ""), around)


def _rules(rows: str, place: int, row: Row, names: tuple[str, ...]) -> Iterator[Said]:
    for name in names:
        if isinstance(row.get(name), str) and row[name].strip():
            label = row.get("label") or row.get("name") or row.get("message") or row.get("key") or ""
            yield Said(*_where(rows, place, row, name), row[name], "rule", str(label))
