"""The difference of two documents, told so that a person can read it: rows are recognised by their name, not their place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .patch import same
from .pointers import pointer_of

NAMES = ("key", "code", "value", "id")
ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"


@dataclass(frozen=True)
class Change:
    """One difference. `path` is a pointer into the new document; of what was removed, into the old one."""

    path: str
    kind: str
    old: Any = None
    new: Any = None


def changes(old: Any, new: Any) -> list[Change]:
    """Every difference, in the order of the new document."""
    return list(_between(old, new, ()))


def _between(old: Any, new: Any, path: tuple[str, ...]) -> Iterator[Change]:
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _members(old, new, path)
    elif isinstance(old, list) and isinstance(new, list):
        name = _name_of(old, new)
        yield from _rows(old, new, path, name) if name else _plain_rows(old, new, path)
    elif not same(old, new):
        yield Change(pointer_of(path), CHANGED, old, new)


def _members(old: dict[str, Any], new: dict[str, Any], path: tuple[str, ...]) -> Iterator[Change]:
    for key in (*new, *(key for key in old if key not in new)):
        here = (*path, key)
        if key not in old:
            yield Change(pointer_of(here), ADDED, None, new[key])
        elif key not in new:
            yield Change(pointer_of(here), REMOVED, old[key], None)
        else:
            yield from _between(old[key], new[key], here)


def _name_of(old: list[Any], new: list[Any]) -> str:
    """By what rows of both lists can be told apart; empty when they cannot."""
    for name in NAMES:
        for rows in (old, new):
            found = [row.get(name) for row in rows if isinstance(row, dict)]
            if len(found) != len(rows) or not all(isinstance(v, str) and v for v in found):
                break
            if len(set(found)) != len(found):
                break
        else:
            return name if old or new else ""
    return ""


def _rows(old: list[Any], new: list[Any], path: tuple[str, ...], name: str) -> Iterator[Change]:
    before = {row[name]: (place, row) for place, row in enumerate(old)}
    after = {row[name] for row in new}
    kept = [row[name] for row in old if row[name] in after]
    still = _unmoved([kept.index(row[name]) for row in new if row[name] in before])
    for place, row in enumerate(new):
        here = (*path, str(place))
        if row[name] not in before:
            yield Change(pointer_of(here), ADDED, None, row)
            continue
        if kept.index(row[name]) not in still:
            yield Change(pointer_of(here), MOVED, before[row[name]][0], place)
        yield from _between(before[row[name]][1], row, here)
    for place, row in enumerate(old):
        if row[name] not in after:
            yield Change(pointer_of((*path, str(place))), REMOVED, row, None)


def _unmoved(order: list[int]) -> set[int]:
    """The longest run that kept its order: what is not in it was moved."""
    best: list[list[int]] = []
    for at, value in enumerate(order):
        before: list[int] = max((best[i] for i in range(at) if order[i] < value), key=len, default=[])
        best.append([*before, value])
    longest: list[int] = max(best, key=len, default=[])
    return set(longest)


def _plain_rows(old: list[Any], new: list[Any], path: tuple[str, ...]) -> Iterator[Change]:
    """Rows without a name: those that stand in both are the same; the rest are paired in their order."""
    gone, come = _unpaired(old, new)
    for (_, before), (place, after) in zip(gone, come, strict=False):
        yield from _between(before, after, (*path, str(place)))
    for place, row in come[len(gone) :]:
        yield Change(pointer_of((*path, str(place))), ADDED, None, row)
    for place, row in gone[len(come) :]:
        yield Change(pointer_of((*path, str(place))), REMOVED, row, None)
    if not gone and not come:
        for place, (before, after) in enumerate(zip(old, new, strict=True)):
            if not same(before, after):
                was = next(i for i, row in enumerate(old) if same(row, after))
                yield Change(pointer_of((*path, str(place))), MOVED, was, place)


def _unpaired(old: list[Any], new: list[Any]) -> tuple[list[tuple[int, Any]], list[tuple[int, Any]]]:
    come = list(enumerate(new))
    gone = []
    for place, row in enumerate(old):
        twin = next((at for at, (_, other) in enumerate(come) if same(row, other)), None)
        if twin is None:
            gone.append((place, row))
        else:
            del come[twin]
    return gone, come
