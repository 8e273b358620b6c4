"""How values of data items are shown to an actor: one way for every page that shows rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongban.data.catalogue.models import DataItem
from tongban.data.catalogue.rules.grading import Grading, of_item, shown, suggested
from tongban.foundation.kernel.actors import Actor


def clearance_of(actor: Actor) -> int:
    """Up to which level of grade an actor sees values whole, his label; nobody outside the staff sees rows at all."""
    return actor.clearance if actor.kind in ("staff", "system") else 0


def gradings_of(columns: Iterable[Mapping[str, Any]]) -> dict[str, Grading]:
    """Grading by column `name`; a column without a data item (`item`) is graded by what its title and source say. One query."""
    known = list(columns)
    wanted = {str(one["item"]) for one in known if one.get("item")}
    rows = DataItem.objects.filter(pk__in=wanted).values("pk", "name", "english", "element", "data_class", "grade")
    items = {str(one["pk"]): one for one in rows} if wanted else {}
    return {one["name"]: grading_of(one, items.get(str(one.get("item") or ""))) for one in known}


def grading_of(column: Mapping[str, Any], item: Mapping[str, Any] | None) -> Grading:
    """Of one column whose data item is at hand; None: it has none."""
    if item is None:
        return suggested(str(column.get("title") or column.get("source") or ""), english=column["name"])
    return of_item(item)


def show(
    actor: Actor, columns: Sequence[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]], *, by: str = "name"
) -> list[dict[str, Any]]:
    """Rows as this actor may see them, masked where the grade of a column's data item is above his clearance.

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
