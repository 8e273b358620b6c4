"""What flows where: found by name, drawn around one thing, listed; and who would feel its change, as a list to take along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.data.lineage import queries
from tongban.data.lineage.queries import SEE
from tongban.data.lineage.rules import BACK, BOTH, FORWARD, Node, short
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.sheets import csv_answer

KIND_WORDS: dict[str, Any] = {
    "system": gettext_lazy("信息系统"),
    "result": gettext_lazy("办理结果"),
    "table": gettext_lazy("来源表"),
    "column": gettext_lazy("来源列"),
    "dataset": gettext_lazy("数据集"),
    "field": gettext_lazy("数据集的列"),
    "resource": gettext_lazy("数据资源"),
    "data_item": gettext_lazy("数据项"),
    "register": gettext_lazy("基础库"),
    "element": gettext_lazy("基础库的数据元"),
    "item": gettext_lazy("事项"),
    "form_field": gettext_lazy("表单字段"),
    "interface": gettext_lazy("接口"),
}
LEVELS: dict[int, Any] = {
    1: gettext_lazy("一级"), 2: gettext_lazy("二级"), 3: gettext_lazy("三级"), 4: gettext_lazy("四级"),
    5: gettext_lazy("重要"), 6: gettext_lazy("核心"),
}  # fmt: skip
WAYS = {BOTH: gettext_lazy("来源和去向"), BACK: gettext_lazy("只看来源"), FORWARD: gettext_lazy("只看去向")}


def worded(node: Node) -> dict[str, Any]:
    return {"node": node, "kind": KIND_WORDS[node.kind], "level": LEVELS.get(node.level, "")}


def _line(node: Node) -> str:
    """The second line of a box: what it is, its grade, whose; as much as the box holds."""
    said = (KIND_WORDS[node.kind], LEVELS.get(node.level, ""), node.department)
    return short("·".join(str(one) for one in said if one), room=12)


@audience(STAFF, SEE)
@require_safe
def lineage(request: HttpRequest) -> HttpResponse:
    """Where to begin: by name, else what is joined most."""
    text = request.GET.get("q", "").strip()[:60]
    rows = queries.beginnings(request.actor, text)  # type: ignore[attr-defined]
    context = {"rows": [worded(row["node"]) | row for row in rows], "text": text}
    return render(request, "lineage/lineage.html", context)


@audience(STAFF, SEE)
@require_safe
def picture(request: HttpRequest) -> HttpResponse:
    """What is around one node, drawn and listed."""
    asked = request.GET
    way = asked.get("way", "") if asked.get("way") in WAYS else BOTH
    depth = int(asked["depth"]) if asked.get("depth", "") in ("1", "2", "3") else 0
    found = queries.look(request.actor, asked.get("at", "")[:600], way=way, depth=depth)  # type: ignore[attr-defined]
    context = {
        "look": found,
        "here": worded(found.node),
        "boxes": [worded(box.node) | {"box": box, "line": _line(box.node)} for box in found.picture.boxes],
        "flows": [(worded(start), how, worded(end)) for start, how, end in found.flows],
        "parts": [worded(part) for part in found.parts],
        "whole": worded(found.whole) if found.whole else None,
        "ways": list(WAYS.items()),
        "way": way,
        "depth": depth,
        "depths": [(0, _("全部")), *((number, _("%(number)s步") % {"number": number}) for number in (1, 2, 3))],
    }
    return render(request, "lineage/picture.html", context)


@audience(STAFF, SEE)
@require_safe
def impact(request: HttpRequest) -> HttpResponse:
    """Who would feel a change; a piece of a page when one asks from another page."""
    node, felt = queries.impact(request.actor, request.GET.get("at", "")[:600])  # type: ignore[attr-defined]
    if request.GET.get("as") == "csv":
        return _sheet(node, felt)
    counted: dict[str, int] = {}
    for one in felt:
        counted[one.kind] = counted.get(one.kind, 0) + 1
    context = {
        "here": worded(node),
        "felt": [worded(one) for one in felt],
        "counted": [(KIND_WORDS[kind], count) for kind, count in counted.items()],
    }
    is_piece = request.headers.get("HX-Request") == "true"
    return render(request, "lineage/felt.html" if is_piece else "lineage/impact.html", context)


def _sheet(node: Node, felt: list[Node]) -> HttpResponse:
    """For a spreadsheet; nothing in it that a program would run."""
    heading = [_("会受影响的"), _("是什么"), _("属于"), _("部门"), _("分级"), _("编号")]
    rows = (
        (one.name, KIND_WORDS[one.kind], one.note, one.department, LEVELS.get(one.level, ""), one.id) for one in felt
    )
    return csv_answer("impact.csv", [heading, *([str(value) for value in row] for row in rows)])


urlpatterns = [
    path("console/lineage/", lineage, name="console-lineage"),
    path("console/lineage/picture/", picture, name="console-lineage-picture"),
    path("console/lineage/impact/", impact, name="console-lineage-impact"),
]
