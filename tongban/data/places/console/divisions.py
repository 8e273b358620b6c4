"""The tree of divisions: looked through, sought, as on any day."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.data.places import queries
from tongban.data.places.queries import MANAGE, SEE
from tongban.data.places.queries.divisions import LEVEL_NAMES
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed


@audience(STAFF, SEE)
@require_safe
def country(request: HttpRequest) -> HttpResponse:
    return _page(request, "")


@audience(STAFF, SEE)
@require_safe
def division(request: HttpRequest, place_code: str) -> HttpResponse:
    return _page(request, place_code)


def country_page(request: HttpRequest, error: Conflict) -> HttpResponse:
    """The tree's beginning, with what was refused there."""
    return _page(request, "", error)


def _page(request: HttpRequest, code: str, error: Conflict | None = None) -> HttpResponse:
    actor, words = request.actor, request.GET.get("q", "").strip()[:60]  # type: ignore[attr-defined]
    on = day_typed(request.GET.get("on", ""))
    on = on if on != today() else None
    one = queries.division(actor=actor, code=code, on=on) if code else None
    cursor = request.GET.get("cursor", "")
    page = (
        queries.found(actor=actor, words=words, within=code, cursor=cursor)
        if words
        else queries.children_page(actor=actor, code=code, on=on, cursor=cursor)
    )
    context = {
        "one": one,
        "above": queries.above(code, on) if code else [],
        "lines": queries.lines_of(actor=actor, code=code) if code else [],
        "boundaries": queries.boundaries_of(actor=actor, code=code) if code else [],
        "page": page,
        "rows": [
            (each, LEVEL_NAMES[each.level], [part.name for part in queries.above(each.code)] if words else [])
            for each in page
        ],
        "level": LEVEL_NAMES[one.level] if one else "",
        "words": words,
        "on": on,
        "held": queries.held_version() if not code else None,
        "under_way": queries.open_takeover() if not code else None,
        "last_takeover": next(iter(queries.takeovers(actor=actor, most=1)), None) if not code else None,
        "manages": MANAGE in actor.grants,
        "error": error,
    }
    return render(request, "places/division.html", context, status=error.status if error else 200)


urlpatterns = [
    path("console/places/", country, name="console-places"),
    path("console/places/divisions/<slug:place_code>/", division, name="console-division"),
]
