"""今日: where a member of staff begins; blocks by what he may do. Case counts come from the cases room as a fragment."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.notifications.queries import messages_of

from .menu import MENU, allowed


@audience(STAFF)
def home(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    entries = [entry for group in MENU for entry in allowed(group, actor) if entry.url != "/console/"]
    context = {"entries": entries, "today": today(), "messages_latest": messages_of(actor, size=5).rows}
    return render(request, "console/home.html", context)


urlpatterns = [path("console/", home, name="console")]
