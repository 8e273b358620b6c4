"""The letters an item sends: the standard ones, or the department's own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.queries import VERB
from tongban.services.authoring.queries.letters import letters_of

from .frame import frame


@audience(STAFF, VERB)
@require_safe
def letters(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Asked for again (its list alone) when a letter has been chosen."""
    context = frame(request, document_id, "letters")
    context["steps"] = letters_of(request.actor, context["draft"])
    whole = "HX-Request" not in request.headers
    return render(request, "authoring/letters.html" if whole else "authoring/letters_list.html", context)


urlpatterns = [path("console/authoring/<uuid:document_id>/letters/", letters, name="authoring-letters")]
