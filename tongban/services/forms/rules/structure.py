"""A form definition, read once: its fields in the order in which they must be evaluated."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from .expressions import names_in

ROWS = frozenset({"repeat", "table"})
CHOICE = frozenset({"select", "radio"})
TYPES = (
    frozenset(
        "text textarea id_number uscc phone email date date_range money number integer address select radio checkboxes boolean "
        "file signature notice".split()
    )
    | ROWS
)
MOST_ROWS = 200
MOST_PLANS = 1000  # a few kilobytes each
T = TypeVar("T")


@dataclass(frozen=True)
class Field:
    """One field as its definition says; `condition` is its own, `group_condition` that of the group around it."""

    key: str
    type: str
    label: str
    raw: dict[str, Any]
    condition: str = ""
    group_condition: str = ""
    formula: str = ""
    rows: tuple[Field, ...] = ()

    @property
    def expressions(self) -> list[str]:
        need = self.raw.get("required")
        return [e for e in (self.condition, self.group_condition, self.formula, need) if isinstance(e, str) and e]

    @property
    def asks_for(self) -> frozenset[str]:
        """Names of the fields around it that must be known first. What a row asks of its own row does not count."""
        names = {name for e in self.expressions for name in names_in(e)}
        own = {row.key for row in self.rows}
        for row in self.rows:
            names |= {name for e in row.expressions for name in names_in(e)} - own
        return frozenset(names)


@dataclass(frozen=True)
class Plan:
    """A form ready for work."""

    form: dict[str, Any]
    fields: dict[str, Field]
    order: tuple[Field, ...]
    checks: tuple[tuple[str, dict[str, Any]], ...]  # the group's condition, the check


def _field(raw: dict[str, Any], group_condition: str = "") -> Field:
    rows = tuple(_field(row) for row in raw.get("fields") or ())
    return Field(
        key=raw["key"],
        type=raw["type"],
        label=raw.get("label", raw["key"]),
        raw=raw,
        condition=raw.get("show_if") or "",
        group_condition=group_condition,
        formula=str(raw["value"]) if raw.get("value") not in (None, "") else "",
        rows=_in_order({row.key: row for row in rows})[0],
    )


def _in_order(fields: dict[str, Field]) -> tuple[tuple[Field, ...], tuple[str, ...]]:
    """Fields so that each follows what it asks for, and the keys of the first circle found (empty: there is none)."""
    done: dict[str, Field] = {}
    circle: list[str] = []

    def visit(key: str, path: tuple[str, ...]) -> None:
        if key in path:
            circle.extend(() if circle else (*path[path.index(key) :], key))
            return
        if key in done or key not in fields:
            return
        for name in sorted(fields[key].asks_for):
            visit(name, (*path, key))
        done[key] = fields[key]

    for key in fields:
        visit(key, ())
    return tuple(done.values()), tuple(circle)


def read_plan(form: dict[str, Any]) -> tuple[Plan, tuple[str, ...]]:
    """The plan of a well-shaped form, and the first circle of conditions in it."""
    fields: dict[str, Field] = {}
    checks: list[tuple[str, dict[str, Any]]] = [("", check) for check in form.get("checks") or ()]
    circle: tuple[str, ...] = ()
    for group in form.get("groups") or ():
        condition = group.get("show_if") or ""
        for raw in group.get("fields") or ():
            fields[raw["key"]] = _field(raw, condition)
            rows = {row["key"]: _field(row) for row in raw.get("fields") or ()}
            circle = circle or tuple(f"{raw['key']}.{key}" for key in _in_order(rows)[1])
        checks.extend((condition, check) for check in group.get("checks") or ())
    order, outer = _in_order(fields)
    return Plan(form, fields, order, tuple(checks)), outer or circle


_FORGETTING: list[Callable[[dict[str, Any]], None]] = []


def remembered(make: Callable[[dict[str, Any]], T]) -> Callable[[dict[str, Any]], T]:
    """Keep what is made from a definition, by the identity of its groups: a published one is never changed.

    By the groups, not by the form itself, for a situation leaves a form of its own with the same groups in it. Finding it
    by content would cost more than the check of a whole application.
    """
    kept: OrderedDict[tuple[int, ...], tuple[Any, T]] = OrderedDict()

    def find(form: dict[str, Any]) -> T:
        parts = (*(form.get("groups") or ()), form.get("checks"))
        key = tuple(map(id, parts))
        found = kept.get(key)
        if found is None:
            found = kept[key] = (parts, make(form))  # holding the parts keeps their ids their own
            if len(kept) > MOST_PLANS:
                kept.popitem(last=False)
        return found[1]

    def forget(form: dict[str, Any]) -> None:
        kept.pop(tuple(map(id, (*(form.get("groups") or ()), form.get("checks")))), None)

    _FORGETTING.append(forget)
    return find


@contextmanager
def passing(form: dict[str, Any]) -> Iterator[None]:
    """For a form that is still being written: what is made from it is not kept beyond this block."""
    try:
        yield
    finally:
        for forget in _FORGETTING:
            forget(form)


@remembered
def plan_of(form: dict[str, Any]) -> Plan:
    """The plan of a form that was found sound when it was loaded."""
    return read_plan(form)[0]
