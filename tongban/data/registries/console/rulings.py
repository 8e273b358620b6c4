"""The rules of one source: read, changed into a new version, agreed to by another."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.registries import actions, queries
from tongban.data.registries.models import Ruling
from tongban.data.registries.queries import SEE
from tongban.data.registries.rules import sources_of
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience

from .registers import MANAGE, URL
from .words import TOLD


def _rows(content: dict[str, Any]) -> list[tuple[dict[str, Any], list[tuple[int, str, str, str]]]]:
    titles = {name: source["title"] for name, source in sources_of(content).items()}
    return [
        (
            element,
            [
                (
                    rank,
                    titles.get(origin["dataset"], origin["dataset"]),
                    "、".join(origin["columns"].values()) if origin.get("columns") else origin["column"],
                    origin.get("check", ""),
                )
                for rank, origin in enumerate(element["from"], 1)
            ],
        )
        for element in content["elements"]
    ]


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: HttpRequest, ruling_id: UUID) -> HttpResponse:
    """One version; another's yes or no when it waits for one."""
    actor, error = request.actor, None  # type: ignore[attr-defined]
    found = queries.ruling(actor=actor, ruling_id=ruling_id)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "refuse":
                actions.turn_down_ruling(actor=actor, ruling_id=ruling_id, reason=request.POST.get("reason", "")[:300])
            else:
                actions.publish_ruling(actor=actor, ruling_id=ruling_id)
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(request, _("已记下。"))
            return redirect("registries:register", found.register_id)
    context = {
        "register": found.register,
        "ruling": found,
        "rows": _rows(found.content),
        "answers": found.status == Ruling.Status.IN_REVIEW
        and found.drafted_by not in actor.names
        and may(actor, MANAGE, department_id=found.register.department_id),
        "manages": may(actor, MANAGE, department_id=found.register.department_id),
        "error": error,
    }
    return render(request, "registries/ruling.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, register_code: str) -> HttpResponse:
    """The next version, from the one that holds: order of sources, newest or in order, told or not."""
    actor, error = request.actor, None  # type: ignore[attr-defined]
    register = queries.register_of(actor, register_code)
    content = queries.content_of(register)
    if not content:
        raise NotFound
    if request.method == "POST":
        content = _changed(content, request.POST)
        try:
            made = actions.propose_ruling(
                actor=actor,
                register=register_code,
                content=content,
                note=request.POST.get("note", "")[:300],
                effective_on=_day(request.POST),
            )
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(request, _("已送审，另一位数据平台管理员同意以后生效。"))
            return redirect("registries:ruling", made.pk)
    context = {"register": register, "rows": _rows(content), "typed": request.POST, "error": error}
    return render(request, "registries/rules_edit.html", context, status=error.status if error else 200)


def _day(typed: QueryDict) -> Any:
    try:
        return parse_date(typed.get("effective_on", "")[:10])
    except ValueError:
        return None


def _changed(content: dict[str, Any], typed: QueryDict) -> dict[str, Any]:
    """What the form says laid over what holds; an element's origins by their ranks, a rank of 0 takes one out."""
    made = deepcopy(content)
    for element in made["elements"]:
        name = element["name"]
        element["by"] = "newest" if typed.get(f"by-{name}") == "newest" else "order"
        element["tells"] = f"tells-{name}" in typed
        ranks = [_rank(typed.get(f"rank-{name}-{number}", ""), number) for number in range(1, len(element["from"]) + 1)]
        placed = sorted(zip(ranks, range(len(ranks)), element["from"], strict=True), key=lambda one: one[:2])
        element["from"] = [origin for rank, _place, origin in placed if rank]
    return made


def _rank(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else otherwise


urlpatterns = [
    path(f"{URL}<slug:register_code>/rules/", edit, name="rules"),
    path(f"{URL}rules/<uuid:ruling_id>/", ruling, name="ruling"),
]
