"""The elements of an item, in sections, each with help beside it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.queries import VERB

from .frame import frame


@audience(STAFF, VERB)
@require_safe
def elements(request: HttpRequest, document_id: UUID) -> HttpResponse:
    return render(request, "authoring/elements.html", frame(request, document_id, "elements"))


@audience(STAFF, VERB)
@require_safe
def findings(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The list of findings and the tabs with their counts, asked for again after every change."""
    current = request.GET.get("tab", "elements")
    return render(request, "authoring/findings.html", frame(request, document_id, current))


HERE = "console/authoring/<uuid:document_id>/"
urlpatterns = [
    path(HERE, elements, name="authoring-elements"),
    path(f"{HERE}findings/", findings, name="authoring-findings"),
]
