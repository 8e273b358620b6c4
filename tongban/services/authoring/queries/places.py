"""Where a finding about the situation tree stands in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tongban.services.forms.queries.situations import node_at, questions_with_places


def place_in_tree(content: Mapping[str, Any], path: str) -> str:
    """The pointer of `situations.<question>[.<answer>…]`; empty for any other path."""
    words = path.split(".")
    if words[0] != "situations" or len(words) < 2:
        return ""
    found = next((at for at, question in _shaped(content) if question.get("key") == words[1]), "")
    if not found or len(words) == 2:
        return found
    options = node_at(content, found).get("options") or []
    place = next((n for n, option in enumerate(options) if str(option.get("value")) == words[2]), None)
    return found if place is None else "/".join([found, "options", str(place), *words[3:]])


def _shaped(content: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    return questions_with_places(content) if isinstance(content.get("situations"), list) else iter(())
