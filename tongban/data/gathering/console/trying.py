"""The piece of a page that shows what a hundred rows would become: values as they stood, made alike, kept; and why a row would not be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.data.gathering import actions
from tongban.data.gathering.errors import SourceFetching
from tongban.foundation.kernel.errors import TongbanError

from .sources import private
from .words import TOLD, cell_words, fault_words


def waited_for(request: HttpRequest, source_id: UUID, error: TongbanError) -> TongbanError:
    """The same; where it says that a large file has to be brought first, that is asked for."""
    if isinstance(error, SourceFetching):
        actions.ask_for_file(actor=request.actor, source_id=source_id, coming=error)  # type: ignore[attr-defined]
    return error


def tried(
    request: HttpRequest,
    source_id: UUID,
    table: str,
    columns: Sequence[Mapping[str, Any]],
    keys: Sequence[str],
    *,
    of_one: bool = False,
) -> HttpResponse:
    """What a source answers is no fault of the page. `of_one`: a single column, before and after side by side."""
    error, found = None, None
    names = [one["name"] for one in columns]
    try:
        found = actions.try_out(
            actor=request.actor,  # type: ignore[attr-defined]
            source_id=source_id,
            table=table,
            columns=columns,
            keys=[name for name in keys if name in names],
        )
    except TOLD as refusal:
        error = waited_for(request, source_id, refusal)
    context: dict[str, Any] = {"error": error, "found": found}
    if found:
        context |= {
            "columns": [
                (one.get("title") or one["name"], found.changed[one["name"]], found.failed[one["name"]]) for one in columns
            ],
            "reasons": [(fault_words(code, columns), count) for code, count in found.reasons],
            "rows": [
                (
                    row.number,
                    [(cell, [cell_words(code, one) for code in cell.faults]) for cell, one in zip(row.cells, columns, strict=True)],
                    [fault_words(code, columns) for code in row.faults],
                    row.damage,
                )
                for row in found.rows
            ],
        }  # fmt: skip
    return private(render(request, "gathering/tried_column.html" if of_one else "gathering/tried_rows.html", context))
