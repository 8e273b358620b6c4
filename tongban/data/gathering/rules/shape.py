"""What has changed in the columns of a source since they were agreed on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """One column: `what` is gone, new or type; `was` and `now` are its types."""

    what: str
    name: str
    was: str = ""
    now: str = ""


def changes(agreed: Mapping[str, str], found: Mapping[str, str]) -> list[Change]:
    """Columns by name and type, as agreed on and as found. Their order means nothing."""
    gone = [Change("gone", name, was=kind) for name, kind in agreed.items() if name not in found]
    new = [Change("new", name, now=kind) for name, kind in found.items() if name not in agreed]
    other = [
        Change("type", name, kind, found[name])
        for name, kind in agreed.items()
        if name in found and found[name] != kind
    ]
    return [*gone, *other, *new]


def needs_asking(found: Iterable[Change], used: Iterable[str]) -> bool:
    """Whether a run must stop: a column that is used is gone or of another type. A new one is told, and nothing stops."""
    names = set(used)
    return any(change.what != "new" and change.name in names for change in found)
