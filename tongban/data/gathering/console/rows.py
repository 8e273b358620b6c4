"""Which column becomes which, as a form has it: a row for each data item or column; suggested by their names, read from what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

from tongban.data.catalogue.queries import items_of
from tongban.data.gathering.rules import KIND_OF, kind_of_column, plain_names, suggested

MOST = 500  # columns
TEXTS = ("name", "source", "kind", "title", "item")
Row = dict[str, Any]


def of_items(resource: Any, found: Iterable[str]) -> list[Row]:
    """A row for each data item, with the column that seems to be it."""
    items = items_of(resource)
    told = [{"key": str(one.pk), "name": one.name, "english": one.english} for one in items]
    columns, names = suggested(told, found), plain_names(one.english or one.name for one in items)
    return [
        {
            "name": name,
            "title": one.name,
            "item": str(one.pk),
            "source": columns.get(str(one.pk), ""),
            "kind": KIND_OF.get(one.type, "text"),
            "required": not one.nullable,
            "key": one.is_key,
        }
        for one, name in zip(items, names, strict=True)
    ]


def of_columns(found: Mapping[str, str]) -> list[Row]:
    """A row for each column of the source."""
    return [
        {"name": name, "title": column, "item": "", "source": column, "kind": kind_of_column(kind), "required": False, "key": False}
        for name, (column, kind) in zip(plain_names(found), found.items(), strict=True)
    ]  # fmt: skip


def of_mapping(columns: Iterable[Mapping[str, Any]], keys: Iterable[str], resource: Any = None) -> list[Row]:
    """A row for each column that is gathered; one that is no data item yet, with that of the resource which is called the same."""
    rows = [
        {**{name: one.get(name, "") for name in TEXTS}, "required": bool(one.get("required")), "key": one["name"] in keys}
        for one in columns
    ]  # fmt: skip
    known = items_of(resource) if resource else []
    used, free = {row["item"] for row in rows}, {row["title"] or row["source"]: row for row in rows if not row["item"]}
    told = [{"key": str(one.pk), "name": one.name, "english": one.english} for one in known if str(one.pk) not in used]
    for item, title in suggested(told, free).items():
        free[title]["item"] = item
    return rows


def not_yet(had: list[Row], resource: Any, found: Mapping[str, str]) -> tuple[list[Row], list[Row]]:
    """What could be gathered beside it: data items that nothing becomes yet, with the column that seems to be each; and columns that

    nothing is read from. No name is taken twice.
    """
    used, items = {row["source"] for row in had}, {row["item"] for row in had}
    free = {name: kind for name, kind in found.items() if name not in used}
    wanted = [row for row in of_items(resource, free) if row["item"] not in items] if resource else []
    seeming = {row["source"] for row in wanted}
    rest = [{**row, "offered": row["source"], "source": ""} for row in of_columns(free) if row["source"] not in seeming]
    taken = [row["name"] for row in had]
    for row, name in zip(
        [*wanted, *rest], plain_names([*taken, *(row["name"] for row in [*wanted, *rest])])[len(taken) :], strict=True
    ):
        row["name"] = name
    return wanted, rest


def typed_rows(typed: QueryDict) -> list[Row]:
    count = typed.get("rows", "")
    numbers = range(min(int(count), MOST)) if count.isascii() and count.isdecimal() and len(count) < 4 else range(0)
    return [
        {name: typed.get(f"{name}-{number}", "").strip()[:200] for name in TEXTS}
        | {name: f"{name}-{number}" in typed for name in ("required", "key")}
        for number in numbers
    ]


def columns_of(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """What of them is gathered."""
    return [{name: row[name] for name in (*TEXTS, "required")} for row in rows if row["source"]]


def keys_of(rows: Iterable[Row]) -> list[str]:
    return [row["name"] for row in rows if row["source"] and row["key"]]
