"""What was sent back to one's department: the values its own data gave, to be looked at and answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.data.registries import actions, queries
from tongban.data.registries.models import Conflict
from tongban.data.registries.queries import SEE
from tongban.data.registries.rules import candidates
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .conflicts import DECIDE
from .registers import URL, private
from .words import TOLD, Face


@audience(STAFF, SEE)
@require_safe
def returned(request: HttpRequest) -> HttpResponse:
    return _page(request, None, None)


@audience(STAFF, DECIDE)
@require_POST
def answer(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """Corrected at the source, or right as it was."""
    corrected = request.POST.get("act") == "corrected"
    try:
        actions.answer_conflict(
            actor=request.actor,  # type: ignore[attr-defined]
            conflict_id=conflict_id,
            corrected=corrected,
            reason=request.POST.get("reason", "")[:400],
        )
    except TOLD as refusal:
        return _page(request, refusal, conflict_id)
    messages.success(request, _("已记下，下次归集以后自动更新。") if corrected else _("已答复，由管理部门认定。"))
    return redirect("registries:returned")


def _page(request: HttpRequest, error: TongbanError | None, which: UUID | None) -> HttpResponse:
    page = queries.returned_page(actor=request.actor, cursor=request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    faces: dict[str, Face | None] = {}
    for one in page:
        if one.register not in faces:
            known = queries.register_known(one.register)
            faces[one.register] = Face(known) if known else None
    context = {
        "page": page,
        "rows": [_row(face, one, error if one.pk == which else None) for one in page if (face := faces[one.register])],
        "error": error,
    }
    return private(render(request, "registries/returned.html", context, status=error.status if error else 200))


def _row(face: Face, one: Conflict, error: TongbanError | None) -> dict[str, Any]:
    said = candidates(one.record.values, one.record.origins, one.element)
    return {
        "conflict": one,
        "register": face.register,
        "element": face.title(one.element),
        "line": face.line(one.record)[:3],
        "said": [(face.text(one.element, each["value"]), each) for each in said],
        "errors": error.fields if error else {},
    }


urlpatterns = [
    path(f"{URL}returned/", returned, name="returned"),
    path(f"{URL}returned/<uuid:conflict_id>/", answer, name="answer"),
]
