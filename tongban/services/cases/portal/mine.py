"""我的办件, 我的草稿: lists of what the applicant sent and what he is still writing."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.services.cases.actions import discard_draft
from tongban.services.cases.queries import draft_standing, my_cases, my_drafts

from .application import Application, on_draft

TABS = {"open": {"open": True}, "closed": {"open": False}, "all": {}}


@audience(CITIZEN)
def cases_page(request: HttpRequest) -> HttpResponse:
    tab = request.GET.get("show", "all")
    filters: dict[str, Any] = TABS.get(tab, {})
    page = my_cases(request.actor, filters, request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    return render(request, "cases/portal/cases.html", {"page": page, "tab": tab if tab in TABS else "all"})


@audience(CITIZEN)
def drafts_page(request: HttpRequest) -> HttpResponse:
    drafts = my_drafts(request.actor)  # type: ignore[attr-defined]
    rows = [{"draft": draft, "standing": draft_standing(draft)} for draft in drafts]
    return render(request, "cases/portal/drafts.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@on_draft
def discard(request: HttpRequest, application: Application) -> HttpResponse:
    if request.method == "POST":
        discard_draft(actor=request.actor, draft_id=application.draft.pk)  # type: ignore[attr-defined]
        return redirect("my_drafts")
    context = {
        "title": _("删除这份草稿？"),
        "text": _("“%(name)s”里填写的内容会删除，不能恢复。") % {"name": application.draft.task_name},
        "action": _("删除草稿"),
        "back": reverse("my_drafts"),
        "danger": True,
    }
    return render(request, "cases/portal/confirm.html", context)
