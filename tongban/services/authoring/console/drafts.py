"""The drafts of one's department: search, a new one, the trash and the way back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.drafting.actions import restore, trash
from tongban.foundation.drafting.errors import DraftUnderWay
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.actions import begin_item
from tongban.services.authoring.queries import VERB, begun_from, draft_counts, item_draft, item_drafts
from tongban.services.items.queries import items_of, revisable_of, search

STATES = (
    ("", gettext_lazy("全部")),
    ("open", gettext_lazy("编制中")),
    ("in_review", gettext_lazy("审核中")),
    ("done", gettext_lazy("已完成")),
    ("trashed", gettext_lazy("回收站")),
)


@audience(STAFF, VERB)
@require_safe
def drafts(request: HttpRequest) -> HttpResponse:
    """Drafts by when they were touched last, with who did; counts of each state."""
    chosen = {"state": request.GET.get("state", ""), "text": request.GET.get("q", "").strip()[:100]}
    if chosen["state"] not in dict(STATES):
        chosen["state"] = ""
    page = item_drafts(request.actor, **chosen, cursor=request.GET.get("cursor", ""))
    names = staff_names({one for row in page for one in (row.updated_by, row.trashed_by) if one})
    counts = draft_counts(request.actor)
    all_of_them = sum(count for state, count in counts.items() if state != "trashed")
    context = {
        "page": page,
        "rows": [
            (row, begun_from(row.base_ref), names.get(row.updated_by, ""), names.get(row.trashed_by, ""))
            for row in page
        ],
        "chosen": chosen,
        "states": [(state, title, counts.get(state, all_of_them)) for state, title in STATES],
    }
    return render(request, "authoring/drafts.html", context)


@audience(STAFF, VERB)
def new(request: HttpRequest) -> HttpResponse:
    """One question or two, and the draft is open."""
    posted = request.POST if request.method == "POST" else request.GET
    typed = {name: posted.get(name, "")[:300] for name in ("name", "catalog_code", "source", "ref")}
    error: Refused | None = None
    if request.method == "POST":
        try:
            return redirect("authoring-elements", _begin(request, typed))
        except Refused as refusal:
            error = refusal
    own = {item.code for item in items_of(request.actor.department_id)}
    sought = request.GET.get("q", "").strip()[:100]
    context: dict[str, Any] = {
        "typed": typed,
        "sought": sought,
        "others": [hit for hit in search(sought) if hit.kind == "guide" and hit.code not in own] if sought else [],
        "error": error,
        "fields": error.fields if error else {},
        "items": revisable_of(request.actor.department_id),
    }
    return render(request, "authoring/new.html", context, status=422 if error else 200)


def _begin(request: HttpRequest, typed: dict[str, str]) -> UUID:
    """The new draft's id; that of the one under way when there is one already."""
    actor = request.actor
    more = {"name": typed["name"], "catalog_code": typed["catalog_code"]}
    source = typed["source"] if typed["source"] in ("", "basic", "listed", "item") else ""
    try:
        return begin_item(actor, actor.department_id, source, typed["ref"], **more).pk
    except DraftUnderWay as under_way:
        messages.info(request, _("这个事项已经有一份草稿，为您打开。"))
        return UUID(str(under_way.details["draft_id"]))


@audience(STAFF, VERB)
@require_POST
def into_trash(request: HttpRequest, document_id: UUID) -> HttpResponse:
    draft = trash(actor=request.actor, draft_id=item_draft(request.actor, document_id).pk)
    messages.success(request, _("“%(name)s”已放进回收站，可以随时恢复。") % {"name": draft.title})
    return redirect("authoring-drafts")


@audience(STAFF, VERB)
@require_POST
def out_of_trash(request: HttpRequest, document_id: UUID) -> HttpResponse:
    draft = restore(actor=request.actor, draft_id=item_draft(request.actor, document_id).pk)
    messages.success(request, _("“%(name)s”已恢复。") % {"name": draft.title})
    return redirect("authoring-elements", draft.pk)


HERE = "console/authoring/<uuid:document_id>/"
urlpatterns = [
    path("console/authoring/", drafts, name="authoring-drafts"),
    path("console/authoring/new/", new, name="authoring-new"),
    path(f"{HERE}trash/", into_trash, name="authoring-trash"),
    path(f"{HERE}restore/", out_of_trash, name="authoring-restore"),
]
