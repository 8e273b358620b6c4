"""The basic list: what the district may handle, and what of it nobody has taken up yet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.items.queries import BasicFilters, basic_counts, basic_rows, code_tables

STATES = (
    ("all", gettext_lazy("全部"), "all"),
    ("open", gettext_lazy("还没有认领"), "open"),
    ("taken", gettext_lazy("已经认领"), "taken"),
)


@audience(STAFF, "items.see")
@require_safe
def basic(request: HttpRequest) -> HttpResponse:
    """Lines in force, filtered; how many each department has taken up."""
    actor = request.actor  # type: ignore[attr-defined]
    filters = BasicFilters(
        text=request.GET.get("q", "").strip()[:100],
        state=request.GET.get("state", "all"),
        task_type=request.GET.get("type", "")[:2],
        level=request.GET.get("level", "")[:1],
        department=request.GET.get("department", "")[:40],
    )
    page, counts, tables = basic_rows(actor, filters, request.GET.get("cursor", "")), basic_counts(actor), code_tables()
    context = {
        "page": page,
        "rows": [
            {
                "line": row,
                "type": tables["task_type"].get(row.task_type, ""),
                "levels": listed(tables["use_level"].get(level, level) for level in row.levels),
                "may_begin": may(actor, "items.manage", department_id=row.department_id),
            }
            for row in page
        ],
        "filters": filters,
        "states": [(state, title, sum(row[key] for row in counts)) for state, title, key in STATES],
        "departments": counts,
        "types": tables["task_type"],
        "levels": tables["use_level"],
        "narrowed": filters != BasicFilters(),
    }
    return render(request, "items/console/basic.html", context)


urlpatterns = [path("console/items/basic/", basic, name="console-items-basic")]
