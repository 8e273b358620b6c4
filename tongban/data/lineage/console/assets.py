"""Data assets: what there is, by department, and how much of it is used."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.data.lineage import queries
from tongban.data.lineage.queries import SEE
from tongban.foundation.kernel.pages import STAFF, audience

from .pictures import LEVELS


@audience(STAFF, SEE)
@require_safe
def assets(request: HttpRequest) -> HttpResponse:
    told = queries.assets(request.actor)  # type: ignore[attr-defined]
    context = {"assets": told, "datasets": [(one, LEVELS.get(one.level, "")) for one in told.datasets]}
    return render(request, "lineage/assets.html", context)


urlpatterns = [path("console/lineage/assets/", assets, name="console-lineage-assets")]
