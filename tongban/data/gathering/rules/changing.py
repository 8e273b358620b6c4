"""What a new version of a mapping says otherwise than the one before, and what it takes for it to come true. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

Column = Mapping[str, Any]
ANEW = frozenset({"kind", "keys"})  # the view of the lake begins anew with the next reading
WHOLE = ANEW | {"added", "source", "cursor"}  # what lies in the lake does not know it: the next reading is a whole one
CHECKS = ("required", "check", "codes", "asked")


@dataclass(frozen=True)
class Difference:
    """`what` is added, dropped, source, kind, title, item, checks, steps (of a column `name`), keys, cursor or resource."""

    what: str
    name: str = ""
    was: str = ""
    now: str = ""

    def told(self) -> dict[str, str]:
        return asdict(self)


def differences(
    old: Sequence[Column], new: Sequence[Column], *, keys: tuple[Sequence[str], Sequence[str]], cursor: tuple[str, str]
) -> list[Difference]:
    """`keys` and `cursor`: as they were and as they are to be. Columns are the same by their name; their order means nothing."""
    had, has = {one["name"]: one for one in old}, {one["name"]: one for one in new}
    found = [Difference("added", name, now=one["source"]) for name, one in has.items() if name not in had]
    found += [Difference("dropped", name, was=one["source"]) for name, one in had.items() if name not in has]
    found += [each for name, one in has.items() if name in had for each in _of_column(had[name], one)]
    found += (
        [Difference("keys", was="、".join(keys[0]), now="、".join(keys[1]))] if set(keys[0]) != set(keys[1]) else []
    )
    found += [Difference("cursor", was=cursor[0], now=cursor[1])] if cursor[0] != cursor[1] else []
    return found


def needs_whole(found: Sequence[Difference]) -> bool:
    return any(one.what in WHOLE for one in found)


def begins_anew(found: Sequence[Difference]) -> bool:
    """Whether nothing of what lies in the lake can stay as it is."""
    return any(one.what in ANEW for one in found)


def _of_column(was: Column, now: Column) -> list[Difference]:
    name = now["name"]
    pairs = [
        (what, str(was.get(what) or other), str(now.get(what) or other))
        for what, other in (("source", ""), ("kind", "text"), ("title", ""), ("item", ""))
    ]
    found = [Difference(what, name, before, after) for what, before, after in pairs if before != after]
    if list(was.get("steps") or ()) != list(now.get("steps") or ()):
        found.append(Difference("steps", name, _steps(was), _steps(now)))
    if any((was.get(field) or None) != (now.get(field) or None) for field in CHECKS):
        found.append(Difference("checks", name, _checks(was), _checks(now)))
    return found


def _steps(column: Column) -> str:
    return " ".join(one["do"] for one in column.get("steps") or ())


def _checks(column: Column) -> str:
    """Which checks there are, by their names."""
    names = [*(name for name in ("required", "check", "codes") if column.get(name))]
    return " ".join([*names, *(one["kind"] for one in column.get("asked") or ())])
