"""Two sources that differ: what a steward's decision does to a document, and when it no longer holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = dict[str, Any]


def candidates(values: Mapping[str, Any], origins: Mapping[str, Any], element: str) -> list[dict[str, Any]]:
    """Everything that was said of an element: what stands first, then those that lost. Each with value, source, dataset, batch, row.

    A value that was delivered by hand is of no dataset.
    """
    origin = origins.get(element, {})
    own = {name: value for name, value in origin.items() if name not in ("losers", "decided")}
    first = {"dataset": ""} | dict(values[element]) | own | {"fit": True} if element in values else None
    return [*([first] if first else []), *origin.get("losers", [])]


def standing(
    values: Document, origins: Document, element: str, *, dataset: str, value: Any
) -> tuple[Document, Document] | None:
    """The document with another candidate standing for an element; None when no source says that any more."""
    said = candidates(values, origins, element)
    chosen = next((one for one in said if one["dataset"] == dataset and one["value"] == value and one["fit"]), None)
    if chosen is None:
        return None
    others = [one for one in said if one is not chosen]
    told = {name: chosen[name] for name in ("value", "source", "as_of")}
    where = {name: chosen[name] for name in ("dataset", "batch", "row", "since")}
    return (
        values | {element: told},
        origins | {element: where | {"losers": others, "decided": True}},
    )
