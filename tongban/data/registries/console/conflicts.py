"""Where sources differ: the list, and deciding."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.data.registries import actions, queries
from tongban.data.registries.models import Conflict
from tongban.data.registries.queries import SEE
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .registers import URL, private
from .words import TOLD, Face

DECIDE = "registries.decide"
PURPOSE = "认定两源不一致"  # as it stands in the fact of the look


@audience(STAFF, SEE)
@require_safe
def conflicts(request: HttpRequest, register_code: str) -> HttpResponse:
    actor, state = request.actor, request.GET.get("state", "open")  # type: ignore[attr-defined]
    state = state if state in Conflict.State.values else "open"
    one = queries.register_of(actor, register_code)
    face = Face(one)
    page = queries.conflicts_page(
        actor=actor, register=register_code, state=state, cursor=request.GET.get("cursor", "")
    )
    context = {
        "register": one,
        "state": state,
        "states": Conflict.State.choices,
        "page": page,
        "rows": [
            (each, face.title(each.element), face.line(each.record)[:2], face.sources(each.datasets)) for each in page
        ],
    }
    return private(render(request, "registries/conflicts.html", context))


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def conflict(request: HttpRequest, conflict_id: UUID) -> HttpResponse:
    """The candidates beside one another, masked until they are looked at on the record's page; decide, or send back."""
    actor, error = request.actor, None  # type: ignore[attr-defined]
    if request.method == "POST":
        try:
            done = _done(request, conflict_id)
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(
                request,
                _("已记下。来源的数据不变，这个认定就一直有效。")
                if done == "decide"
                else _("已退回，等来源部门核实更正。"),
            )
            found, _choices = queries.conflict(actor=actor, conflict_id=conflict_id)
            return redirect("registries:conflicts", found.register)
    return _page(request, conflict_id, error)


def _done(request: HttpRequest, conflict_id: UUID) -> str:
    said, actor = request.POST, request.actor  # type: ignore[attr-defined]
    reason = said.get("reason", "")[:500]
    if said.get("act") == "return":
        actions.return_conflict(
            actor=actor, conflict_id=conflict_id, dataset=said.get("dataset", "")[:60], reason=reason
        )
        return "return"
    number = said.get("choice", "")
    choice = int(number) if number.isascii() and number.isdecimal() and len(number) < 4 else -1
    digest = said.get("digest", "")[:40]
    actions.decide_conflict(actor=actor, conflict_id=conflict_id, digest=digest, choice=choice, reason=reason)
    return "decide"


def _page(request: HttpRequest, conflict_id: UUID, error: TongbanError | None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found, choices = queries.conflict(actor=actor, conflict_id=conflict_id)
    register = queries.register_of(actor, found.register)
    face = Face(register)
    level = queries.clearance_for(register)
    looked = face.hides and _looked(request, found, level)
    full = looked or not face.hides

    def text(value: object) -> str:
        return face.text(found.element, value, full=full)

    context = {
        "register": register,
        "conflict": found,
        "title": face.title(found.element),
        "choices": [(number, text(one["value"]), one) for number, one in enumerate(choices)],
        "sources": {one["dataset"]: one["source"] for one in choices if one["dataset"] in found.datasets}.items(),
        "line": face.line(found.record),
        "full": looked,
        "decides": may(actor, DECIDE, department_id=register.department_id, grade=level)
        and found.state != Conflict.State.GONE,
        "error": error,
        "errors": error.fields if error else {},
    }
    return private(render(request, "registries/conflict.html", context, status=error.status if error else 200))


def _looked(request: HttpRequest, found: Conflict, level: int) -> bool:
    """Whoever may decide sees the values he decides between, if he is cleared for them; that he saw them is written down as a look."""
    actor = request.actor  # type: ignore[attr-defined]
    cleared = may(actor, queries.LOOK, department_id=actor.department_id, grade=level)
    if request.method not in ("GET", "POST") or not cleared or not actor.grants.get(DECIDE):
        return False
    queries.look_in_full(actor=actor, record_id=found.record_id, purpose=PURPOSE, case_no=str(found.pk))
    return True


urlpatterns = [
    path(f"{URL}<slug:register_code>/conflicts/", conflicts, name="conflicts"),
    path(f"{URL}conflicts/<uuid:conflict_id>/", conflict, name="conflict"),
]
