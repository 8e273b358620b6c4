"""The desk's page of what people say is wrong in the registers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience

from .actions import answer_objection
from .queries import objections_open


def _page(request: HttpRequest, error: Refused | None = None, wrong: str = "") -> HttpResponse:
    page = objections_open(request.actor, cursor=request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    context = {"page": page, "error": error, "wrong": wrong, "typed": request.POST.get("answer", "")}
    return render(request, "forms/objections.html", context, status=422 if error else 200)


@audience(STAFF, "registries.look")
@require_safe
def objections(request: HttpRequest) -> HttpResponse:
    return _page(request)


@audience(STAFF, "registries.look")
@require_POST
def answer(request: HttpRequest, objection_id: UUID) -> HttpResponse:
    try:
        answer_objection(
            actor=request.actor,  # type: ignore[attr-defined]
            objection_id=objection_id,
            answer=request.POST.get("answer", ""),
        )
    except Refused as error:
        return _page(request, error, str(objection_id))
    messages.success(request, _("已记下核实结果。"))
    return redirect("forms:objections")


app_name = "forms"
urlpatterns = [
    path("console/objections/", objections, name="objections"),
    path("console/objections/<uuid:objection_id>/", answer, name="answer"),
]
