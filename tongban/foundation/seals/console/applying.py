"""Applying for a seal, with its picture as one writes, and deciding on what was applied for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.foundation.identity.queries import staff_names, staff_of
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import Conflict, NotFound, Refused, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import id_typed
from tongban.foundation.organisations.queries import department
from tongban.foundation.seals import actions, queries
from tongban.foundation.seals.errors import ApplicationRefused

from . import words

TYPED = ("kind", "name", "business", "control", "reason", "document")
NOTHING = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>"


@audience(STAFF, queries.APPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    typed, error = request.POST, None
    if request.method == "POST":
        given: dict[str, Any] = {name: typed.get(name, "") for name in TYPED}
        try:
            application = actions.apply_for_seal(
                actor=request.actor,
                **given,
                uses=typed.getlist("uses"),
                holder_id=id_typed(typed.get("holder", "")),
                keeper_id=id_typed(typed.get("keeper", "")),
            )
        except ApplicationRefused as refusal:
            error = refusal
        else:
            messages.success(request, _("已提交，等待登记机关审核。"))
            return redirect("console-seal-application", application.pk)
    office = department(request.actor.department_id)
    context = words.ALL | {
        "office": office,
        "typed": typed if error else {"name": office.name, "kind": "legal"},
        "chosen": typed.getlist("uses"),
        "keepers": actions.may_keep(office.pk),
        "colleagues": staff_of(office.pk),
        "error": error,
    }
    return render(request, "seals/console/apply.html", context, status=error.status if error else 200)


@audience(STAFF, queries.SEE)
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """How a seal with these words would look. Anything may be typed; what is no seal is an empty picture."""
    given = {name: request.GET.get(name, "").strip()[:40] for name in ("kind", "name", "business")}
    drawn = queries.preview_of(**given) if given["kind"] in words.KINDS and given["name"] else NOTHING
    answer = HttpResponse(drawn, content_type="image/svg+xml")
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


@audience(STAFF, queries.SEE)
@require_safe
def applications(request: HttpRequest) -> HttpResponse:
    state, cursor = request.GET.get("state", "")[:10], request.GET.get("cursor", "")
    page = queries.applications(request.actor, state=state, cursor=cursor)
    people = staff_names(row.applied_by for row in page if row.applied_by)
    context = words.ALL | {"page": page, "people": people, "may_apply": queries.APPLY in request.actor.grants}
    return render(request, "seals/console/applications.html", context)


@audience(STAFF, queries.SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def application(request: HttpRequest, seal_application_id: UUID) -> HttpResponse:
    """One application with the picture it would give; the registrar decides here."""
    if request.method != "POST":
        return _application(request, seal_application_id)
    answer = request.POST.get("answer", "")
    if answer not in ("approve", "return"):
        raise NotFound
    try:
        decided = actions.decide_application(
            actor=request.actor,
            application_id=seal_application_id,
            approve=answer == "approve",
            opinion=request.POST.get("opinion", ""),
        )
    except (Refused, Conflict) as refusal:
        return _application(request, seal_application_id, refusal)
    messages.success(request, _("已办理。"))
    there: Any = ("console-seal", decided.seal_id) if decided.seal_id else ("console-seal-applications",)
    return redirect(*there)


def _application(request: HttpRequest, application_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    row = queries.application_for(request.actor, application_id)
    people = staff_names(one for one in (row.applied_by, row.decided_by, row.keeper_id, row.holder_id) if one)
    office, division = row.department_id, row.department.division_id
    reviews = may(request.actor, queries.REVIEW, department_id=office, division=division)
    context = words.ALL | {
        "row": row,
        "people": people,
        "mine": row.applied_by in request.actor.names,
        "may_decide": row.state == "waiting" and reviews,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "seals/console/application.html", context, status=error.status if error else 200)
