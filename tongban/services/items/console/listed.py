"""The department's rows of the published list: what is wrong with them, and putting it right; and its implementation lists."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongban.foundation.identity.queries import staff_name
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.items.actions import check_listed, correct_listed
from tongban.services.items.errors import FLAG_TITLES, CorrectionRefused
from tongban.services.items.models import ListedItem
from tongban.services.items.queries import (
    Filters,
    code_tables,
    items_of,
    listed_counts,
    listed_row,
    listed_rows,
    sentences_of,
)
from tongban.services.items.rules.listed import FIELDS

STATES = (
    ("all", gettext_lazy("全部")),
    ("open", gettext_lazy("待核对")),
    ("flagged", gettext_lazy("有问题")),
    ("clean", gettext_lazy("没问题")),
    ("checked", gettext_lazy("已核对")),
    ("linked", gettext_lazy("有办事指南")),
    ("gone", gettext_lazy("清单里已没有")),
)


def _labels() -> dict[str, str]:
    return {
        "name": _("事项名称"),
        "main_item": _("主项"),
        "item_code": _("事项编码"),
        "task_type": _("事项类型"),
        "area_code": _("行政区划"),
        "department_code": _("部门代码"),
        "department_name": _("部门"),
    }


@audience(STAFF, "items.see")
def listed(request: HttpRequest) -> HttpResponse:
    """Rows with their flags, filtered; counts over all the actor may see."""
    actor = request.actor  # type: ignore[attr-defined]
    filters = Filters(
        text=request.GET.get("q", "").strip()[:100],
        flag=request.GET.get("flag", "")[:40],
        state=request.GET.get("state", "all"),
        department=request.GET.get("department", "")[:40],
    )
    page = listed_rows(actor, filters, request.GET.get("cursor", ""))
    counts = listed_counts(actor)
    context = {
        "page": page,
        "rows": [(row, sentences_of(row)) for row in page],
        "filters": filters,
        "states": [(state, title, counts["states"][state]) for state, title in STATES],
        "flags": [(code, FLAG_TITLES[code], count) for code, count in counts["flags"]],
        "narrowed": filters != Filters(),
    }
    return render(request, "items/console/listed.html", context)


@audience(STAFF, "items.see")
def row(request: HttpRequest, listed_id: str) -> HttpResponse:
    """One row: as it came, as it is, what is wrong, what was changed; a form for those who may correct."""
    return _row(request, listed_row(request.actor, listed_id))  # type: ignore[attr-defined]


def _row(
    request: HttpRequest, found: ListedItem, error: CorrectionRefused | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    labels, flags = _labels(), sentences_of(found)
    context: dict[str, Any] = {
        "row": found,
        "error": error,
        "fields": [
            {
                "name": name,
                "label": labels[name],
                "value": (typed or {}).get(name, getattr(found, name)),
                "flags": [flag["text"] for flag in flags if flag["field"] == name],
                "errors": error.fields.get(name, []) if error else [],
            }
            for name in FIELDS
        ],
        "other_flags": [flag for flag in flags if flag["field"] not in FIELDS],
        "corrections": [
            (labels[correction.field], correction, staff_name(correction.made_by) if correction.made_by else "")
            for correction in found.corrections.all()
        ],
        "original": [(key, value) for key, value in found.original.items()],
        "may_correct": may(request.actor, "items.correct", department_id=found.department_id),  # type: ignore[attr-defined]
        "task_types": code_tables()["task_type"],
    }
    return render(request, "items/console/row.html", context, status=422 if error else 200)


@audience(STAFF, "items.correct")
@require_POST
def correct(request: HttpRequest, listed_id: str) -> HttpResponse:
    """Keep what was typed when it is refused."""
    actor = request.actor  # type: ignore[attr-defined]
    found = listed_row(actor, listed_id)
    typed = {name: request.POST.get(name, "") for name in FIELDS if name in request.POST}
    try:
        correct_listed(actor=actor, listed_id=found.pk, changes=typed, reason=request.POST.get("reason", ""))
    except CorrectionRefused as error:
        return _row(request, found, error, typed)
    messages.success(request, _("已更正。原来的内容保留在下面的更正记录里。"))
    return redirect("console-item-row", found.pk)


@audience(STAFF, "items.correct")
@require_POST
def check(request: HttpRequest, listed_id: str) -> HttpResponse:
    found = listed_row(request.actor, listed_id)  # type: ignore[attr-defined]
    check_listed(actor=request.actor, listed_id=found.pk)  # type: ignore[attr-defined]
    messages.success(request, _("已标记为核对过。"))
    return redirect("console-item-row", found.pk)


@audience(STAFF, "items.see")
def definitions(request: HttpRequest) -> HttpResponse:
    """The department's implementation lists and their versions."""
    actor = request.actor  # type: ignore[attr-defined]
    items = [(item, item.versions.all()) for item in items_of(actor.department_id)]
    return render(request, "items/console/definitions.html", {"items": items})


urlpatterns = [
    path("console/items/", listed, name="console-items"),
    path("console/items/definitions/", definitions, name="console-item-definitions"),
    path("console/items/<uuid:listed_id>/", row, name="console-item-row"),
    path("console/items/<uuid:listed_id>/correct/", correct, name="console-item-correct"),
    path("console/items/<uuid:listed_id>/check/", check, name="console-item-check"),
]
