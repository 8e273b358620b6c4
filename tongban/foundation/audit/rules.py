"""How a fact is bound to the one before it: SM3(previous ‖ canonical content), GB/T 32905."""

from __future__ import annotations

from typing import Any

from tongban.foundation.kernel.canonical import canonical, sm3

FIELDS = ("id", "name", "at", "actor_kind", "actor_id", "person_id", "department_id", "stream", "position", "data")


def digest_of(fact: dict[str, Any], previous: str) -> str:
    """The digest of a fact (its `FIELDS`, times as ISO 8601 text in UTC) that follows one with digest `previous`."""
    content = {name: fact[name] for name in FIELDS}
    content["at"] = fact["at"].isoformat()
    return sm3(previous.encode() + canonical(content))
