"""Writing standards: the first draft, the next version, its codes; handing in and reviewing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.data.standards import actions, queries
from tongban.data.standards.models import Standard, Version
from tongban.data.standards.queries import SEE, WRITE
from tongban.data.standards.rules import ELEMENT_FIELDS, SET_FIELDS, mark_of
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, Refused, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed

from .browsing import standard_page
from .words import FIELDS, HINTS, KINDS, LABELS, TOLD, TYPES

LARGEST = 80 << 20  # bytes of a file of codes
AREAS = ("definition", "note", "source")


@audience(STAFF, WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    kind = (request.POST or request.GET).get("kind", "")
    if kind not in KINDS:
        raise NotFound
    if request.method != "POST":
        return _form(request, kind, {"effective_on": str(today())})
    try:
        version = actions.begin_standard(
            actor=request.actor, kind=kind, key=request.POST.get("key", "")[:60], **_said(request.POST, kind)  # type: ignore[attr-defined]
        )  # fmt: skip
    except TOLD as error:
        return _form(request, kind, request.POST, error=error)
    return redirect("console-standard-edit", version.pk)


@audience(STAFF, WRITE)
@require_POST
def begin_version(request: HttpRequest, standard_id: UUID) -> HttpResponse:
    try:
        version = actions.begin_version(actor=request.actor, standard_id=standard_id, effective_on=today())  # type: ignore[attr-defined]
    except TOLD as error:
        return standard_page(request, standard_id, error)
    return redirect("console-standard-edit", version.pk)


@audience(STAFF, WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, standard_version_id: UUID) -> HttpResponse:
    """A draft: what it says of itself, and its codes."""
    actor = request.actor  # type: ignore[attr-defined]
    version = queries.version(actor=actor, version_id=standard_version_id)
    if version.status != Version.Status.DRAFT:
        return redirect("console-standard", version.standard_id)
    kind = version.standard.kind
    if request.method != "POST":
        return edit_page(request, version)
    try:
        mark = request.POST.get("mark", "")[:64]
        actions.change_draft(actor=actor, version_id=version.pk, mark=mark, **_said(request.POST, kind))
    except TOLD as error:
        return edit_page(request, version, error, request.POST)
    messages.success(request, _("已保存。"))
    if request.POST.get("then"):
        return redirect(f"{reverse('console-standard', args=[version.standard_id])}?version={version.version}")
    return redirect("console-standard-edit", version.pk)


def edit_page(
    request: HttpRequest, version: Version, error: TongbanError | None = None, typed: Any = None
) -> HttpResponse:
    return _form(
        request,
        version.standard.kind,
        typed or {**version.content, "effective_on": str(version.effective_on)},
        version=version,
        error=error,
    )


def _said(typed: QueryDict, kind: str) -> dict[str, Any]:
    fields = ELEMENT_FIELDS if kind == Standard.Kind.ELEMENT else SET_FIELDS
    return {
        "content": {name: typed.get(name, "")[: most + 1] for name, most in fields.items()},
        "effective_on": day_typed(typed.get("effective_on", "")),
    }


def _form(
    request: HttpRequest, kind: str, typed: Any, *, version: Version | None = None, error: TongbanError | None = None
) -> HttpResponse:
    actor, fields = request.actor, ELEMENT_FIELDS if kind == Standard.Kind.ELEMENT else SET_FIELDS  # type: ignore[attr-defined]
    said = error.fields if error else {}
    words = request.GET.get("q", "").strip()[:100]
    choices = {"data_type": TYPES, "code_set": queries.set_keys()} if kind == Standard.Kind.ELEMENT else {}
    context = {
        "kind": kind,
        "kind_name": KINDS[kind],
        "version": version,
        "standard": version.standard if version else None,
        "typed": typed,
        "mark": request.POST.get("mark", "") or (mark_of(version.content, version.effective_on) if version else ""),
        "fields": [
            {
                "name": name, "label": FIELDS[name], "hint": HINTS.get(name, ""), "value": typed.get(name, ""), "most": most,
                "errors": said.get(name), "kind": "area" if name in AREAS else "text",
                "optional": name not in ("name", "definition", "data_type"),
                "choices": list(choices[name].items()) if name in choices else None,
            }
            for name, most in fields.items()
        ],
        "key_errors": said.get("key"),
        "day_errors": said.get("effective_on"),
        "page": queries.values_page(actor=actor, version_id=version.pk, words=words, cursor=request.GET.get("cursor", ""))
        if version and kind == Standard.Kind.CODE_SET
        else None,
        "words": words,
        "error": error.named(LABELS) if error else None,
    }  # fmt: skip
    return render(request, "standards/edit.html", context, status=error.status if error else 200)


def _import(request: HttpRequest, version_id: UUID) -> Version:
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > LARGEST:
        raise Refused(_("请选一个不超过 80 MB 的文件。"))
    return actions.import_values(
        actor=request.actor, version_id=version_id, name=upload.name or "", data=upload.read()  # type: ignore[attr-defined]
    )  # fmt: skip


def _put(request: HttpRequest, version_id: UUID) -> Version:
    names = {"code": "code", "name": "meaning", "parent": "parent", "note": "note"}
    said = {name: request.POST.get(typed, "")[:400] for name, typed in names.items()}
    return actions.put_value(actor=request.actor, version_id=version_id, **said)  # type: ignore[attr-defined]


def _remove(request: HttpRequest, version_id: UUID) -> Version:
    return actions.drop_value(actor=request.actor, version_id=version_id, code=request.POST.get("code", "")[:40])  # type: ignore[attr-defined]


def _with_reason(act: Callable[..., Version]) -> Callable[[HttpRequest, UUID], Version]:
    return lambda request, version_id: act(
        actor=request.actor, version_id=version_id, reason=request.POST.get("reason", "")[:300]  # type: ignore[attr-defined]
    )  # fmt: skip


WRITING: dict[str, Callable[[HttpRequest, UUID], Version]] = {"import": _import, "put": _put, "remove": _remove}
STEPS: dict[str, Callable[[HttpRequest, UUID], Version | None]] = {
    "hand-in": lambda request, version_id: actions.hand_in(actor=request.actor, version_id=version_id),  # type: ignore[attr-defined]
    "agree": lambda request, version_id: actions.agree(actor=request.actor, version_id=version_id),  # type: ignore[attr-defined]
    "send-back": _with_reason(actions.send_back),
    "withdraw": _with_reason(actions.withdraw),
    "drop": lambda request, version_id: actions.drop_draft(actor=request.actor, version_id=version_id),  # type: ignore[attr-defined]
}


@audience(STAFF, WRITE)
@require_POST
def codes(request: HttpRequest, standard_version_id: UUID, change: str) -> HttpResponse:
    """A file of codes, one code more or less."""
    if change not in WRITING:
        raise NotFound
    version = queries.version(actor=request.actor, version_id=standard_version_id)  # type: ignore[attr-defined]
    try:
        WRITING[change](request, version.pk)
    except TOLD as error:
        return edit_page(request, version, error)
    messages.success(request, _("已保存。"))
    return redirect("console-standard-edit", version.pk)


@audience(STAFF, SEE)
@require_POST
def step(request: HttpRequest, standard_version_id: UUID, step: str) -> HttpResponse:
    """Handed in, agreed to, sent back, withdrawn, dropped: each asks for its own right."""
    if step not in STEPS:
        raise NotFound
    version = queries.version(actor=request.actor, version_id=standard_version_id)  # type: ignore[attr-defined]
    try:
        done = STEPS[step](request, version.pk)
    except TOLD as error:
        return standard_page(request, version.standard_id, error)
    messages.success(request, _("已办好。"))
    if done is None and version.version == 1:
        return redirect("console-standards")
    return redirect("console-standard", version.standard_id)


urlpatterns = [
    path("console/standards/new/", begin, name="console-standard-begin"),
    path("console/standards/<uuid:standard_id>/versions/new/", begin_version, name="console-standard-version"),
    path("console/standards/versions/<uuid:standard_version_id>/", edit, name="console-standard-edit"),
    path(
        "console/standards/versions/<uuid:standard_version_id>/codes/<slug:change>/",
        codes,
        name="console-standard-codes",
    ),
    path("console/standards/versions/<uuid:standard_version_id>/<slug:step>/", step, name="console-standard-step"),
]
