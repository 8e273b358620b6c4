"""The elements of an item and its materials, in sections, each with help beside it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.organisations.queries import halls_of
from tongban.services.authoring.actions import ask_for_link_check
from tongban.services.authoring.queries import VERB, completed, item_draft
from tongban.services.authoring.queries.editing import part_of, section_of
from tongban.services.authoring.queries.elements import MATERIALS, SECTIONS
from tongban.services.items.queries import code_tables, guide_of_content

from .frame import frame


@audience(STAFF, VERB)
@require_safe
def elements(request: HttpRequest, document_id: UUID) -> HttpResponse:
    context = frame(request, document_id, "elements")
    content = context["content"]
    context["sections"] = [section_of(section, content) for section in SECTIONS]
    return render(request, "authoring/elements.html", context | _halls(context["draft"]))


@audience(STAFF, VERB)
@require_safe
def section(request: HttpRequest, document_id: UUID, key: str) -> HttpResponse:
    """One section, asked for again when its rows came, went or moved."""
    context = frame(request, document_id, "elements")
    chosen = next((one for one in SECTIONS if one.key == key), None)
    if chosen is None:
        raise NotFound
    context["section"] = section_of(chosen, context["content"])
    return render(request, "authoring/section.html", context | _halls(context["draft"]))


def _halls(draft: Any) -> dict[str, Any]:
    """The halls of the department's division, ready to be put in as places."""
    halls = halls_of(draft.department.division_id)
    rows = [
        {"hall": one.name, "window": "", "address": one.address, "hours": one.hours, "phone": one.phone}
        for one in halls
    ]
    return {"halls": rows}


@audience(STAFF, VERB)
@require_safe
def materials(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """What to bring: rows that can be put in order by keyboard or by dragging."""
    context = frame(request, document_id, "materials")
    context["part"] = part_of(MATERIALS, context["content"], "")  # type: ignore[arg-type]
    return render(request, "authoring/materials.html", context)


@audience(STAFF, VERB)
@require_safe
def findings(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The list of findings and the tabs with their counts, asked for again after every change."""
    current = request.GET.get("tab", "elements")
    return render(request, "authoring/findings.html", frame(request, document_id, current))


@audience(STAFF, VERB)
@require_POST
def links(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Have every address tried in the background; what does not open comes up among the findings."""
    ask_for_link_check(actor=request.actor, draft_id=document_id)
    messages.success(request, _("正在检查网址。打不开的，过一会儿会出现在检查结果里。"))
    return redirect("authoring-elements", document_id)


@audience(STAFF, VERB)
@require_safe
def guide(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The guide as the citizen will see it, of a draft in any state; stands in a frame beside the editor."""
    draft = item_draft(request.actor, document_id)
    found = guide_of_content(completed(draft.content), request.GET.dict(), request.GET.get("as", ""))
    context = {
        "guide": found,
        "item": found.content,
        "guide_frame": "authoring/guide_frame.html",
        "chosen_kind": request.GET.get("as", ""),
        "result_types": code_tables()["result_type"],
        "here": request.path,
    }
    answer = render(request, "items/guide.html", context)
    answer["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY.replace(
        "frame-ancestors 'none'", "frame-ancestors 'self'"
    )
    return answer


HERE = "console/authoring/<uuid:document_id>/"
urlpatterns = [
    path(HERE, elements, name="authoring-elements"),
    path(f"{HERE}section/<slug:key>/", section, name="authoring-section"),
    path(f"{HERE}materials/", materials, name="authoring-materials"),
    path(f"{HERE}findings/", findings, name="authoring-findings"),
    path(f"{HERE}links/", links, name="authoring-links"),
    path(f"{HERE}guide/", guide, name="authoring-guide"),
]
