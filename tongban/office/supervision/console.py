"""The supervisor's pages: `/console/supervision/`, a department, the lamps."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from openpyxl import Workbook

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.queries import WorkFilters, case_for, worklist

from .actions import note_export, withdraw_lamp
from .queries import department_for, figures, item_names, withdrawals, withdrawn_lamps
from .rules import LAMPS, WITHDRAWABLE, Line, period, trend, urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _period(request: HttpRequest) -> dict[str, Any]:
    since, until = period(
        day_typed(request.GET.get("since", "")), day_typed(request.GET.get("until", "")), today=today()
    )
    return {"since": since, "until": until}


def _sorted(lines: Mapping[Any, Line], names: Mapping[Any, str]) -> list[tuple[Any, str, Line]]:
    """(key, name, line), the most urgent first."""
    rows = [(key, names.get(key, str(key)), line) for key, line in lines.items()]
    return sorted(rows, key=lambda row: (urgency(row[2]), row[1]))


@audience(STAFF, "supervision.see")
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    asked = _period(request)
    seen = figures(request.actor, **asked)
    context = {
        **asked,
        "query": urlencode(asked),
        "departments": _sorted(seen.by_department, department_names(set(seen.by_department))),
        "items": _sorted(seen.by_item, item_names())[:20],
        "all": seen.all,
        "bars": trend(seen.by_day, asked["since"], asked["until"]),
        "may_see_cases": "cases.see" in request.actor.grants,
    }
    return render(request, "supervision/overview.html", context)


@audience(STAFF, "supervision.see")
@require_safe
def one_department(request: HttpRequest, department_id: UUID) -> HttpResponse:
    asked, office = _period(request), department_for(request.actor, department_id)
    seen = figures(request.actor, department_id=department_id, **asked)
    may_see = "cases.see" in request.actor.grants
    late = WorkFilters(department_id=department_id, overdue=True)
    context = {
        **asked,
        "query": urlencode(asked),
        "department": office,
        "items": _sorted(seen.by_item, item_names()),
        "all": seen.all,
        "bars": trend(seen.by_day, asked["since"], asked["until"]),
        "late": worklist(request.actor, late, size=20).rows if may_see else [],
        "may_see_cases": may_see,
    }
    return render(request, "supervision/department.html", context)


@audience(STAFF, "supervision.see")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    asked = _period(request)
    lines = figures(request.actor, **asked).by_department
    note_export(actor=request.actor, **asked)
    answer = HttpResponse(_workbook(_sorted(lines, department_names(set(lines)))), content_type=SHEET)
    name = f"supervision-{asked['since']:%Y%m%d}-{asked['until']:%Y%m%d}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _workbook(rows: list[tuple[Any, str, Line]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("效能监察"))
    sheet.append(
        [_("部门"), _("在办"), _("红牌"), _("黄牌"), _("预警"), _("正常"), _("超期"), _("申请与受理"), _("审查与决定"),
         _("颁证与送达"), _("办结"), _("按时办结"), _("撤销红牌"), _("撤销黄牌")]
    )  # fmt: skip
    for _key, name, line in rows:
        sheet.append(
            [name, line.open, *(line.lamps[lamp] for lamp in LAMPS), line.overdue, *line.stages.values(), line.closed,
             line.on_time, *(line.withdrawn[lamp] for lamp in WITHDRAWABLE)]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@audience(STAFF, "supervision.see")
@require_safe
def lamps(request: HttpRequest) -> HttpResponse:
    """Cases that show a yellow or red lamp now, and lamps that were withdrawn."""
    chosen = request.GET.get("lamp", "red")
    chosen = chosen if chosen in (*WITHDRAWABLE, "withdrawn") else "red"
    cursor = request.GET.get("cursor", "")
    if chosen == "withdrawn":
        page, withdrawn = withdrawals(request.actor, cursor=cursor), set()
    elif "cases.see" in request.actor.grants:
        page = worklist(request.actor, WorkFilters(lamp=chosen), cursor)
        withdrawn = {case_id for case_id, lamp in withdrawn_lamps([case.pk for case in page]) if lamp == chosen}
    else:
        page, withdrawn = withdrawals(request.actor, cursor=cursor), set()
        chosen = "withdrawn"
    context = {
        "page": page,
        "chosen": chosen,
        "withdrawn": withdrawn,
        "departments": department_names({row.department_id for row in page}),
        "may_order": "supervision.order" in request.actor.grants,
        "may_see_cases": "cases.see" in request.actor.grants,
    }
    return render(request, "supervision/lamps.html", context)


@audience(STAFF, "supervision.order")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, case_id: UUID) -> HttpResponse:
    error = None
    if request.method == "POST":
        try:
            withdraw_lamp(actor=request.actor, case_id=case_id, reason=request.POST.get("reason", ""))
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("已撤销。原来的灯仍然计数，并注明已撤销。"))
            return redirect("supervision-lamps")
    case = case_for(request.actor, case_id, "supervision")
    context = {"case": case, "error": error, "reason": request.POST.get("reason", "")}
    return render(request, "supervision/withdraw.html", context, status=error.status if error else 200)


urlpatterns = [
    path("console/supervision/", overview, name="supervision"),
    path("console/supervision/export/", export, name="supervision-export"),
    path("console/supervision/departments/<uuid:department_id>/", one_department, name="supervision-department"),
    path("console/supervision/lamps/", lamps, name="supervision-lamps"),
    path("console/supervision/lamps/<uuid:case_id>/withdraw/", withdraw, name="supervision-withdraw"),
]
