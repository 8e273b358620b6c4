"""What persons signed about a case, and the steps of its check, for whoever may see the case."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.cases.queries import case_for, judged_signatures


@audience(STAFF, "cases.see")
@require_safe
def signatures(request: HttpRequest, case_id: UUID) -> HttpResponse:
    case = case_for(request.actor, case_id)
    context = {"case": case, "signatures": judged_signatures(request.actor, case)}
    return render(request, "cases/console/signatures.html", context)


urlpatterns = [path("console/cases/<uuid:case_id>/signatures/", signatures, name="console-case-signatures")]
