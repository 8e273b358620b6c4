"""What rows of a file mean beside what there is: which resource, which data item, new or changed or the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .fields import ITEM_DEFAULTS
from .grading import usual
from .sheets import Misread, Row, fault


def gathered_items(resources: Sequence[Row], items: Iterable[Row]) -> list[Misread]:
    """Hang each data item on its resource, by the resource's name; where no resource has it, that is said."""
    by_name: dict[str, Row] = {}
    for row in resources:
        row.content["items"] = []
        by_name.setdefault(str(row.content.get("name", "")), row)
    lost = []
    for item in items:
        name = item.own.get("resource", "")
        home = by_name.get(name)
        if home is None:
            code = "resource_unknown" if name else "resource_missing"
            lost.append(Misread(fault(code, "resource", value=name), item.place("resource")))
            continue
        home.content["items"].append(item.content | {"row": item})
    return lost


def with_keys(items: Sequence[Mapping[str, Any]], known: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Data items keep their keys: by the file's own column, by English name, by name; a new one gets none yet."""
    by_key = {item["key"]: item["key"] for item in known}
    by_english = {item["english"].lower(): item["key"] for item in known}
    by_name = {item["name"]: item["key"] for item in known}
    taken: set[str] = set()
    found = []
    for item in items:
        wanted = (
            by_key.get(item["row"].own.get("key", "")),
            by_english.get(str(item.get("english", "")).lower()),
            by_name.get(item.get("name", "")),
        )
        key = next((one for one in wanted if one and one not in taken), "")
        taken.add(key)
        said = {name: value for name, value in item.items() if value}
        found.append(ITEM_DEFAULTS | usual(said) | said | {"key": key})
    return found


def says_the_same(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    return all(
        (old.get(name) or "") == (value or "") or (not old.get(name) and not value) for name, value in new.items()
    )
