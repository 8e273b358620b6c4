"""Whose last edit can be taken back, and what of the history still stands after it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

EDIT, UNDO, REDO = "edit", "undo", "redo"


@dataclass(frozen=True)
class Entry:
    """One edit of a history: its number, kind, and for undo and redo the number of the entry it took back."""

    number: int
    kind: str
    of: int | None = None
    marks: tuple[str, ...] = ()


def undoable(own: Iterable[Entry]) -> tuple[int | None, int | None]:
    """From one person's entries, oldest first: the number to undo next and the number to redo next.

    A new edit forgets what might have been redone, as everywhere.
    """
    done: list[int] = []
    undone: list[int] = []
    for entry in own:
        if entry.kind == UNDO:
            done.pop()
            undone.append(entry.number)
            continue
        if entry.kind == REDO:
            undone.pop()
        else:
            undone.clear()
        done.append(entry.number)
    return (done[-1] if done else None, undone[-1] if undone else None)


def standing_since(later: Iterable[Entry]) -> list[Entry]:
    """Entries less those that cancel each other: an edit and its undo with nothing between them leave no trace."""
    standing: list[Entry] = []
    for entry in later:
        if standing and entry.of == standing[-1].number:
            standing.pop()
        else:
            standing.append(entry)
    return standing
