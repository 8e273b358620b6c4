"""What a form shows, computes and asks for, given what has been answered so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .expressions import holds, reckon
from .structure import ROWS, Field, plan_of

_TEXTS = frozenset("text textarea id_number uscc phone email date select radio file signature".split())
_MAPPINGS = frozenset({"address", "date_range"})
BIGGEST = 10**15


@dataclass
class Evaluated:
    """Paths of what is visible and required, values of what is computed, and the answers that remain (`answers`)."""

    visible: set[str] = field(default_factory=set)
    computed: dict[str, Any] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)
    answers: dict[str, Any] = field(default_factory=dict)
    scope: dict[str, Any] = field(default_factory=dict)  # what an expression about the whole form may ask


def is_empty(value: Any) -> bool:
    """Not answered: nothing, blank text, an empty list, or a mapping of nothing. False and 0 are answers."""
    if isinstance(value, dict):
        return all(is_empty(part) for part in value.values())
    return value is None or value in ("", []) or (isinstance(value, str) and not value.strip())


def fits(kind: str, value: Any) -> bool:
    """Whether a value has the shape of its field type, so that an expression may reckon with it."""
    if kind in _TEXTS:
        return isinstance(value, str)
    if kind in _MAPPINGS:
        return isinstance(value, dict)
    if kind == "boolean":
        return isinstance(value, bool)
    if kind == "checkboxes":
        return isinstance(value, list) and all(isinstance(part, str) for part in value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= BIGGEST:
        return False  # NaN is not less than anything
    return kind == "number" or isinstance(value, int)


def scope_of(context: dict[str, Any]) -> dict[str, Any]:
    """What expressions may ask beside the answers."""
    return {
        "situation": context.get("situation") or {},
        "applicant": context.get("applicant") or {},
        "today": context.get("today"),
    }


def _unanswered(item: Field) -> Any:
    return [] if item.type in ROWS or item.type == "checkboxes" else None


def _usable(item: Field, value: Any) -> Any:
    return value if not is_empty(value) and fits(item.type, value) else _unanswered(item)


def _computed(item: Field, scope: dict[str, Any]) -> Any:
    """A computed value in its field's type: whole numbers and fen are rounded half up, as money is."""
    value = reckon(item.formula, scope)
    if isinstance(value, float):
        if not abs(value) <= BIGGEST:
            return None
        decimals = item.raw.get("decimals", 2) if item.type == "number" else 0
        value = round(value + (1e-9 if value >= 0 else -1e-9), decimals)
        return int(value) if value == int(value) else value
    return value if fits(item.type, value) else None


def _rows(item: Field, rows: Any, scope: dict[str, Any], out: Evaluated) -> list[Any]:
    """The rows of a repeated group, each evaluated with its own answers laid over those around it."""
    kept = []
    for number, row in enumerate(rows if isinstance(rows, list) else []):
        if not isinstance(row, dict):
            kept.append(row)
            continue
        inner = {**scope, **{cell.key: None for cell in item.rows}}
        answers: dict[str, Any] = {}
        for cell in item.rows:
            _settle(cell, row.get(cell.key), f"{item.key}.{number}.{cell.key}", inner, answers, out)
        kept.append(answers)
    return kept


def _settle(item: Field, given: Any, path: str, scope: dict[str, Any], answers: dict[str, Any], out: Evaluated) -> None:
    if not (holds(item.group_condition, scope) and holds(item.condition, scope)):
        return
    out.visible.add(path)
    if item.type == "notice":
        return
    if item.formula:
        given = out.computed[path] = _computed(item, scope)
        scope[item.key] = given
    elif item.rows:
        given = _rows(item, given, scope, out)
        cells = {cell.key: cell for cell in item.rows}
        scope[item.key] = [
            {key: _usable(cell, row.get(key)) for key, cell in cells.items()} for row in given if isinstance(row, dict)
        ]
    else:
        scope[item.key] = _usable(item, given)
    if not is_empty(given):
        answers[item.key] = given
    if _is_required(item, scope):
        out.required.add(path)


def _is_required(item: Field, scope: dict[str, Any]) -> bool:
    need = item.raw.get("required")
    if item.formula:
        return False
    return holds(need, scope) if isinstance(need, str) and need else bool(need)


def evaluate(form: dict[str, Any], answers: dict[str, Any], context: dict[str, Any]) -> Evaluated:
    """One pass in the order of dependence, which is the fixpoint since a form with circles is never published.

    What is hidden counts as not answered and its value falls away; what is computed is never taken from the input.
    """
    plan, out = plan_of(form), Evaluated()
    scope = {key: _unanswered(item) for key, item in plan.fields.items()} | scope_of(context)
    for item in plan.order:
        _settle(item, answers.get(item.key), item.key, scope, out.answers, out)
    out.scope = scope
    return out
