"""The issuer's desk for its licences, and the page where a body looks at somebody's licence with a purpose."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.services.licences import actions
from tongban.services.licences.downloads import licence_file
from tongban.services.licences.models import Licence
from tongban.services.licences.queries import issued_by, licence_for, runs_until, story_of, types_in_force, types_of
from tongban.services.licences.queries.words import ACTS, STATES, WAYS, lines_of, shown_as
from tongban.services.licences.rules.states import MAKES_A_VERSION, WANTS_DOCUMENT, acts_open, called

DOINGS = {
    "change": actions.change, "renew": actions.renew, "check_yearly": actions.check_yearly, "suspend": actions.suspend,
    "restore": actions.restore, "cancel": actions.cancel, "revoke": actions.revoke, "annul": actions.annul,
    "declare_lost": actions.declare_lost,
}  # fmt: skip


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


@audience(STAFF, "licences.see")
@require_safe
def issued(request: HttpRequest) -> HttpResponse:
    """What the department has issued. A number is posted nowhere: it is searched by its blind index, from the look page."""
    chosen = {name: request.GET.get(name, "")[:40] for name in ("type", "state")}
    page = issued_by(
        request.actor, type_code=chosen["type"], state=chosen["state"], cursor=request.GET.get("cursor", "")
    )
    context = {
        "page": page,
        "cards": [shown_as(row) for row in page],
        "types": types_of(request.actor.department_id),
        "states": STATES.items(),
        "chosen": chosen,
    }
    return _private(render(request, "licences/issued.html", context))


@audience(STAFF, "licences.see")
@require_safe
def one(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """One licence masked, with its story and what may be done to it now."""
    licence = licence_for(request.actor, licence_id)
    manages = may(request.actor, "licences.manage", department_id=licence.issuer_id)
    context = {
        "card": shown_as(licence),
        "licence": licence,
        "lines": lines_of(licence, masked=True),
        "story": [(chapter, ACTS[chapter.act]) for chapter in story_of(licence)],
        "acts": [(act, ACTS[called(act, licence.state)]) for act in acts_open(licence.state) if act in DOINGS]
        if manages
        else [],
    }
    return _private(render(request, "licences/issued_one.html", context))


@audience(STAFF, "licences.see")
@require_safe
def file(request: HttpRequest, licence_id: UUID, form: str) -> HttpResponse:
    """As a sealed PDF or OFD; that it was taken stands in the holder's ledger."""
    return licence_file(request, licence_id, form, back="console-licence")


@audience(STAFF, "licences.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def acting(request: HttpRequest, licence_id: UUID, act: str) -> HttpResponse:
    """One act with its reason and paper."""
    if act not in DOINGS:
        raise NotFound
    licence, error = licence_for(request.actor, licence_id), None
    if request.method == "POST":
        try:
            done = DOINGS[act](actor=request.actor, licence_id=licence_id, **_given(request, act, licence))  # type: ignore[operator]
        except TongbanError as refusal:
            if refusal.status == 403:
                raise
            error = refusal
        else:
            messages.success(request, _("已办理：%(act)s") % {"act": ACTS[called(act, licence.state)]})
            return redirect("console-licence", done.pk)
    given = request.POST
    context = {
        "card": shown_as(licence), "licence": licence, "act": act, "word": ACTS[called(act, licence.state)],
        "error": error, "given": given, "until": given.get("valid_until", runs_until(licence) if act == "renew" else ""),
        "errors": error.fields if error else {}, "fields": _fields(licence, given) if act == "change" else [],
        "paper_optional": act not in WANTS_DOCUMENT, "makes_version": act in MAKES_A_VERSION,
    }  # fmt: skip
    return _private(render(request, "licences/act.html", context, status=error.status if error else 200))


def _fields(licence: Licence, given: QueryDict) -> list[dict[str, Any]]:
    """What a change may change, as it was typed just now or as it stands."""
    return [
        {
            **field,
            "value": given.get(field["key"], licence.fields.get(field["key"], "")),
            "input": "date" if field.get("type") == "date" else "text",
            "optional": not field.get("required"),
        }
        for field in licence.type.content["fields"]
    ]


def _given(request: HttpRequest, act: str, licence: Licence) -> dict[str, Any]:
    given: dict[str, Any] = {name: request.POST.get(name, "")[:2000] for name in ("reason", "document")}
    if act == "change":
        keys = [field["key"] for field in licence.type.content["fields"]]
        given["fields"] = {key: request.POST[key].strip() for key in keys if key in request.POST}
    if act == "suspend":
        given["until_on"] = day_typed(request.POST.get("until_on", ""))
    if act == "renew":
        given["valid_until"] = day_typed(request.POST.get("valid_until", ""))
    return given


@audience(STAFF, "licences.look")
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """By the code that the holder shows, or by number with a purpose. Numbers travel in the body, never in an address."""
    asked = {name: request.POST.get(name, "")[:200] for name in ("code", "number", "type_code", "purpose", "case_no")}
    context: dict[str, Any] = {"asked": asked, "types": types_in_force(), "errors": {}}
    status = 200
    if request.method == "POST":
        try:
            found = actions.look_up(actor=request.actor, **asked)
        except TongbanError as refusal:
            context |= {"error": refusal, "errors": refusal.fields}
            status = refusal.status
        else:
            context |= {"missing": True} if found is None else _seen(found)
    return _private(render(request, "licences/look.html", context, status=status))


def _seen(found: actions.Looked) -> dict[str, Any]:
    return {
        "found": found,
        "card": shown_as(found.licence),
        "lines": lines_of(found.licence, only=list(found.fields)),
        "way": WAYS[found.way],
    }


urlpatterns = [
    path("console/licences/", issued, name="console-licences"),
    path("console/licences/look/", look, name="console-licence-look"),
    path("console/licences/<uuid:licence_id>/", one, name="console-licence"),
    path("console/licences/<uuid:licence_id>/licence.pdf", file, {"form": "pdf"}, name="console-licence-pdf"),
    path("console/licences/<uuid:licence_id>/licence.ofd", file, {"form": "ofd"}, name="console-licence-ofd"),
    path("console/licences/<uuid:licence_id>/<slug:act>/", acting, name="console-licence-act"),
]
