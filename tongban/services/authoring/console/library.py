"""The library of groups and fields that forms share: what there is, who uses it, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.queries import VERB
from tongban.services.authoring.queries.library_uses import library_uses
from tongban.services.forms.actions import publish_part, refuse_part
from tongban.services.forms.errors import FormRefused
from tongban.services.forms.queries import (
    TYPE_NAMES,
    SharedVersion,
    element_named,
    parts,
    parts_waiting,
    shared_versions,
)
from tongban.services.forms.queries import library as parts_of_library
from tongban.services.forms.queries import render as rendered


@audience(STAFF, VERB)
@require_safe
def library(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:60]
    kind = request.GET.get("kind", "") if request.GET.get("kind") in ("group", "field") else ""
    uses = library_uses(request.actor)
    rows = []
    for one in parts_of_library(request.actor, text=text, kind=kind):
        using = uses.of(one.part.key)
        behind = sum(use.version < one.version for use in using)
        rows.append((one, _fields(one.content), len(using), behind))
    kinds = [("", _("全部")), ("group", _("分组")), ("field", _("字段"))]
    return render(request, "authoring/library.html", {"rows": rows, "text": text, "kind": kind, "kinds": kinds})


def _fields(content: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, type, element) of each field."""
    found = []
    for raw in content.get("fields") or [content]:
        element = element_named(str(raw.get("element") or ""))
        found.append(
            (raw.get("label") or raw["key"], _(TYPE_NAMES.get(raw["type"], "")), _(element.name) if element else "")
        )
    return found


def _by(names: Mapping[UUID, str], row: Any) -> str:
    return names.get(row.by, "") if row.by else ""


@audience(STAFF, VERB)
@require_safe
def part(request: HttpRequest, key: str) -> HttpResponse:
    return _part(request, key)


def _part(request: HttpRequest, key: str, error: FormRefused | None = None) -> HttpResponse:
    versions = shared_versions(request.actor, key)
    newest = next((row for row in versions if row.status == row.Status.PUBLISHED), versions[0])
    waiting = versions[0] if versions[0].status == SharedVersion.Status.IN_REVIEW else None
    names = staff_names({row.by for row in versions if row.by})
    history = [
        (row, _by(names, row), [one.say(_) for one in parts.differences(before.content, row.content)] if before else [])
        for row, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    uses = library_uses(request.actor)
    content = newest.content
    group = content if newest.part.kind == "group" else {"key": "g", "fields": [content]}
    context = {
        "part": newest.part,
        "newest": newest,
        "waiting": waiting,
        "may_answer": waiting is not None and waiting in parts_waiting(request.actor),
        "error": error,
        "typed": request.POST,
        "fields": _fields(content),
        "history": history,
        "using": uses.of(key),
        "alike": uses.alike(content) if newest.part.kind == "group" else [],
        "shown": rendered({"title": newest.title, "groups": [group]}, {}),
    }
    return render(request, "authoring/library_part.html", context, status=422 if error else 200)


@audience(STAFF, VERB)
@require_POST
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """Take a colleague's version in, or not, with a reason."""
    waiting = shared_versions(request.actor, key)[0]
    try:
        if request.POST.get("answer") == "publish":
            publish_part(actor=request.actor, version_id=waiting.pk)
            messages.success(request, _("已放进公共库，各张表都可以用了。"))
        else:
            refuse_part(actor=request.actor, version_id=waiting.pk, reason=request.POST.get("reason", ""))
            messages.success(request, _("没有采用，写的同事会收到消息。"))
    except FormRefused as error:
        return _part(request, key, error)
    return redirect("authoring-library-part", key)


urlpatterns = [
    path("console/authoring/library/", library, name="authoring-library"),
    path("console/authoring/library/<slug:key>/", part, name="authoring-library-part"),
    path("console/authoring/library/<slug:key>/answer/", answer, name="authoring-library-answer"),
]
