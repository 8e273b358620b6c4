"""The tree of divisions: looked through, sought, as on any day."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.data.places import actions, queries
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
        "manages": MANAGE in actor.grants,
        "error": error,
    }
    return render(request, "places/division.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    try:
        counts = actions.take_over(actor=request.actor)  # type: ignore[attr-defined]
    except Conflict as error:
        return _page(request, "", error)
    said = _("已采用：共 %(divisions)s 个区划，新增 %(added)s 个，结束 %(ended)s 个。") % counts
    messages.success(request, said)
    return redirect("console-places")


urlpatterns = [
    path("console/places/", country, name="console-places"),
    path("console/places/take-over/", take_over, name="console-places-take-over"),
    path("console/places/divisions/<slug:place_code>/", division, name="console-division"),
]
