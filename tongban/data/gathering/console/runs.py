"""One run: how far it is, what became of its rows; paused, gone on with, given up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_POST, require_safe

from tongban.data.gathering import actions, queries
from tongban.data.gathering.models import Run
from tongban.data.gathering.queries import MANAGE, SEE
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .sources import private
from .words import TOLD, WHO, WHY, fault_words

DEEDS: dict[str, Callable[..., Any]] = {
    "pause": lambda actor, run_id, _why: actions.pause_run(actor=actor, run_id=run_id),
    "resume": lambda actor, run_id, _why: actions.resume_run(actor=actor, run_id=run_id),
    "give-up": lambda actor, run_id, why: actions.give_up(actor=actor, run_id=run_id, reason=why),
}


@audience(STAFF, SEE)
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """While it is under way the page asks again every two seconds."""
    return run_page(request, queries.run(actor=request.actor, run_id=run_id))  # type: ignore[attr-defined]


def run_page(
    request: HttpRequest, found: Run, error: TongbanError | None = None, shown: list[dict[str, Any]] | None = None
) -> HttpResponse:
    actor, columns = request.actor, found.job.columns  # type: ignore[attr-defined]
    faults = queries.faults_of(actor=actor, run_id=found.pk)
    who, why = queries.blame_of(found)
    context = {
        "run": found,
        "job": found.job,
        "faults": [(fault_words(one["fault"], columns), one["rows"], one["places"]) for one in faults],
        "who": WHO.get(who, ""),
        "why": WHY.get(why, ""),
        "titles": [one.get("title") or one["name"] for one in columns],
        "bad_rows": [
            (
                row["_row"],
                [row.get(one["source"]) for one in columns],
                [fault_words(code, columns) for code in row["_faults"]],
                row["_damage"],
            )
            for row in shown or ()
        ],
        "manages": may(actor, MANAGE, department_id=found.job.department_id),
        "error": error,
    }
    return private(render(request, "gathering/run.html", context, status=error.status if error else 200))


@audience(STAFF, MANAGE)
@require_POST
def rows(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The rows that were put aside, with their values."""
    actor = request.actor  # type: ignore[attr-defined]
    shown = actions.show_bad_rows(actor=actor, run_id=run_id)
    return run_page(request, queries.run(actor=actor, run_id=run_id), shown=shown)


@audience(STAFF, MANAGE)
@require_POST
def deed(request: HttpRequest, run_id: UUID, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise NotFound
    actor = request.actor  # type: ignore[attr-defined]
    try:
        DEEDS[deed](actor, run_id, request.POST.get("reason", "")[:300])
    except TOLD as refusal:
        return run_page(request, queries.run(actor=actor, run_id=run_id), refusal)
    return redirect("console-gathering-run", run_id)


urlpatterns = [
    path("console/gathering/runs/<uuid:run_id>/", run, name="console-gathering-run"),
    path("console/gathering/runs/<uuid:run_id>/rows/", rows, name="console-gathering-rows"),
    path("console/gathering/runs/<uuid:run_id>/<slug:deed>/", deed, name="console-gathering-run-deed"),
]
