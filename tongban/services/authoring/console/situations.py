"""The situation tree: drawn, changed, each leaf as the citizen meets it, and the table of what applies when."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.authoring.queries.tree import (
    MOST_COLUMNS,
    LeafSheet,
    NoSuchNode,
    Survey,
    leaf_sheet,
    lines_of,
    nodes_of,
    remarks_about,
    unfolded,
)
from tongban.services.authoring.queries.tree_ops import change_for
from tongban.services.forms.queries.situations import MOST_LEAVES, node_at, questions_with_places

from .frame import frame
from .situation_sheet import csv_of, workbook_of

VIEWS = ("edit", "ways", "table")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@audience(STAFF, VERB)
@require_safe
def situations(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The whole page, or (`part`) the piece of it that a change asks for again."""
    part = request.GET.get("part", "")
    if part in ("board", "tree", "panel"):
        context = {"draft": (draft := item_draft(request.actor, document_id)), "content": draft.content}
        return render(request, f"authoring/situations/{part}.html", context | _board(request, draft.content))
    context = frame(request, document_id, "situations")
    return render(request, "authoring/situations/page.html", context | _board(request, context["content"]))


def _board(request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    view = request.GET.get("view", "edit")
    view = view if view in VIEWS else "edit"
    survey = Survey(content)
    return {
        "view": view,
        "views": [("edit", _("编辑")), ("ways", _("全部走法")), ("table", _("对照表"))],
        "survey": survey,
        "most": MOST_LEAVES,
        "stops": sum(bool(way.stop) for way in survey.ways),
        "loose": [
            text for at, remark, text in remarks_about(survey) if not at and remark.path.startswith("situations")
        ],
        **{"edit": _editing, "ways": _walking, "table": _tabled}[view](request, survey),
    }


def _editing(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    at = _pointer(request.GET.get("at", ""), survey)
    node = _node(survey, at)
    return {"nodes": nodes_of(survey), "at": at if node else "", **(node or {})}


def _pointer(at: str, survey: Survey) -> str:
    """A pointer, or `key:loan` for a question wherever it stands now."""
    if not at.startswith("key:"):
        return at
    found = questions_with_places(survey.content)
    return next((place for place, question in found if question.get("key") == at[4:]), "")


def _node(survey: Survey, at: str) -> dict[str, Any] | None:
    """What the panel of a chosen node needs."""
    try:
        row = node_at(survey.content, at) if at else None
    except NoSuchNode:
        return None
    if not isinstance(row, dict):
        return None
    kind = "question" if "options" in row else "option"
    here = [number for number, way in enumerate(survey.ways) if at in way.steps]
    inside = f"{at}/"
    others = [
        (place, question.get("question"))
        for place, question in questions_with_places(survey.content)
        if place != at and not place.startswith(inside)
    ]
    return {
        "kind": kind,
        "row": row,
        "sayings": [text for place, _remark, text in remarks_about(survey) if place == at],
        "leaves": [(number, survey.ways[number]) for number in here[:50]],
        "targets": _targets(others, survey) if kind == "question" else [],
    }


def _targets(questions: list[tuple[str, Any]], survey: Survey) -> list[tuple[str, str]]:
    """Where a question may be carried or copied to: the end of the tree, or below an answer."""
    found = [("/situations", _("最外层，问所有人"))]
    for place, text in questions:
        options = node_at(survey.content, place).get("options") or ()
        found += [(f"{place}/options/{n}", f"{text} → {option.get('label')}") for n, option in enumerate(options)]
    return found


def _walking(request: HttpRequest, survey: Survey) -> dict[str, Any]:
    return {"steps": unfolded(survey), "sheet": _sheet(request, survey), "way": request.GET.get("way", "")}


def _sheet(request: HttpRequest, survey: Survey) -> LeafSheet | None:
    number = request.GET.get("way", "")
    return leaf_sheet(survey, int(number)) if number.isdigit() and len(number) < 6 else None


def _tabled(_request: HttpRequest, survey: Survey) -> dict[str, Any]:
    ways = [(number, way) for number, way in enumerate(survey.ways) if not way.stop]
    wide = len(ways) > MOST_COLUMNS
    return {"columns": [] if wide else ways, "sections": [] if wide else lines_of(survey), "is_wide": wide}


@audience(STAFF, VERB)
@require_safe
def operations(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The operations of a change (`do`), for the script to hand to drafting. Changes nothing."""
    content = item_draft(request.actor, document_id).content
    change = change_for(content, request.GET.get("do", ""), request.GET.dict())
    answer = {"ops": change.ops, "label": change.label, "then": change.then, "uses": change.uses}
    return JsonResponse(answer, json_dumps_params={"ensure_ascii": False})


@audience(STAFF, VERB)
@require_safe
def table(request: HttpRequest, document_id: UUID, kind: str) -> HttpResponse:
    """The table of materials and fees over all ways, to take away."""
    draft = item_draft(request.actor, document_id)
    survey = Survey(draft.content)
    if survey.is_too_large:
        raise NotFound(_("走法太多，没有对照表可以导出。"))
    title = _("情形与材料对照表")
    made = csv_of(survey) if kind == "csv" else workbook_of(survey, title)
    response = HttpResponse(made, content_type="text/csv; charset=utf-8" if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="situations.{kind}"'
    return response


HERE = "console/authoring/<uuid:document_id>/situations/"
urlpatterns = [
    path(HERE, situations, name="authoring-situations"),
    path(f"{HERE}operations/", operations, name="authoring-situation-operations"),
    path(f"{HERE}table.csv", table, {"kind": "csv"}, name="authoring-situation-csv"),
    path(f"{HERE}table.xlsx", table, {"kind": "xlsx"}, name="authoring-situation-xlsx"),
]
