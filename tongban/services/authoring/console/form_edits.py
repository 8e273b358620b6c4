"""What is pressed on the form's page: answered with the operations that drafting then saves, so that every step can be undone."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.kernel.errors import Reason, Refused
from tongban.foundation.kernel.pages import STAFF, audience, json_body
from tongban.services.authoring.errors import FormEditRefused
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.authoring.queries.designer import FORM
from tongban.services.authoring.queries.plans import plan
from tongban.services.authoring.queries.terms import builder_of, posted
from tongban.services.forms.actions import share_part
from tongban.services.forms.queries import TYPE_NAMES, fields_in, names_of, outline

LARGEST = 400_000  # bytes; a pasted table of a thousand rows has a quarter of it


def _body(request: HttpRequest) -> dict[str, Any]:
    body = json_body(request, largest=LARGEST)
    if body is None:
        raise FormEditRefused(reasons=[Reason("malformed", _("内容太长或者格式不对，没有做任何改动。"))])
    return body


def _refused(error: Refused) -> JsonResponse:
    return JsonResponse({"title": str(error.text), "reasons": [str(one.text) for one in error.reasons]}, status=422)


@audience(STAFF, VERB)
@require_POST
def edits(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The operations of one press, what the history calls them, and what is chosen afterwards. Changes nothing itself."""
    draft = item_draft(request.actor, document_id)
    try:
        made = plan(request.actor, draft.content, _body(request))
    except Refused as error:
        return _refused(error)
    return JsonResponse({"ops": made.ops, "label": made.label[:100], "select": made.select})


@audience(STAFF, VERB)
@require_POST
def condition(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The builder of one expression as it looks after a choice, and the expression once it is complete; or, of a typed
    expression (`raw`), what is wrong with it and what it means."""
    draft = item_draft(request.actor, document_id)
    try:
        body = _body(request)
    except Refused as error:
        return _refused(error)
    at = str(body.get("at") or "")
    place = outline.place_of(draft.content, at.rpartition("/")[0])
    names = names_of(draft.content, place.row if place else None)
    if isinstance(body.get("raw"), str):
        typed = builder_of(at, body["raw"][:600], names)
        return JsonResponse({"expression": typed.expression, "says": typed.says, "faults": typed.faults})
    made = posted(at, body, names)
    html = render_to_string("authoring/form/terms.html", {"builder": made}, request)
    return JsonResponse({"html": html, "expression": made.expression, "says": made.says, "faults": made.faults})


@audience(STAFF, VERB)
@require_POST
def pasted(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A pasted table as rows to confirm. Nothing is added yet."""
    draft = item_draft(request.actor, document_id)
    table = request.POST.get("table", "")
    found = fields_in(table[:LARGEST])
    types = [(kind, _(name)) for kind, name in TYPE_NAMES.items() if kind not in ("repeat", "table")]
    context = {"draft": draft, "found": found, "types": types, "cut": len(table) > LARGEST}
    return render(request, "authoring/form/pasted.html", context)


@audience(STAFF, VERB)
@require_POST
def share(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """Put a piece into the library; answered with the operation that lets this form remember where it now comes from."""
    draft = item_draft(request.actor, document_id)
    try:
        body = _body(request)
        at = str(body.get("at") or "")
        raw = outline.at(draft.content, at) if at.startswith(f"{FORM}/groups/") else None
        if not isinstance(raw, dict):
            raise FormEditRefused(reasons=[Reason("gone", _("这一项已经被移走或删去了，页面会自动更新。"))])
        shared = share_part(
            actor=request.actor,
            key=str(body.get("key") or ""),
            content=raw,
            department_id=draft.department_id,
            note=str(body.get("note") or ""),
        )
    except Refused as error:
        return _refused(error)
    origin = {"key": shared.part.key, "version": shared.version}
    label = _("送公共库审核：%(title)s 第%(version)s版") % {"title": shared.title, "version": shared.version}
    return JsonResponse({"ops": [{"op": "add", "path": f"{at}/origin", "value": origin}], "label": label, "select": at})


HERE = "console/authoring/<uuid:document_id>/form/"
urlpatterns = [
    path(f"{HERE}edits/", edits, name="authoring-form-edits"),
    path(f"{HERE}condition/", condition, name="authoring-form-condition"),
    path(f"{HERE}pasted/", pasted, name="authoring-form-pasted"),
    path(f"{HERE}share/", share, name="authoring-form-share"),
]
