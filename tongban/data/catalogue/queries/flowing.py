"""What the catalogue knows of flows: systems, resources, data items, and what items' results feed. For the lineage."""

from __future__ import annotations

from dataclasses import dataclass

from tongban.data.catalogue.models import DataItem, Entry, ItemResult

from .entries import published_entries


@dataclass(frozen=True)
class Parts:
    """`fed`: (item's code, result) → the resources that name it as where they come from."""

    systems: list[Entry]
    resources: list[Entry]
    items: list[DataItem]
    results: list[ItemResult]
    fed: dict[tuple[str, str], list[Entry]]


def parts_for_lineage() -> Parts:
    """All that is published. Four queries."""
    entries = list(published_entries().select_related("department", "published").order_by("code"))
    resources = [one for one in entries if one.kind == Entry.Kind.RESOURCE]
    fed: dict[tuple[str, str], list[Entry]] = {}
    for one in resources:
        assert one.published is not None
        for line in one.published.content.get("item_results", []):
            code, _colon, result = line.partition(":")
            fed.setdefault((code.strip(), result.strip()), []).append(one)
    items = DataItem.objects.filter(is_present=True, resource__in=resources).select_related("resource__department")
    return Parts(
        systems=[one for one in entries if one.kind == Entry.Kind.SYSTEM],
        resources=resources,
        items=list(items.order_by("resource_id", "position")),
        results=list(ItemResult.objects.select_related("department").order_by("item_code", "result")),
        fed=fed,
    )
