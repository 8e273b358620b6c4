"""What becomes of answers when the form they were written for is replaced: nothing is lost, nothing is forced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Form = Mapping[str, Any]
# What a field says about others; set aside it stands alone.
DEPENDENT = frozenset({"show_if", "required", "value", "default", "element", "element_if", "of"})


@dataclass(frozen=True)
class Moved:
    """Answers for the new form; what it no longer asks, as {"fields", "answers"}; labels of what it newly requires."""

    answers: dict[str, Any]
    aside: dict[str, Any]
    asked: list[str]
    renamed: dict[str, str] = field(default_factory=dict)  # former key → key


def move_answers(old: Form, new: Form, answers: Mapping[str, Any], aside: Mapping[str, Any]) -> Moved:
    """Keep what the new form still asks in the same way; lay the rest aside; take back what was aside and is asked again."""
    before, after = _fields(old), _fields(new)
    laid = {raw["key"]: raw for raw in aside.get("fields") or ()}
    known = {**laid, **before}
    given = {**(aside.get("answers") or {}), **answers}
    renamed = _renamed(known, after)
    given = {renamed.get(key, key): _cells(value, after.get(renamed.get(key, key))) for key, value in given.items()}
    known = {renamed.get(key, key): raw for key, raw in known.items()}
    kept = {key: value for key, value in given.items() if _still_asked(key, known, after)}
    left = {key: value for key, value in given.items() if key not in kept}
    fields = [_alone(known[key]) for key in left if key in known]
    old_keys = {renamed.get(key, key) for key in before}
    asked = [str(raw.get("label") or key) for key, raw in after.items() if raw.get("required") and key not in old_keys]
    return Moved(kept, {"fields": fields, "answers": left} if left else {}, [one for one in asked if one], renamed)


def _renamed(known: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Which fields of the old form go by another key now. A key that is asked again is that field's own."""
    found: dict[str, str] = {}
    for key, raw in after.items():
        former = [old for old in raw.get("was") or () if old in known and old not in after and old not in found]
        if former and key not in known:
            found[former[-1]] = key
    return found


def _cells(value: Any, raw: Mapping[str, Any] | None) -> Any:
    """The rows of a repeat with the cells that go by another key now."""
    cells = (raw or {}).get("fields") or ()
    if not isinstance(value, list) or not any(cell.get("was") for cell in cells):
        return value
    there = {cell["key"] for cell in cells}
    former = {old: cell["key"] for cell in cells for old in cell.get("was") or () if old not in there}
    return [_row(row, former) if isinstance(row, dict) else row for row in value]


def _row(row: Mapping[str, Any], former: Mapping[str, str]) -> dict[str, Any]:
    return {(former[name] if name in former and former[name] not in row else name): cell for name, cell in row.items()}


def _still_asked(key: str, known: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether the new form asks it in the same way. What no form ever knew is not ours to judge, and stays."""
    if key not in known:
        return True
    return key in after and after[key].get("type") == known[key].get("type")


def _fields(form: Form) -> dict[str, Mapping[str, Any]]:
    return {raw["key"]: raw for group in form.get("groups") or () for raw in group.get("fields") or ()}


def _alone(raw: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in raw.items() if name not in DEPENDENT}
    if raw.get("fields"):
        kept["fields"] = [_alone(cell) for cell in raw["fields"]]
    return kept
