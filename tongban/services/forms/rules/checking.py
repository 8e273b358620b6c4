"""Every fault of a set of answers at once: shape, texts, identifiers (GB 11643, GB 32100), real dates, and how they fit together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.foundation.kernel.identifiers import citizen_id_birth, citizen_id_fault, citizen_id_sex

from .evaluation import Evaluated, evaluate, is_empty
from .expressions import holds, reckon
from .faults import Fault, fault
from .schema import longest, validator_of
from .structure import CHOICE, Field, plan_of
from .text import LONGEST
from .tidying import tidy
from .values import VALUE_CHECKS

Row = tuple[str, int] | None
Problem = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Known:
    """What only the city's registers know: whether a division exists, whether a stored file does."""

    division: Callable[[str], bool] | None = None
    file: Callable[[str], bool] | None = None


@dataclass(frozen=True)
class Settled:
    """Answers that may be kept (hidden ones dropped, computed ones filled in) and everything wrong with them."""

    answers: dict[str, Any]
    faults: list[Fault]
    evaluated: Evaluated


NOTHING_KNOWN = Known()


def mentioned(form: dict[str, Any], answers: dict[str, Any], *types: str) -> Iterator[Any]:
    """Every value of fields of these types, in rows too, so that what they name can be looked up in one go."""
    for item in plan_of(form).fields.values():
        value = answers.get(item.key)
        if item.rows and isinstance(value, list):
            cells = [cell.key for cell in item.rows if cell.type in types]
            yield from (row[key] for row in value if isinstance(row, dict) for key in cells if key in row)
        elif item.type in types and value:
            yield value


def settle(
    form: dict[str, Any], answers: dict[str, Any], context: dict[str, Any], today: date, known: Known = NOTHING_KNOWN
) -> Settled:
    """Tidy, evaluate, check. A fault's path is said once, with the first thing wrong there."""
    context = {"today": today.isoformat(), **context}
    tidied = tidy(form, answers)
    evaluated = evaluate(form, tidied, context)
    found: dict[str, Fault] = {}
    for problem in _all_faults(form, tidied, evaluated, today, known):
        found.setdefault(problem.path, problem)
    return Settled(evaluated.answers, list(found.values()), evaluated)


def check(
    form: dict[str, Any], answers: dict[str, Any], context: dict[str, Any], today: date, known: Known = NOTHING_KNOWN
) -> list[Fault]:
    """Everything wrong with these answers, in the order of the form."""
    return settle(form, answers, context, today, known).faults


def _all_faults(
    form: dict[str, Any], tidied: dict[str, Any], evaluated: Evaluated, today: date, known: Known
) -> Iterator[Fault]:
    fields = plan_of(form).fields
    yield from _strangers(fields, tidied)
    shape = _shape_faults(form, evaluated)
    for item in fields.values():
        yield from _field_faults(item, evaluated.answers, item.key, None, evaluated, today, known)
        yield from (each for path, each in shape if path[0] == item.key)
    yield from _cross_faults(form, evaluated)


def _strangers(fields: dict[str, Field], tidied: dict[str, Any]) -> Iterator[Fault]:
    """What the form does not ask for. It is never kept; a system that sends it should know."""
    for key, value in tidied.items():
        if key not in fields:
            yield fault(key, "unknown_field", key=str(key)[:60])
        elif fields[key].rows and isinstance(value, list):
            cells = {cell.key for cell in fields[key].rows}
            for number, row in enumerate(value):
                strange = [name for name in row if name not in cells] if isinstance(row, dict) else []
                yield from (fault(f"{key}.{number}.{name}", "unknown_field", key=str(name)[:60]) for name in strange)


def _field_faults(
    item: Field, around: dict[str, Any], path: str, row: Row, evaluated: Evaluated, today: date, known: Known
) -> Iterator[Fault]:
    value = around.get(item.key)
    if is_empty(value):
        if path in evaluated.required:
            yield _required(item, path, row)
        return
    if item.rows:
        yield from _row_faults(item, value, path, evaluated, today, known)
        return
    for code, params in _value_problems(item, value, today, known):
        part = params.pop("part", "")
        yield fault(f"{path}.{part}" if part else path, code, row, **({"label": item.label} | params))
    yield from _agreement(item, value, around, path, row)


def _row_faults(item: Field, rows: Any, path: str, evaluated: Evaluated, today: date, known: Known) -> Iterator[Fault]:
    for number, answers in enumerate(rows if isinstance(rows, list) else []):
        if isinstance(answers, dict):
            place = (item.raw.get("item_label") or item.label, number + 1)
            for cell in item.rows:
                yield from _field_faults(cell, answers, f"{path}.{number}.{cell.key}", place, evaluated, today, known)


def _required(item: Field, path: str, row: Row) -> Fault:
    code = {
        "boolean": "required_boolean",
        "file": "required_file",
        "signature": "required_signature",
        "checkboxes": "required_choice",
        **dict.fromkeys(CHOICE, "required_choice"),
        **dict.fromkeys(("repeat", "table"), "required_rows"),
    }.get(item.type, "required")
    return fault(path, code, row, label=item.label, min=max(int(item.raw.get("min_items") or 1), 1))


def _value_problems(item: Field, value: Any, today: date, known: Known) -> Iterator[Problem]:
    judge = VALUE_CHECKS.get(item.type)
    if judge is not None:
        yield from judge(item, value, today)
    if item.type == "boolean" and item.raw.get("required") and value is False:
        yield "required_boolean", {}
    if item.type in ("file", "signature") and known.file and not (isinstance(value, str) and known.file(value)):
        yield "file_unknown", {}
    if item.type == "address" and known.division and isinstance(value, dict):
        code = value.get("division")
        if isinstance(code, str) and code and not known.division(code):
            yield "address_unknown", {"part": "division"}


def _agreement(item: Field, value: Any, around: dict[str, Any], path: str, row: Row) -> Iterator[Fault]:
    """A birth date or sex that stands beside an ID number must agree with it."""
    code = {"person.birth_on": "birth_mismatch", "person.sex": "sex_mismatch"}.get(item.raw.get("element", ""))
    number = around.get(item.raw.get("of") or "id_number")
    if not code or not isinstance(number, str) or citizen_id_fault(number, today=date.max):
        return
    birth = citizen_id_birth(number)
    says = birth.isoformat() if code == "birth_mismatch" and birth else citizen_id_sex(number)
    if value != says and (code == "birth_mismatch" or value in ("1", "2")):
        yield fault(path, code, row, label=item.label)


# --- shape, by the schema -------------------------------------------------------------------------------------------------

_TYPE_CODES = {"number": "not_a_number", "integer": "not_an_integer", "money": "not_money"}


def _kind_too_long(item: Field, error: Any) -> Problem:
    count = len(error.instance)
    if count > LONGEST:
        return "far_too_long", {"max": longest(item)}
    return "too_long", {"max": longest(item), "count": count}


def _limit(name: str) -> Callable[[Field, Any], Problem]:
    code, word = {
        "Minimum": ("too_small", "min"),
        "Maximum": ("too_big", "max"),
    }[name]

    def problem(item: Field, error: Any) -> Problem:
        limit = error.kind.limit
        if item.type == "money":
            return code, {word: f"{limit / 100:.2f}元"}
        return code, {word: f"{limit:g}" if isinstance(limit, float) else str(limit)}

    return problem


_KINDS: dict[str, Callable[[Field, Any], Problem]] = {
    "MaxLength": _kind_too_long,
    "MinLength": lambda item, error: ("too_short", {"min": error.kind.limit}),
    "Pattern": lambda item, error: ("pattern", {}),
    "Minimum": _limit("Minimum"),
    "Maximum": _limit("Maximum"),
    "MultipleOf": lambda item, error: ("too_fine", {"decimals": item.raw.get("decimals", 0)}),
    "Enum": lambda item, error: ("option", {}),
    "UniqueItems": lambda item, error: ("same_choice_twice", {}),
    "Type": lambda item, error: (_TYPE_CODES.get(item.type, "type"), {}),
}


def _items_problem(item: Field, error: Any, name: str) -> Problem:
    limit, count = error.kind.limit, len(error.instance)
    if name == "MinItems":
        return ("required_rows" if item.rows else "too_few_choices"), {"min": limit}
    return ("too_many_rows" if item.rows else "too_many_choices"), {"max": limit, "count": count}


def _shape_faults(form: dict[str, Any], evaluated: Evaluated) -> list[tuple[list[Any], Fault]]:
    found = []
    for error in validator_of(form).iter_errors(evaluated.answers):
        path, name = list(error.instance_path), type(error.kind).__name__.rpartition("_")[2]
        if not path or name == "Required":
            continue  # required and unknown fields at the top have sentences of their own
        found.append((path, _shape_fault(form, path, name, error)))
    return found


def _shape_fault(form: dict[str, Any], path: list[Any], name: str, error: Any) -> Fault:
    item, row = _field_at(form, path)
    dotted = ".".join(str(part) for part in path)
    if name == "AdditionalProperties":
        key = str(error.kind.unexpected[0])
        return fault(f"{dotted}.{key}", "unknown_field", row, key=key[:60])
    if name in ("MinItems", "MaxItems"):
        code, params = _items_problem(item, error, name)
    else:
        code, params = _KINDS.get(name, lambda _item, _error: ("type", {}))(item, error)
    return fault(dotted, code, row, label=item.label, **params)


def _field_at(form: dict[str, Any], path: list[Any]) -> tuple[Field, Row]:
    item = plan_of(form).fields[str(path[0])]
    if not item.rows or len(path) < 3:
        return item, (item.raw.get("item_label") or item.label, path[1] + 1) if item.rows and len(path) == 2 else None
    cell = next(cell for cell in item.rows if cell.key == path[2])
    return cell, (item.raw.get("item_label") or item.label, int(path[1]) + 1)


# --- how answers fit together ---------------------------------------------------------------------------------------------


def _cross_faults(form: dict[str, Any], evaluated: Evaluated) -> Iterator[Fault]:
    """The definition's own checks. One that cannot be computed yet says nothing: what is missing has said so itself."""
    for condition, rule in plan_of(form).checks:
        if not (holds(condition, evaluated.scope) and holds(rule.get("when") or "", evaluated.scope)):
            continue
        if reckon(rule["expr"], evaluated.scope) is False:
            path = rule.get("field") or ""
            if not path or path.split(".")[0] in evaluated.visible:
                yield Fault(path, rule.get("code") or "check", rule["message"])
