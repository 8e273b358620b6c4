"""How values of data items are shown to an actor: one way for every page that shows rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongban.data.catalogue.models import DataItem
from tongban.data.catalogue.rules.grading import Grading, careful, is_graded, of_item, shown, suggested
from tongban.foundation.kernel.actors import Actor


def clearance_of(actor: Actor) -> int:
    """Up to which level of grade an actor sees values whole, his label; nobody outside the staff sees rows at all."""
    return actor.clearance if actor.kind in ("staff", "system") else 0


def gradings_of(columns: Iterable[Mapping[str, Any]]) -> dict[str, Grading]:
    """Column `name` → how it is treated: as its data item (`item`) is graded, carefully where nobody has graded it. One query."""
    known = list(columns)
    items = _items(known)
    return {one["name"]: grading_of(one, items.get(str(one.get("item") or ""))) for one in known}


def grading_of(column: Mapping[str, Any], item: Mapping[str, Any] | None) -> Grading:
    """Of one column whose data item is at hand; None: it has none."""
    if item is None:
        return careful(guess_of(column))
    return of_item(item) if is_graded(item) else careful(of_item(item))


def guess_of(column: Mapping[str, Any]) -> Grading:
    """What a column's title and name let expect: an offer to whoever grades it, no grade."""
    return suggested(str(column.get("title") or column.get("source") or ""), english=column["name"])


def ungraded(columns: Iterable[Mapping[str, Any]]) -> list[str]:
    """The names of the columns that nobody has graded, whose values are therefore shown to those alone who may see sensitive data."""
    known = list(columns)
    items = _items(known)
    return [one["name"] for one in known if not is_graded(items.get(str(one.get("item") or "")))]


def _items(columns: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    wanted = {str(one["item"]) for one in columns if one.get("item")}
    rows = DataItem.objects.filter(pk__in=wanted).values("pk", "name", "english", "element", "data_class", "grade")
    return {str(one["pk"]): one for one in rows} if wanted else {}


def show(
    actor: Actor, columns: Sequence[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]], *, by: str = "name"
) -> list[dict[str, Any]]:
    """Rows as this actor may see them, masked where the grade of a column's data item is above his clearance, and as
    sensitive where nobody has graded it.

    `by`: what the rows' keys are of the columns, `name` or `source`. Keys that are no columns (`_row`) stay; unknown source columns go.
    """
    gradings, clearance = gradings_of(columns), clearance_of(actor)
    ways = {column[by]: gradings[column["name"]] for column in columns}
    found = []
    for row in rows:
        found.append(
            {
                key: shown(value, ways[key], clearance) if key in ways else value
                for key, value in row.items()
                if key in ways or key.startswith("_")
            }
        )
    return found
