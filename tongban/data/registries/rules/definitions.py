"""What a register is: its key, its elements, and for each element the rule of one source (一数一源). Data with a date.

`{"personal", "key": {"name", "check"}, "search": element, "about": element, "link": …,
"sources": [{"dataset", "title", "department", "key": column | [columns], "as_of", "since"}],
"elements": [{"name", "title", "by": "order" | "newest", "tells", "mask", "codes", "level",
              "from": [{"dataset", "column" | "columns", "check", "as_of", "since"}]}]}`

`by`: in the order of `from` (duty first), or the newest of all. `tells`: whether two sources that differ are a conflict for a
steward. `as_of` and `since` name columns: when the source last looked, and from when on the value is true; an element's own
come before its source's. `columns` (part → column) makes a value of several parts, such as an address. A `key` of several
columns is theirs put together with `|`. `search` is what one finds records by beside the key; `about` the element with the number
of whom a record is, where that is not the key. `mask` (`rules.HIDES`) and `codes` (code → words) say how an element is shown.
`level`: its class and grade on one ladder, 1 to 4 general data by grade, 5 important, 6 core; what is sensitive (3 and above) has a
mask, and whoever looks in full is cleared for the highest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tongban.foundation.kernel.checked import GOOD

from .masking import HIDES

Definition = Mapping[str, Any]
WAYS = ("order", "newest")
NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")
CODE = re.compile(r"[a-z][a-z0-9_]{1,19}")
TAKEN = {"new", "rules", "amendments", "records", "conflicts", "pairs", "returned"}  # pages beside the registers' own
SENSITIVE, HIGHEST = 3, 6


def sources_of(content: Definition) -> dict[str, dict[str, Any]]:
    """Dataset → how the register reads it."""
    return {source["dataset"]: dict(source) for source in content.get("sources", [])}


def element_of(content: Definition, name: str) -> dict[str, Any] | None:
    return next((dict(one) for one in content.get("elements", []) if one["name"] == name), None)


def first_content(*, personal: bool, name: str, title: str, check: str) -> dict[str, Any]:
    """A register that has nothing but its key; a person's number is masked from the beginning."""
    level, mask = (SENSITIVE, "id_number") if personal else (1, "")
    element = {"name": name, "title": title, "by": "order", "tells": False, "level": level, "mask": mask, "from": []}
    return {
        "personal": personal,
        "key": {"name": name, "check": check},
        "search": "",
        "sources": [],
        "elements": [element],
    }


def title_faults(title: str) -> list[tuple[str, str]]:
    """What is wrong with a register's title, as (code, field)."""
    return [] if 2 <= len(title) <= 100 else [("title", "title")]


def register_faults(*, code: str, title: str, key: str, key_title: str, check: str) -> list[tuple[str, str]]:
    """Everything wrong with what somebody says of a register to be, as (code, field)."""
    faults = [("code", "code")] if not CODE.fullmatch(code) or code in TAKEN else []
    faults += title_faults(title)
    faults += [("key_name", "key")] if not NAME.fullmatch(key) else []
    faults += [("key_title", "key_title")] if not 1 <= len(key_title) <= 50 else []
    return faults + ([("key_check", "check")] if check not in GOOD else [])


def highest_level(content: Definition) -> int:
    """Of all that it says of itself; 0: nothing is said."""
    return max((int(one.get("level") or 0) for one in content.get("elements", [])), default=0)


def columns_of(origin: Mapping[str, Any]) -> dict[str, str]:
    """Part → column; a value of one part has the part `""`."""
    return dict(origin["columns"]) if origin.get("columns") else {"": origin.get("column", "")}


def key_columns(source: Mapping[str, Any]) -> list[str]:
    """The columns of a source that name a record."""
    key = source.get("key", "")
    return [key] if isinstance(key, str) else list(key)


def definition_faults(content: Definition, known: Mapping[str, set[str]]) -> list[tuple[str, str, dict[str, str]]]:
    """Everything wrong with a definition as (code, field, details). `known`: dataset → its columns."""
    faults: list[tuple[str, str, dict[str, str]]] = []
    sources = sources_of(content)
    names = [one["name"] for one in content.get("elements", [])]
    faults += (
        [("search", "search", {"name": content["search"]})]
        if content.get("search") and content["search"] not in names
        else []
    )
    faults += [("no_sources", "sources", {})] if not sources else []
    faults += [("dataset", "sources", {"name": name}) for name in sources if name not in known]
    for name, source in sources.items():
        wanted = [*key_columns(source), *(source[field] for field in ("as_of", "since") if source.get(field))]
        missing = [column for column in wanted or [""] if name in known and column not in known[name]]
        faults += [("column", "sources", {"name": f"{name}.{column}"}) for column in missing]
    faults += [("twice", "elements", {"name": name}) for name in sorted({n for n in names if names.count(n) > 1})]
    if content.get("key", {}).get("name") not in names:
        faults.append(("key", "elements", {"name": str(content.get("key", {}).get("name", ""))}))
    faults += [("name", "elements", {"name": name}) for name in names if not NAME.fullmatch(name)]
    for element in content.get("elements", []):
        faults += _element_faults(element, sources, known)
    return faults


def _element_faults(
    element: Mapping[str, Any], sources: Mapping[str, Any], known: Mapping[str, set[str]]
) -> list[tuple[str, str, dict[str, str]]]:
    name, faults = element["name"], []
    faults += [("way", name, {"name": name})] if element.get("by") not in WAYS else []
    faults += [("mask", name, {"name": element["mask"]})] if element.get("mask", "") not in HIDES else []
    level = int(element.get("level") or 0)
    faults += [("level", name, {"name": element["title"]})] if level not in range(HIGHEST + 1) else []
    faults += [("unmasked", name, {"name": element["title"]})] if level >= SENSITIVE and not element.get("mask") else []
    faults += [("no_origin", name, {"name": element["title"]})] if not element.get("from") else []
    for origin in element.get("from", []):
        dataset = origin["dataset"]
        if dataset not in sources:
            faults.append(("not_a_source", name, {"name": dataset}))
            continue
        wanted = [*columns_of(origin).values(), *(origin[f] for f in ("as_of", "since") if origin.get(f))]
        missing = [column for column in wanted if column not in known.get(dataset, set())]
        faults += [("column", name, {"name": f"{dataset}.{column}"}) for column in missing]
        faults += [("check", name, {"name": origin["check"]})] if origin.get("check", "") not in GOOD else []
    return faults
