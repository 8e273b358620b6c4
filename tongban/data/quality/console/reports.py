"""What a department's data were worth in a month, to be read and printed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.data.quality import queries
from tongban.data.quality.queries import SEE
from tongban.data.quality.rules import level
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience

from .words import DIMENSION, told_rule


@audience(STAFF, SEE)
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Every month of every department whose data were checked."""
    found = queries.months(actor=request.actor)  # type: ignore[attr-defined]
    return render(request, "quality/reports.html", {"months": found})


@audience(STAFF, SEE)
@require_safe
def report(request: HttpRequest, department_id: UUID, month: str) -> HttpResponse:
    """`month` is 2026-11."""
    told = queries.report(actor=request.actor, department_id=department_id, begins_on=_first(month))  # type: ignore[attr-defined]
    titles = {pk: queries.titles_of(pk) for pk in {one.of_check.dataset_id for one in told.worst}}
    context: dict[str, Any] = {
        "report": told,
        "level": level(told.score),
        "change": round(told.score - told.before, 1) if told.score is not None and told.before is not None else None,
        "six": [
            (word, told.dimensions.get(name), level(told.dimensions.get(name))) for name, word in DIMENSION.items()
        ],
        "worst": [(one, told_rule(one.version.content, titles[one.of_check.dataset_id])) for one in told.worst],
        "made_at": now(),
    }
    return render(request, "quality/report.html", context)


def _first(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound from None


urlpatterns = [
    path("console/quality/reports/", reports, name="console-quality-reports"),
    path("console/quality/reports/<uuid:department_id>/<slug:month>/", report, name="console-quality-report"),
]
