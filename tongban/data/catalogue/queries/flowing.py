"""What the catalogue knows of flows: systems, resources, data items, and what items' results feed. For the lineage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F

from tongban.data.catalogue.models import DataItem, Entry, ItemResult, Version

from .entries import published_entries

FLOW_TABLES = tuple(model._meta.db_table for model in (Entry, Version, DataItem, ItemResult))  # what is read below
_ENTRY = ("pk", "kind", "code", "name", "grade", "system_code", "department_id")
_ITEM = ("pk", "resource_id", "name", "english", "element", "data_class", "grade")


@dataclass(frozen=True)
class Parts:
    """Plain rows. Of an entry: its columns, `office` (the department's short name), `carriers`, `feeders` (`code:result`); of a

    data item: its columns. `graded`: every data item there ever was, by id; `fed`: (item's code, result) → ids of the resources it feeds.
    """

    systems: list[dict[str, Any]]
    resources: list[dict[str, Any]]
    items: list[dict[str, Any]]
    results: list[dict[str, Any]]
    graded: dict[str, dict[str, Any]]
    fed: dict[tuple[str, str], list[UUID]]


def parts_for_lineage() -> Parts:
    """All that is published. Three queries."""
    told = published_entries().order_by("code").values(
        *_ENTRY, office=F("department__short_name"), carriers=F("published__content__carriers"),
        feeders=F("published__content__item_results"),
    )  # fmt: skip
    entries = list(told)
    resources = [one for one in entries if one["kind"] == Entry.Kind.RESOURCE]
    fed: dict[tuple[str, str], list[UUID]] = {}
    for one in resources:
        for line in one["feeders"] or ():
            code, _colon, result = line.partition(":")
            fed.setdefault((code.strip(), result.strip()), []).append(one["pk"])
    published = {one["pk"] for one in resources}
    rows = DataItem.objects.order_by("resource_id", "position").values_list("is_present", *_ITEM)
    items = [(is_present, dict(zip(_ITEM, said, strict=True))) for is_present, *said in rows.iterator(chunk_size=2000)]
    results = ItemResult.objects.order_by("item_code", "result").values(
        "item_code", "item_name", "result", office=F("department__short_name")
    )
    return Parts(
        systems=[one for one in entries if one["kind"] == Entry.Kind.SYSTEM],
        resources=resources,
        items=[one for is_present, one in items if is_present and one["resource_id"] in published],
        results=[dict(one) for one in results],
        graded={str(one["pk"]): one for _present, one in items},
        fed=fed,
    )
