"""我的证照: cards, one licence with its story, showing its code, who used it, whom one has allowed to look."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.kernel.errors import NotFound, Refused
from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.foundation.kernel.typed import day_typed, id_typed
from tongban.foundation.layouts.actions import qr_picture
from tongban.foundation.organisations.queries import department_names, departments_of

from .actions import allow, copy_for, declare_lost, make_copy, show_code, take_back
from .downloads import as_file, licence_file
from .errors import LayoutWaiting, NotShowable, SealingAway
from .queries import copies_of, grants_of, is_holder, is_live, ledger_of, licence_for, my_licences, story_of
from .queries.words import ACTS, WAYS, lines_of, shown_as
from .rules.states import UNCONFIRMED, may
from .rules.using import CODE_LASTS


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _mine(request: HttpRequest, licence_id: UUID) -> Any:
    licence = licence_for(request.actor, licence_id)
    if not is_holder(request.actor, licence) or licence.state in UNCONFIRMED:
        raise NotFound
    return licence


@audience(CITIZEN, "licences.hold")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    return _private(
        render(request, "licences/mine.html", {"cards": [shown_as(row) for row in my_licences(request.actor)]})
    )


@audience(CITIZEN, "licences.hold")
@require_safe
def one(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Its face, its story, who used it, who may."""
    licence = _mine(request, licence_id)
    grants = grants_of(request.actor, licence.family_id)
    names = department_names([grant.department_id for grant in grants])
    labels = {field["key"]: field["label"] for field in licence.type.content["fields"]}
    context = {
        "card": shown_as(licence),
        "licence": licence,
        "lines": lines_of(licence),
        "story": [(chapter, ACTS[chapter.act]) for chapter in story_of(licence)],
        "uses": [(use, WAYS[use.way]) for use in ledger_of(request.actor, licence=licence, size=5)],
        "grants": [
            (grant, names.get(grant.department_id, ""), is_live(grant), [labels.get(key, key) for key in grant.fields])
            for grant in grants
        ],
        "may_be_lost": may("declare_lost", licence.state),
    }
    return _private(render(request, "licences/licence.html", context))


@audience(CITIZEN, "licences.hold")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """The code to hold out. Asked for by POST, so that no reload, prefetch or history makes one."""
    licence = _mine(request, licence_id)
    context: dict[str, Any] = {"card": shown_as(licence), "licence": licence, "lasts": int(CODE_LASTS.total_seconds())}
    if request.method == "POST":
        digits, until = show_code(actor=request.actor, licence_id=licence_id)
        spaced = " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
        context |= {"digits": spaced, "until": until, "qr": qr_picture(digits)}
    whole = request.headers.get("HX-Request") != "true"
    return _private(render(request, "licences/code.html" if whole else "licences/code_shown.html", context))


@audience(CITIZEN, "licences.hold")
@require_safe
def uses(request: HttpRequest) -> HttpResponse:
    page = ledger_of(request.actor, cursor=request.GET.get("cursor", ""))
    return _private(
        render(request, "licences/uses.html", {"page": page, "uses": [(use, WAYS[use.way]) for use in page]})
    )


@audience(CITIZEN, "licences.hold")
@require_http_methods(["GET", "HEAD", "POST"])
def allowing(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Let a body see some fields."""
    licence, error = _mine(request, licence_id), None
    given = request.POST
    if request.method == "POST":
        try:
            allow(
                actor=request.actor, licence_id=licence_id, fields=given.getlist("fields"), purpose=given.get("purpose", ""),
                department_id=id_typed(given.get("department", "")), once=given.get("how") != "until",
                until_on=day_typed(given.get("until_on", "")),
            )  # fmt: skip
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("已授权。您可以随时收回。"))
            return redirect("my-licence", licence_id)
    context = {
        "card": shown_as(licence), "licence": licence, "lines": lines_of(licence), "departments": departments_of(),
        "error": error, "errors": error.fields if error else {}, "chosen": given.getlist("fields"), "given": given,
    }  # fmt: skip
    return _private(render(request, "licences/allow.html", context, status=error.status if error else 200))


@audience(CITIZEN, "licences.hold")
@require_POST
def taking_back(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    take_back(actor=request.actor, grant_id=grant_id)
    messages.success(request, _("已收回授权。"))
    back = id_typed(request.POST.get("licence", ""))
    return redirect("my-licence", back) if back else redirect("my-licences")


@audience(CITIZEN, "licences.hold")
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """The holder says that it is lost: from then on it does not count."""
    licence, error = _mine(request, licence_id), None
    reason = request.POST.get("reason", "")
    if request.method == "POST":
        try:
            declare_lost(actor=request.actor, licence_id=licence_id, reason=reason)
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("已声明遗失，这张证照不再有效。可以向颁发机关申请补发。"))
            return redirect("my-licence", licence_id)
    context = {"card": shown_as(licence), "licence": licence, "error": error, "reason": reason}
    return _private(render(request, "licences/lost.html", context, status=error.status if error else 200))


@audience(CITIZEN, "licences.hold")
@require_safe
def file(request: HttpRequest, licence_id: UUID, form: str) -> HttpResponse:
    """As a sealed PDF or OFD."""
    _mine(request, licence_id)
    return licence_file(request, licence_id, form, back="my-licence")


@audience(CITIZEN, "licences.hold")
@require_safe
def record(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """What was signed, and the signatures: they prove the licence whether or not a file of it can be made."""
    licence = _mine(request, licence_id)
    body = {"identifier": licence.identifier, "text": str(licence.record), "signatures": licence.signatures}
    return as_file(json.dumps(body, ensure_ascii=False, indent=1).encode(), licence.type_name, "json")


@audience(CITIZEN, "licences.hold")
@require_http_methods(["GET", "HEAD", "POST"])
def copying(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """A copy for one use, and those made before."""
    licence, error, given = _mine(request, licence_id), None, request.POST
    if request.method == "POST":
        try:
            copy = make_copy(
                actor=request.actor, licence_id=licence_id, purpose=given.get("purpose", ""),
                user_name=given.get("user_name", ""), until_on=day_typed(given.get("until_on", "")),
            )  # fmt: skip
        except (Refused, LayoutWaiting, NotShowable, SealingAway) as refusal:
            error = refusal
        else:
            number = copy.number
            messages.success(request, _("加注件 %(number)s 已生成，可以下载了。") % {"number": number})
            return redirect("my-licence-copy", licence_id)
    context = {
        "card": shown_as(licence), "licence": licence, "error": error, "errors": error.fields if error else {},
        "given": given, "copies": [(copy, copy.number) for copy in copies_of(request.actor, licence)],
    }  # fmt: skip
    return _private(render(request, "licences/copy.html", context, status=error.status if error else 200))


@audience(CITIZEN, "licences.hold")
@require_safe
def copy_file(request: HttpRequest, licence_id: UUID, copy_id: UUID) -> HttpResponse:
    copy, data = copy_for(actor=request.actor, licence_id=licence_id, copy_id=copy_id)
    return as_file(data, _("加注件 %(number)s") % {"number": copy.number}, "pdf")


urlpatterns = [
    path("my/licences/", mine, name="my-licences"),
    path("my/licences/uses/", uses, name="my-licence-uses"),
    path("my/licences/grants/<uuid:grant_id>/", taking_back, name="my-licence-grant"),
    path("my/licences/<uuid:licence_id>/", one, name="my-licence"),
    path("my/licences/<uuid:licence_id>/code/", code, name="my-licence-code"),
    path("my/licences/<uuid:licence_id>/allow/", allowing, name="my-licence-allow"),
    path("my/licences/<uuid:licence_id>/lost/", lost, name="my-licence-lost"),
    path("my/licences/<uuid:licence_id>/licence.pdf", file, {"form": "pdf"}, name="my-licence-pdf"),
    path("my/licences/<uuid:licence_id>/licence.ofd", file, {"form": "ofd"}, name="my-licence-ofd"),
    path("my/licences/<uuid:licence_id>/record.json", record, name="my-licence-record"),
    path("my/licences/<uuid:licence_id>/copy/", copying, name="my-licence-copy"),
    path("my/licences/<uuid:licence_id>/copies/<uuid:copy_id>.pdf", copy_file, name="my-licence-copy-pdf"),
]
