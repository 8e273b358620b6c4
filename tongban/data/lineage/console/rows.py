"""A dataset: its columns with their grades, some rows, one row by its key, and where a row came from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from tongban.data.lineage import actions, queries
from tongban.data.lineage.errors import KeyMissing
from tongban.data.lineage.queries import SEE
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .pictures import LEVELS


@audience(STAFF, SEE)
@require_safe
def dataset(request: HttpRequest, dataset_id: UUID) -> HttpResponse:
    return _page(request, dataset_id)


def _page(
    request: HttpRequest, dataset_id: UUID, shown: list[dict[str, Any]] | None = None, error: TongbanError | None = None
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = queries.dataset_of(actor, dataset_id)
    job = queries.job_of(found.pk)
    columns = queries.columns_of(found, job)
    graph = queries.whole_graph()
    context = {
        "dataset": found,
        "job": job,
        "columns": [
            (column, f"field:{found.pk}:{column['name']}", LEVELS.get(graph.nodes[f"field:{found.pk}:{column['name']}"].level, ""))
            for column in columns
        ],
        "keys": [next(column for column in columns if column["name"] == key) for key in found.keys],
        "rows": None if shown is None else [
            (row["_batch"], row["_row"], [row.get(column["name"]) for column in columns]) for row in shown
        ],
        "node_id": f"dataset:{found.pk}",
        "error": error,
    }  # fmt: skip
    answer = render(request, "lineage/dataset.html", context, status=error.status if error else 200)
    answer["Cache-Control"] = "no-store"
    return answer


@audience(STAFF, SEE)
@require_POST
def shown(request: HttpRequest, dataset_id: UUID) -> HttpResponse:
    """Some rows, or those with a key; a key is never in an address."""
    actor, typed = request.actor, request.POST  # type: ignore[attr-defined]
    if typed.get("act") == "some":
        return _page(request, dataset_id, actions.show_rows(actor=actor, dataset_id=dataset_id))
    key = {
        name.removeprefix("key-"): str(value).strip()[:200] for name, value in typed.items() if name.startswith("key-")
    }
    try:
        return _page(request, dataset_id, actions.find_rows(actor=actor, dataset_id=dataset_id, key=key))
    except KeyMissing as refusal:
        return _page(request, dataset_id, error=refusal)


@audience(STAFF, SEE)
@require_safe
def row(request: HttpRequest, dataset_id: UUID, batch: int, row: int) -> HttpResponse:
    """Where one row came from, value by value."""
    trace = actions.trace_row(actor=request.actor, dataset_id=dataset_id, batch=batch, row=row)  # type: ignore[attr-defined]
    values = [(value, LEVELS.get(value.level, "")) for value in trace.values]
    answer = render(request, "lineage/row.html", {"trace": trace, "values": values})
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns = [
    path("console/lineage/datasets/<uuid:dataset_id>/", dataset, name="console-lineage-dataset"),
    path("console/lineage/datasets/<uuid:dataset_id>/rows/", shown, name="console-lineage-rows"),
    path("console/lineage/datasets/<uuid:dataset_id>/rows/<int:batch>/<int:row>/", row, name="console-lineage-row"),
]
