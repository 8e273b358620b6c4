"""待我审核: one page, and one number in the menu, for everything that awaits this official's review."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.queries.waiting import work_waiting


@audience(STAFF)
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    found = work_waiting(request.actor)
    names = staff_names({one.by for one in found if one.by})
    rows = [(one, names.get(one.by, "") if one.by else "") for one in found]
    return render(request, "authoring/waiting.html", {"rows": rows})


@audience(STAFF)
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """How many, as a fragment for the menu and for the first page of the console."""
    return render(
        request,
        "authoring/waiting_count.html",
        {"number": len(work_waiting(request.actor)), "words": request.GET.get("words")},
    )


urlpatterns = [
    path("console/waiting/", waiting, name="console-waiting"),
    path("console/waiting/count/", count, name="console-waiting-count"),
]
