"""我的办件, 我的草稿: lists of what the applicant sent and what he is still writing."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.services.cases.actions import discard_draft, end_help
from tongban.services.cases.queries import helpers_of, my_cases, my_drafts

from .application import Application, on_draft, standing_in_words

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
    helpers = helpers_of(draft.pk for draft in drafts)
    rows = [standing_in_words(draft) | {"draft": draft, "helper": helpers.get(draft.pk)} for draft in drafts]
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


@require_POST
@on_draft
def take_back(request: HttpRequest, application: Application) -> HttpResponse:
    """Nobody at a counter writes in this draft any longer."""
    end_help(actor=request.actor, draft_id=application.draft.pk)  # type: ignore[attr-defined]
    messages.success(request, _("已收回，窗口不能再填这份申请。"))
    return redirect("my_drafts")
