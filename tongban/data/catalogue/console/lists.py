"""The three lists with their files, what a department needs, and the figures of all departments."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongban.data.catalogue.actions import ask_for_data, close_demand, match_demand
from tongban.data.catalogue.models import Demand
from tongban.data.catalogue.queries.entries import WRITE
from tongban.data.catalogue.queries.files import MEDIA_TYPES, list_file
from tongban.data.catalogue.queries.lists import (
    demand_for,
    demand_page,
    duty_page,
    figures,
    is_overdue,
    may_answer,
    names_of,
    no_share_page,
    overdue_grounds,
)
from tongban.data.catalogue.queries.tables import spoken_tables
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.foundation.organisations.queries import departments_of

DUTY, DEMAND, NO_SHARE = "duty", "demand", "no-share"
KINDS = {DUTY: gettext_lazy("责任清单"), DEMAND: gettext_lazy("需求清单"), NO_SHARE: gettext_lazy("不予共享清单")}
PAGES: dict[str, Any] = {DUTY: duty_page, DEMAND: demand_page, NO_SHARE: no_share_page}


@audience(STAFF)
@require_safe
def one_list(request: HttpRequest, kind: str) -> HttpResponse:
    """One of the three lists, of one department or of all."""
    if kind not in KINDS:
        raise NotFound
    actor, department = request.actor, request.GET.get("department", "")[:40]  # type: ignore[attr-defined]
    page = PAGES[kind](actor, department=department, cursor=request.GET.get("cursor", ""))
    context = {
        "kind": kind,
        "kinds": list(KINDS.items()),
        "page": page,
        "rows": _told(actor, kind, page.rows),
        "department": department,
        "departments": departments_of(),
        "overdue": overdue_grounds(actor),
        "may_ask": may(actor, WRITE, department_id=actor.department_id),
        "formats": list(MEDIA_TYPES),
    }
    return render(request, "catalogue/list.html", context)


def _told(actor: Any, kind: str, rows: list[Any]) -> list[tuple[Any, Any, Any]]:
    tables = spoken_tables()
    if kind == DEMAND:
        names = names_of(rows)
        return [
            (row, tables["cycle"].get(row.cycle, row.cycle), (names.get(row.asked_by, ""), may_answer(actor, row)))
            for row in rows
        ]
    grounds = tables["share_ground"]
    return [
        (
            row,
            tables["cycle"].get(row.cycle, ""),
            (grounds.get(row.published.content["share_ground_kind"], ""), is_overdue(row)),
        )
        for row in rows
    ]


@audience(STAFF)
@require_safe
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """A list as a file."""
    if kind not in KINDS:
        raise NotFound
    form = request.GET.get("format", "")
    form = form if form in MEDIA_TYPES else "xlsx"
    data = list_file(request.actor, kind, form, department=request.GET.get("department", "")[:40])  # type: ignore[attr-defined]
    return file_answer(data, f"{KINDS[kind]}.{form}", MEDIA_TYPES[form])


def file_answer(data: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@audience(STAFF, WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_demand(request: HttpRequest) -> HttpResponse:
    """Ask for data. A refusal keeps what was typed."""
    typed, error = request.POST, None
    if request.method == "POST":
        texts = {name: typed.get(name, "") for name in ("title", "use", "fields", "basis")}
        try:
            ask_for_data(
                actor=request.actor,
                needed_on=day_typed(typed.get("needed_on", "")),
                cycle=typed.get("cycle", ""),
                **texts,
            )  # type: ignore[attr-defined]
        except TongbanError as refused:
            if refused.status in (401, 403):
                raise
            error = refused
        else:
            messages.success(request, _("已列入需求清单。"))
            return redirect("console-catalogue-list", DEMAND)
    context = {"typed": typed, "error": error, "cycles": list(spoken_tables()["cycle"].items())}
    return render(request, "catalogue/demand_new.html", context, status=error.status if error else 200)


@audience(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: HttpRequest, demand_id: UUID) -> HttpResponse:
    """Match a need to a resource by its code, or end it with an answer."""
    actor = request.actor  # type: ignore[attr-defined]
    found, error = demand_for(actor, demand_id), None
    if request.method == "POST":
        try:
            _answer_demand(request, found)
        except TongbanError as refused:
            if refused.status in (401, 403):
                raise
            error = refused
        else:
            messages.success(request, _("已记下。"))
            return redirect("console-catalogue-list", DEMAND)
    context = {
        "demand": found,
        "cycle": spoken_tables()["cycle"].get(found.cycle, ""),
        "typed": request.POST,
        "error": error,
    }
    return render(request, "catalogue/demand.html", context, status=error.status if error else 200)


def _answer_demand(request: HttpRequest, found: Demand) -> None:
    actor, typed = request.actor, request.POST  # type: ignore[attr-defined]
    if typed.get("act") == "close":
        close_demand(actor=actor, demand_id=found.pk, answer=typed.get("answer", ""))
    else:
        match_demand(actor=actor, demand_id=found.pk, resource_code=typed.get("resource_code", ""))


@audience(STAFF)
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Systems and resources listed, gathered, following within a day: the city's and each department's."""
    total, rows = figures(request.actor)  # type: ignore[attr-defined]
    return render(
        request,
        "catalogue/figures.html",
        {"total": total, "rows": rows, "listing": sum(row.resources > 0 for _office, row in rows)},
    )


urlpatterns = [
    path("console/catalogue/figures/", statistics, name="console-catalogue-figures"),
    path("console/catalogue/lists/<slug:kind>/", one_list, name="console-catalogue-list"),
    path("console/catalogue/lists/<slug:kind>/export/", export, name="console-catalogue-list-export"),
    path("console/catalogue/demands/new/", new_demand, name="console-catalogue-demand-new"),
    path("console/catalogue/demands/<uuid:demand_id>/", demand, name="console-catalogue-demand"),
]
