"""The elements with their values, as a page shows them: each control with its address in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tongban.services.authoring.rules.gaps import at
from tongban.services.items.queries import code_tables
from tongban.services.licences.queries import types_in_force

from .choices import condition_choices
from .elements import LICENCE_TYPES, Field, Maybe, Rows, Section, label

TOPIC_TABLES = {"user_topic_type", "corp_topic_type"}  # topics are written by name, everything else by code


def section_of(section: Section, content: Mapping[str, Any]) -> dict[str, Any]:
    parts = [part_of(part, content, "") for part in section.parts]
    fresh = [part["path"][1:] for part in parts if part["is"] != "field"]
    return {"key": section.key, "title": section.title, "lead": section.lead, "parts": parts, "fresh": fresh}


def part_of(part: Field | Rows | Maybe, content: Any, above: str, rows: str = "") -> dict[str, Any]:
    """A part with its value; `above` is the pointer of the row it stands in, `rows` the list that row is of."""
    path = f"{above}/{part.name.replace('.', '/')}"
    value = at(content, path.split("/")[1:])
    about = {"path": path, "id": "f" + path.replace("/", "-"), "help": part.help, "ground": part.ground}
    if isinstance(part, Rows):
        return about | _rows(part, content, path, value)
    if isinstance(part, Maybe):
        inner = [part_of(one, content, path) for one in part.fields] if isinstance(value, dict) else []
        return about | {"is": "maybe", "label": part.label, "title": label(part.name, rows), "given": value is not None,
                        "fields": inner, "blank": dict(part.blank)}  # fmt: skip
    return about | {
        "is": "field", "kind": part.kind, "label": label(part.name, rows), "value": shown(part, value),
        "example": part.example, "options": options_of(part, value), "most": part.most, "wide": part.wide,
        "fixed": part.fixed, "choices": condition_choices(content, value) if part.kind == "condition" else None,
    }  # fmt: skip


def _rows(part: Rows, content: Any, path: str, value: Any) -> dict[str, Any]:
    found = value if isinstance(value, list) else []
    return {
        "is": "rows",
        "title": label(part.name),
        "add": part.add,
        "blank": fresh_row(part, found),
        "columns": list(_columns(part)),
        "rows": [
            {
                "path": f"{path}/{place}",
                "number": place + 1,
                "name": _name(row),
                "fields": [part_of(one, content, f"{path}/{place}", part.name) for one in part.fields],
                "up": f"{path}/{place - 1}" if place else "",
                "down": f"{path}/{place + 1}" if place + 1 < len(found) else "",
            }
            for place, row in enumerate(found)
        ],
    }


def fresh_row(part: Rows, found: Sequence[Any]) -> dict[str, Any]:
    """A new row, with a key that no other row has."""
    if not part.key:
        return dict(part.blank)
    taken = {row.get("key") for row in found if isinstance(row, dict)}
    number = len(found) + 1
    while f"{part.key}_{number}" in taken:
        number += 1
    return {"key": f"{part.key}_{number}", **part.blank}


def _columns(part: Rows) -> Iterator[dict[str, Any]]:
    """What a pasted table may fill: by the name at its head, else in this order."""
    for one in part.fields:
        if isinstance(one, Field) and one.kind not in ("flag", "choices"):
            options = {str(word): code for code, word in options_of(one, None)}
            yield {"name": one.name, "label": label(one.name, part.name), "kind": one.kind, "options": options}


def _name(row: Any) -> str:
    words = (row.get(key) for key in ("name", "law", "q", "hall")) if isinstance(row, dict) else ()
    return next((str(word) for word in words if word), "")


def options_of(part: Field, value: Any) -> list[tuple[str, Any]]:
    """Codes and words to choose from; a code that is in no table is kept, so that nothing is lost by looking."""
    if part.table == LICENCE_TYPES:
        pairs = [(one.code, one.name) for one in types_in_force()]
    elif part.table:
        table = code_tables()[part.table]
        pairs = [(name if part.table in TOPIC_TABLES else code, name) for code, name in table.items()]
    else:
        pairs = list(part.options.items())
    known = {code for code, _name in pairs}
    named = value if isinstance(value, list) else [value]
    strange = [one for one in named if isinstance(one, str) and one and one not in known]
    strange = strange if part.kind == "choice" or part.table == LICENCE_TYPES else []
    return [*[(one, one) for one in strange], *pairs]


def shown(part: Field, value: Any) -> Any:
    """The value as its control holds it."""
    if part.kind == "lines":
        return "\n".join(str(line) for line in value) if isinstance(value, list) else ""
    if part.kind == "choices":
        return value if isinstance(value, list) else []
    if part.kind == "money":
        return f"{value / 100:g}" if isinstance(value, int) and value else ""
    if part.kind == "choice":
        return "" if value is None else str(value)
    return "" if value is None else value
