"""Whether a form definition is sound: its shape, its expressions, its circles. Asked when a definition is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import jsonschema_rs

from .expressions import CONTEXT_NAMES, KEYWORDS, faults_of_expression, why_it_fails
from .faults import Fault, fault
from .schema import validator_of
from .structure import CHOICE, MOST_ROWS, ROWS, TYPES, Field, passing, read_plan
from .text import LONGEST
from .trials import MOST_TESTS, TEST, faults_of_tests
from .values import day_named

KEY = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"}
WORDS = {"type": "string", "minLength": 1, "maxLength": 200}
LINE = {"type": "string", "maxLength": 200}
SENTENCE = {"type": "string", "maxLength": 2000}
FLAG = {"type": "boolean"}
BOUND = {"type": ["number", "string", "null"]}
COUNT = {"type": "integer", "minimum": 0}
ORIGIN = {
    "type": "object",
    "properties": {"key": KEY, "version": {"type": "integer", "minimum": 1}},
    "required": ["key", "version"],
    "additionalProperties": False,
}
OPTION = {
    "type": "object",
    "properties": {"value": {"type": ["string", "integer"]}, "label": WORDS, "hint": SENTENCE},
    "required": ["value", "label"],
    "additionalProperties": False,
}
CHECK = {
    "type": "object",
    "properties": {
        "expr": {"type": "string"},
        "when": {"type": "string"},
        "field": {"type": "string"},
        "message": {"type": "string", "minLength": 1, "maxLength": 300},
        "code": KEY,
    },
    "required": ["expr", "message"],
    "additionalProperties": False,
}
FIELD = {
    "type": "object",
    "properties": {
        "key": KEY,
        "was": {"type": "array", "items": KEY, "maxItems": 20},  # former keys: answers under these are its own
        "label": WORDS,
        "type": {"enum": sorted(TYPES)},
        "required": {"type": ["boolean", "string"]},
        "hint": SENTENCE,
        "placeholder": LINE,
        "text": SENTENCE,
        "element": {"type": "string", "pattern": r"^[a-z]+\.[a-z_]+$"},
        "element_if": {"type": "string"},
        "of": KEY,
        "carry": FLAG,
        "show_if": {"type": "string"},
        "value": {"type": ["string", "number", "null"]},
        "default": {"type": ["string", "number", "boolean", "null"]},
        "min": BOUND,
        "max": BOUND,
        "decimals": {"type": "integer", "minimum": 0, "maximum": 6},
        "unit": LINE,
        "pattern": {"type": "string", "maxLength": 200},
        "mobile": FLAG,
        "detail": FLAG,
        "rows": {"type": "integer", "minimum": 2, "maximum": 20},
        "options": {"type": "array", "items": OPTION, "maxItems": 200},
        "min_items": COUNT,
        "max_items": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS},
        "item_label": LINE,
        "accept": {"type": "array", "items": {"type": "string"}},
        "origin": ORIGIN,
        "fields": {"type": "array", "items": {"$ref": "#/$defs/field"}},
    },
    "required": ["key", "type"],
    "additionalProperties": False,
}
GROUP = {
    "type": "object",
    "properties": {
        "key": KEY,
        "title": WORDS,
        "hint": SENTENCE,
        "show_if": {"type": "string"},
        "fields": {"type": "array", "items": {"$ref": "#/$defs/field"}},
        "checks": {"type": "array", "items": CHECK},
        "origin": ORIGIN,
    },
    "required": ["key", "fields"],
    "additionalProperties": False,
}
FORM_SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {"field": FIELD},
    "type": "object",
    "properties": {
        "title": {"type": "string", "maxLength": 200},
        "hint": SENTENCE,
        "groups": {"type": "array", "items": GROUP},
        "checks": {"type": "array", "items": CHECK},
        "tests": {"type": "array", "items": TEST, "maxItems": MOST_TESTS},
    },
    "required": ["groups"],
    "additionalProperties": False,
}
_SOUND = jsonschema_rs.Draft202012Validator(FORM_SCHEMA)
RESERVED = CONTEXT_NAMES | KEYWORDS


def faults_of_form(form: dict[str, Any]) -> list[Fault]:
    """Everything wrong with a definition, each with its path in the definition (`groups.0.fields.2.show_if`)."""
    shape = [_shape_fault(error) for error in _SOUND.iter_errors(form)]
    if shape:
        return shape  # the rest reads the definition and needs it whole
    plan, circle = read_plan(form)
    found = [
        *_group_faults(form),
        *_field_faults(form),
        *_expression_faults(form),
        *_check_faults(form, set(plan.fields)),
    ]
    if circle:
        found.append(_circle_fault(form, plan.fields, circle))
    return found or _schema_faults(form) or list(_probe(form, plan.fields)) or list(faults_of_tests(form))


_MISSING = {"label": "no_label", "title": "no_title", "message": "no_message"}


def _shape_fault(error: Any) -> Fault:
    """What an official can leave half done has a sentence of its own."""
    path = list(error.instance_path)
    last, kind = str(path[-1]) if path else "", type(error.kind).__name__.rpartition("_")[2]
    dotted = ".".join(map(str, path))
    if kind == "MinLength" and last in _MISSING:
        return fault(dotted, _MISSING[last])
    if kind == "Pattern" and last == "key":
        return fault(dotted, "key_shape", key=str(error.instance)[:60])
    return fault(dotted, "structure", detail=error.message[:300])


def _circle_fault(form: dict[str, Any], fields: dict[str, Field], circle: tuple[str, ...]) -> Fault:
    """The circle as a way from field to field, by their labels, beside the first of them."""
    first = circle[0].split(".")[0]
    path = next((path for path, _group, raw in _places(form) if raw["key"] == first), "")
    cells = {f"{item.key}.{cell.key}": cell for item in fields.values() for cell in item.rows}
    labels = [(fields | cells)[key].label for key in circle]
    return fault(path, "cycle", circle=" → ".join(f"“{label}”" for label in labels))


def _group_faults(form: dict[str, Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for g, group in enumerate(form["groups"]):
        if not group["fields"]:
            yield fault(f"groups.{g}", "empty_group", title=group.get("title") or group["key"])
        if group["key"] in seen:
            yield fault(f"groups.{g}", "duplicate_group", key=group["key"])
        seen.add(group["key"])


def _places(form: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for g, group in enumerate(form["groups"]):
        for f, raw in enumerate(group["fields"]):
            yield f"groups.{g}.fields.{f}", group, raw


def _field_faults(form: dict[str, Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for path, _group, raw in _places(form):
        yield from _key_faults(path, raw, seen)
        inner: set[str] = set()
        for r, row in enumerate(raw.get("fields") or ()):
            yield from _key_faults(f"{path}.fields.{r}", row, inner)
            if row["type"] in ROWS:
                yield fault(f"{path}.fields.{r}", "nested_rows", key=raw["key"])


def _key_faults(path: str, raw: dict[str, Any], seen: set[str]) -> Iterator[Fault]:
    key = raw["key"]
    if key in seen:
        yield fault(path, "duplicate_key", key=key)
    if key in RESERVED:
        yield fault(path, "reserved_key", key=key)
    seen.add(key)
    if raw["type"] in ROWS and not raw.get("fields"):
        yield fault(path, "no_fields", key=key)
    if raw["type"] in CHOICE | {"checkboxes"}:
        yield from _option_faults(path, raw)
    yield from _bound_faults(path, raw)
    least, most = raw.get("min"), raw.get("max")
    if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
        yield fault(path, "limits", key=key)
    if raw["type"] in ("text", "textarea") and isinstance(most, int | float) and most > LONGEST:
        yield fault(f"{path}.max", "structure", detail=f"max > {LONGEST}")


def _bound_faults(path: str, raw: dict[str, Any]) -> Iterator[Fault]:
    """Bounds of numbers are numbers, those of days are days, those of what is counted are counts."""
    fitting = _BOUND_OF.get(raw["type"], _is_count)
    for word in ("min", "max"):
        if raw.get(word) is not None and not fitting(raw[word]):
            yield fault(f"{path}.{word}", "bound", key=raw["key"])


def _is_number(bound: Any) -> bool:
    return isinstance(bound, int | float) and not isinstance(bound, bool)


def _is_count(bound: Any) -> bool:
    return isinstance(bound, int) and not isinstance(bound, bool) and bound >= 0


def _is_day(bound: Any) -> bool:
    return isinstance(bound, str) and day_named(bound, date(2026, 1, 1)) is not None


_BOUND_OF = dict.fromkeys(("number", "integer", "money"), _is_number) | dict.fromkeys(("date", "date_range"), _is_day)


def _schema_faults(form: dict[str, Any]) -> list[Fault]:
    """What is wrong with the JSON Schema that the definition stands for, as a pattern nobody can read."""
    try:
        with passing(form):
            validator_of(form)
    except jsonschema_rs.ValidationError as error:
        _properties, key, *_within, last = map(str, error.instance_path)
        path = next(path for path, _group, raw in _places(form) if raw["key"] == key)
        return [fault(f"{path}.{last}", "structure", detail=error.message[:300])]
    return []


def _option_faults(path: str, raw: dict[str, Any]) -> Iterator[Fault]:
    values = [str(option["value"]) for option in raw.get("options") or ()]
    if not values:
        yield fault(path, "no_options", key=raw["key"])
    for value in sorted({value for value in values if values.count(value) > 1}):
        yield fault(f"{path}.options", "duplicate_option", key=raw["key"], value=value)


def _expressions(form: dict[str, Any]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Every expression with its path and the names it may ask for."""
    outer = frozenset(raw["key"] for _path, _group, raw in _places(form))
    for g, group in enumerate(form["groups"]):
        if group.get("show_if"):
            yield f"groups.{g}.show_if", group["show_if"], outer
    for path, _group, raw in _places(form):
        yield from _of_field(path, raw, outer)
        rows = frozenset(row["key"] for row in raw.get("fields") or ())
        for r, row in enumerate(raw.get("fields") or ()):
            yield from _of_field(f"{path}.fields.{r}", row, outer | rows)


def _of_field(path: str, raw: dict[str, Any], names: frozenset[str]) -> Iterator[tuple[str, str, frozenset[str]]]:
    for word in ("show_if", "value", "required", "element_if"):
        said = raw.get(word)
        if said not in (None, "") and not isinstance(said, bool):
            yield f"{path}.{word}", str(said), names


def _checks(form: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for c, rule in enumerate(form.get("checks") or ()):
        yield f"checks.{c}", rule
    for g, group in enumerate(form["groups"]):
        for c, rule in enumerate(group.get("checks") or ()):
            yield f"groups.{g}.checks.{c}", rule


def _expression_faults(form: dict[str, Any]) -> Iterator[Fault]:
    for path, expression, names in _expressions(form):
        yield from faults_of_expression(expression, path, names)


def _check_faults(form: dict[str, Any], names: set[str]) -> Iterator[Fault]:
    for path, rule in _checks(form):
        yield from faults_of_expression(rule["expr"], f"{path}.expr", names)
        if rule.get("when"):
            yield from faults_of_expression(rule["when"], f"{path}.when", names)
        if rule.get("field") and rule["field"].split(".")[0] not in names:
            yield fault(f"{path}.field", "unknown_check_field", field=rule["field"])


# --- a try with everything filled in: types that do not go together show themselves ---------------------------------------

_SAMPLES: dict[str, Any] = {
    "number": 12.5,
    "integer": 3,
    "money": 12000,
    "boolean": True,
    "date": "2026-03-08",
    "date_range": {"from": "2026-03-08", "to": "2026-03-09"},
    "address": {"division": "511602001001", "detail": "1号"},
}


def _sample(item: Field) -> Any:
    if item.rows:
        return [{row.key: _sample(row) for row in item.rows}]
    options = [str(option["value"]) for option in item.raw.get("options") or ()]
    if item.type == "checkboxes":
        return options
    return options[0] if options else _SAMPLES.get(item.type, "样例")


def _probe(form: dict[str, Any], fields: dict[str, Field]) -> Iterator[Fault]:
    scope = {key: _sample(item) for key, item in fields.items()}
    scope |= {"situation": {}, "applicant": {"kind": "person"}, "today": "2026-03-08"}
    checks = [(f"{path}.expr", rule["expr"], frozenset[str]()) for path, rule in _checks(form)]
    for path, expression, names in [*_expressions(form), *checks]:
        rows = {
            cell.key: _sample(cell) for item in fields.values() for cell in item.rows if cell.key in names - set(fields)
        }
        if why := why_it_fails(expression, {**rows, **scope}):
            yield fault(path, "expression_fails", expression=expression, detail=why)
