"""What one version says otherwise than another: fields, and data items by their keys, which never change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .fields import FIELDS

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Change:
    """`kind`: changed, added or gone. Of a data item `item` is its name; of the resource itself it is empty."""

    kind: str
    field: str
    before: Any = ""
    after: Any = ""
    item: str = ""


def changes_between(kind: str, old: Content, new: Content) -> list[Change]:
    found = [*_of_fields(kind, old, new)]
    if kind == "resource":
        found += _of_items(old.get("items", []), new.get("items", []))
    return found


def _of_fields(kind: str, old: Content, new: Content, item: str = "") -> Iterator[Change]:
    for field in FIELDS[kind]:
        before, after = old.get(field.name) or field.empty, new.get(field.name) or field.empty
        if before != after:
            yield Change("changed", field.name, before, after, item)


def _of_items(old: list[Content], new: list[Content]) -> Iterator[Change]:
    known, kept = {item["key"]: item for item in old}, {item["key"] for item in new}
    for item in new:
        before = known.get(item["key"])
        if before is None:
            yield Change("added", "", item=item["name"])
        else:
            yield from _of_fields("item", before, item, item["name"])
    yield from (Change("gone", "", item=item["name"]) for item in old if item["key"] not in kept)
