"""A compact form as JSON Schema 2020-12 (the shape other systems may rely on) and a display layer beside it."""

from __future__ import annotations

from typing import Any

import jsonschema_rs

from .structure import CHOICE, MOST_ROWS, ROWS, Field, plan_of, remembered
from .text import DEFAULT_LONGEST, LONGEST

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DATE = {"type": "string", "format": "date"}
_SHOWN = (
    "key",
    "type",
    "label",
    "hint",
    "element",
    "options",
    "item_label",
    "show_if",
    "value",
    "required",
    "unit",
    "rows",
    "accept",
)
_BOUNDS = {"min": "minimum", "max": "maximum"}


def longest(item: Field) -> int:
    """The most characters a text field takes."""
    return min(int(item.raw.get("max") or DEFAULT_LONGEST.get(item.type, LONGEST)), LONGEST)


def _text(item: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string", "maxLength": longest(item)}
    if item.raw.get("min"):
        schema["minLength"] = int(item.raw["min"])
    if item.raw.get("pattern"):
        schema["pattern"] = f"^(?:{item.raw['pattern']})$"
    return schema


def _number(item: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "number" if item.type == "number" else "integer"}
    schema |= {word: item.raw[key] for key, word in _BOUNDS.items() if item.raw.get(key) is not None}
    if item.type == "money":
        schema.setdefault("minimum", 0)
    if item.type == "number" and item.raw.get("decimals") is not None:
        schema["multipleOf"] = 10 ** -int(item.raw["decimals"])
    return schema


def _values(item: Field) -> list[Any]:
    return [str(option["value"]) for option in item.raw.get("options") or ()]


def _choices(item: Field) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "array", "items": {"enum": _values(item)}, "uniqueItems": True}
    schema |= {word: item.raw[key] for key, word in (("min", "minItems"), ("max", "maxItems")) if item.raw.get(key)}
    return schema


def _address(_item: Field) -> dict[str, Any]:
    parts = {
        "division": {"type": "string", "pattern": "^[0-9]{12}$"},
        "detail": {"type": "string", "maxLength": 200},
    }
    return {"type": "object", "properties": parts, "additionalProperties": False}


def _range(_item: Field) -> dict[str, Any]:
    return {"type": "object", "properties": {"from": DATE, "to": DATE}, "additionalProperties": False}


def _repeated(item: Field) -> dict[str, Any]:
    row = _object(item.rows)
    most = min(int(item.raw.get("max_items") or MOST_ROWS), MOST_ROWS)
    return {"type": "array", "items": row, "minItems": int(item.raw.get("min_items") or 0), "maxItems": most}


_SHAPES: dict[str, Any] = {
    "date": lambda _item: dict(DATE),
    "date_range": _range,
    "address": _address,
    "boolean": lambda _item: {"type": "boolean"},
    "checkboxes": _choices,
    "file": lambda _item: {"type": "string", "format": "uuid"},
    "signature": lambda _item: {"type": "string", "format": "uuid"},
    **dict.fromkeys(("number", "integer", "money"), _number),
    **dict.fromkeys(CHOICE, lambda item: {"enum": _values(item)}),
    **dict.fromkeys(ROWS, _repeated),
}


def _shape(item: Field) -> dict[str, Any]:
    schema = {"title": item.label, **_SHAPES.get(item.type, _text)(item)}
    if item.raw.get("hint"):
        schema["description"] = item.raw["hint"]
    if item.formula:
        schema["readOnly"] = True
    return schema


def _object(fields: tuple[Field, ...]) -> dict[str, Any]:
    given = [item for item in fields if item.type != "notice"]
    always = [
        f.key for f in given if f.raw.get("required") is True and not (f.condition or f.group_condition or f.formula)
    ]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {item.key: _shape(item) for item in given},
        "additionalProperties": False,
    }
    return schema | ({"required": always} if always else {})


def compile_form(form: dict[str, Any]) -> dict[str, Any]:
    """`{"schema": JSON Schema 2020-12, "display": groups in order}`. Conditional fields are never `required` in the schema."""
    plan = plan_of(form)
    schema = {"$schema": DIALECT, "title": form.get("title", ""), **_object(tuple(plan.fields.values()))}
    groups = [
        {
            "key": group["key"],
            "title": group.get("title", ""),
            "show_if": group.get("show_if", ""),
            "fields": [_shown(raw) for raw in group.get("fields") or ()],
        }
        for group in form.get("groups") or ()
    ]
    return {"schema": schema, "display": {"title": form.get("title", ""), "groups": groups}}


def _shown(raw: dict[str, Any]) -> dict[str, Any]:
    shown = {key: raw[key] for key in _SHOWN if raw.get(key) not in (None, "")}
    if raw.get("fields"):
        shown["fields"] = [_shown(row) for row in raw["fields"]]
    return shown


@remembered
def validator_of(form: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    """The compiled schema of a form."""
    return jsonschema_rs.Draft202012Validator(compile_form(form)["schema"], validate_formats=True)
