"""How values of data items are shown to an actor: one way for every page that shows rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tongban.data.catalogue.models import DataItem
from tongban.data.catalogue.rules.grading import Grading, of_item, shown, suggested
from tongban.foundation.kernel.actors import Actor

STAFF_LEVEL = 2  # what every member of staff may see of his own work: public and internal


def clearance_of(actor: Actor) -> int:
    """Up to which level of grade an actor sees values whole; nobody outside the staff sees rows at all."""
    return STAFF_LEVEL if actor.kind in ("staff", "system") else 0


def gradings_of(columns: Iterable[Mapping[str, Any]]) -> dict[str, Grading]:
    """Grading by column `name`; a column without a data item (`item`) is graded by what its title and source say. One query."""
    known = list(columns)
    wanted = {str(one["item"]) for one in known if one.get("item")}
    items = {str(one.pk): one for one in DataItem.objects.filter(pk__in=wanted)} if wanted else {}
    return {one["name"]: _grading(one, items.get(str(one.get("item") or ""))) for one in known}


def _grading(column: Mapping[str, Any], item: DataItem | None) -> Grading:
    if item is None:
        return suggested(str(column.get("title") or column.get("source") or ""), english=column["name"])
    fields = ("name", "english", "element", "data_class", "grade")
    return of_item({name: getattr(item, name) for name in fields})


def show(
    actor: Actor, columns: Sequence[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]], *, by: str = "name"
) -> list[dict[str, Any]]:
    """Rows as this actor may see them, masked by the grade of each column's data item.

    `by`: what the rows' keys are of the columns, `name` or `source`. A column that a row's `_faults` name (`missing:xm`) is shown
    as it is: who is to put it right must see what is wrong. Keys that are no columns (`_row`) stay; unknown source columns go.
    """
    gradings, clearance = gradings_of(columns), clearance_of(actor)
    ways = {column[by]: (column["name"], gradings[column["name"]]) for column in columns}
    found = []
    for row in rows:
        at_fault = {str(code).partition(":")[2] for code in row.get("_faults") or ()}
        found.append(
            {
                key: value if key not in ways or ways[key][0] in at_fault else shown(value, ways[key][1], clearance)
                for key, value in row.items()
                if key in ways or key.startswith("_")
            }
        )
    return found
