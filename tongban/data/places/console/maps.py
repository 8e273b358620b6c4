"""The map: a division's boundary, those below it, and the addresses; drawn from our own data alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.data.places import queries
from tongban.data.places.queries import SEE
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience

from .addresses import STATES


@audience(STAFF, SEE)
@require_safe
def drawn(request: HttpRequest) -> HttpResponse:
    actor, at = request.actor, request.GET.get("at", "")[:40]  # type: ignore[attr-defined]
    home = queries.home()
    code = request.GET.get("division", home)[:12]
    try:
        one = queries.division(actor=actor, code=code)
    except NotFound:
        if "division" in request.GET:
            raise
        one = None
    shown = queries.address(actor=actor, code=at) if at else None
    page = queries.addresses_page(actor=actor, division=code, cursor=request.GET.get("cursor", ""), size=30)
    context = {
        "one": one,
        "code": code,
        "above": queries.above(code),
        "below": queries.children_page(actor=actor, code=code, size=100).rows,
        "box": queries.box_of(code, shown),
        "boundary": queries.boundary_in_use(code),
        "shown": shown,
        "page": page,
        "rows": [(each, STATES[each.state]) for each in page],
    }
    return render(request, "places/map.html", context)


@audience(STAFF, SEE)
@require_safe
def outlines(request: HttpRequest, place_code: str) -> JsonResponse:
    return JsonResponse(queries.outlines(actor=request.actor, code=place_code))  # type: ignore[attr-defined]


@audience(STAFF, SEE)
@require_safe
def points(request: HttpRequest) -> JsonResponse:
    return JsonResponse(queries.points(actor=request.actor, box=request.GET.get("box", "")))  # type: ignore[attr-defined]


urlpatterns = [
    path("console/places/map/", drawn, name="console-map"),
    path("console/places/map/points.json", points, name="console-map-points"),
    path("console/places/map/<slug:place_code>/outlines.json", outlines, name="console-map-outlines"),
]
