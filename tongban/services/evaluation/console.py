"""What the rated body sees: figures of its own, and bad ratings to mend. Nobody's identity, and nothing to change."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.organisations.queries import department_names

from .queries import bad_ratings, departments_seen, figures_by, item_names, levels
from .rules import Figures

DAYS = 91


@audience(STAFF, "evaluation.see")
@require_safe
def evaluations(request: HttpRequest) -> HttpResponse:
    period = {"since": today() - timedelta(days=DAYS), "until": today()}
    figures = figures_by("item_code", within=departments_seen(request.actor), **period)
    names = item_names(figures)
    page = bad_ratings(request.actor, cursor=request.GET.get("cursor", ""))
    departments = department_names({bad.department_id for bad in page})
    rows = [(names.get(code, code), line) for code, line in figures.items()]
    context = {
        **period,
        "page": page,
        "bad": [(rating, departments.get(rating.department_id, "")) for rating in page],
        "items": sorted(rows, key=lambda row: (-row[1].bad, -row[1].rated, row[0]))[:50],
        "all": sum(figures.values(), Figures()),
        "levels": levels(),
        "may_see_cases": "cases.see" in request.actor.grants,
    }
    return render(request, "evaluation/console.html", context)


urlpatterns = [path("console/evaluations/", evaluations, name="console-evaluations")]
