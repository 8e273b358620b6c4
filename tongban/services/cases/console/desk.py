"""The block of the console's home that says what waits today."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.cases.models import Case
from tongban.services.cases.queries import desk_counts, worklist

MOST_URGENT = 5


@audience(STAFF, "cases.see")
@require_safe
def today_block(request: HttpRequest) -> HttpResponse:
    """A fragment for the home page: counts by lamp, mine, new, and the most urgent few."""
    counts = desk_counts(request.actor)
    context = {
        "counts": counts,
        "lamps": [(lamp, label, counts.by_lamp[lamp]) for lamp, label in reversed(Case.Lamp.choices)],
        "urgent": worklist(request.actor, size=MOST_URGENT).rows,
    }
    return render(request, "cases/console/today.html", context)


urlpatterns = [path("console/cases/counts/", today_block, name="console-cases-today")]
