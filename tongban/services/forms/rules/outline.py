"""Where things stand in the definition of an item: every expression in it, every field, each with its JSON pointer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Raw = dict[str, Any]
FORM = "/form"
EXPRESSIONS = ("show_if", "value", "required", "element_if")
OUTSIDE = ("materials", "fees", "flow")


@dataclass(frozen=True)
class Place:
    """A field: where it stands, in which group, and in which repeat if it is a cell."""

    pointer: str
    raw: Raw
    group: Raw
    row: Raw | None = None


@dataclass(frozen=True)
class Said:
    """An expression: where it stands, what it decides, what holds it, and the repeat around it."""

    pointer: str
    expression: str
    word: str
    holder: Raw
    row: Raw | None = None


def at(content: Any, pointer: str) -> Any:
    """What a JSON pointer leads to, or None."""
    for step in pointer.strip("/").split("/") if pointer.strip("/") else ():
        if isinstance(content, list):
            content = content[int(step)] if step.isdecimal() and int(step) < len(content) else None
        else:
            content = content.get(step) if isinstance(content, dict) else None
    return content


def groups(content: Raw) -> list[Raw]:
    found = (content.get("form") or {}).get("groups") or []
    return found if isinstance(found, list) else []


def fields(content: Raw) -> Iterator[Place]:
    """Every field in the order of the form, each repeat before its cells."""
    for g, group in enumerate(groups(content)):
        for f, raw in enumerate(group.get("fields") or ()):
            pointer = f"{FORM}/groups/{g}/fields/{f}"
            yield Place(pointer, raw, group)
            for c, cell in enumerate(raw.get("fields") or ()):
                yield Place(f"{pointer}/fields/{c}", cell, group, raw)


def place_of(content: Raw, pointer: str) -> Place | None:
    return next((place for place in fields(content) if place.pointer == pointer), None)


def expressions(content: Raw) -> Iterator[Said]:
    """Every expression of the form, then those of materials, fees and flow."""
    form = content.get("form") or {}
    yield from _checks(form, FORM)
    for g, group in enumerate(groups(content)):
        pointer = f"{FORM}/groups/{g}"
        if group.get("show_if"):
            yield Said(f"{pointer}/show_if", group["show_if"], "show_if", group)
        yield from _checks(group, pointer)
    for place in fields(content):
        for word in EXPRESSIONS:
            said = place.raw.get(word)
            if isinstance(said, str) and said:
                yield Said(f"{place.pointer}/{word}", said, word, place.raw, place.row)
    for name in OUTSIDE:
        yield from _whens(content.get(name), f"/{name}")


def _checks(holder: Raw, pointer: str) -> Iterator[Said]:
    for c, rule in enumerate(holder.get("checks") or ()):
        for word in ("expr", "when"):
            if rule.get(word):
                yield Said(f"{pointer}/checks/{c}/{word}", rule[word], "check", rule)


def _whens(value: Any, pointer: str) -> Iterator[Said]:
    """Conditions outside the form are all called `when`."""
    if isinstance(value, list):
        for n, part in enumerate(value):
            yield from _whens(part, f"{pointer}/{n}")
    elif isinstance(value, dict):
        for key, part in value.items():
            if key == "when" and isinstance(part, str) and part:
                yield Said(f"{pointer}/when", part, pointer.split("/")[1], value)
            else:
                yield from _whens(part, f"{pointer}/{key}")
