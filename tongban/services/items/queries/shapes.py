"""The shape of a definition, for other rooms."""

from __future__ import annotations

from typing import Any

from tongban.services.items.rules.shape import misshapen


def shape_faults(content: Any) -> list[tuple[str, str, str]]:
    """Where a document departs from the schema of definitions: (dotted path, kind, word)."""
    return misshapen(content)
