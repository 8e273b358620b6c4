"""The flow: its steps in a list, the same as a diagram, what is wrong with it, and a made-up case taken through it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.organisations.queries import all_departments, role_names
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.cases.queries.flows import (
    EVENTS,
    FLOW_KINDS,
    days_of,
    diagram_of,
    flow_remarks,
    flow_sentence,
    rehearsed,
)

from .frame import frame

KINDS = {
    "review": gettext_lazy("审查"),
    "decide": gettext_lazy("决定"),
    "certify": gettext_lazy("制证"),
    "deliver": gettext_lazy("送达"),
    "instant": gettext_lazy("即办（一个岗位当场办完）"),
}
POSTS = ("clerk", "reviewer", "approver", "dept_head")
EVENT_NAMES = {
    "correction": gettext_lazy("要补正材料"),
    "special": gettext_lazy("启动特别程序"),
    "extension": gettext_lazy("延长期限"),
    "send_back": gettext_lazy("决定时退回重审"),
    "refused": gettext_lazy("不予许可"),
}
VERBS = {
    "submit": gettext_lazy("提交申请"),
    "receive": gettext_lazy("收件"),
    "ask_correction": gettext_lazy("一次告知补正"),
    "supply_correction": gettext_lazy("补齐材料"),
    "accept": gettext_lazy("受理"),
    "review": gettext_lazy("审查"),
    "give_opinion": gettext_lazy("会办意见"),
    "send_back": gettext_lazy("退回重审"),
    "suspend": gettext_lazy("暂停计时"),
    "resume": gettext_lazy("恢复计时"),
    "extend": gettext_lazy("延长期限"),
    "decide": gettext_lazy("决定"),
    "certify": gettext_lazy("制证"),
    "deliver": gettext_lazy("送达"),
    "close": gettext_lazy("办结"),
}
PARTS = ("steps", "checks", "rehearsal")


@audience(STAFF, VERB)
@require_safe
def flow(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The whole page, or (`part`) the piece of it that is asked for again."""
    part = request.GET.get("part", "")
    if part in PARTS:
        draft = item_draft(request.actor, document_id)
        return render(request, f"authoring/flow/{part}.html", {"draft": draft} | _of(request, draft.content, part))
    context = frame(request, document_id, "flow")
    for piece in PARTS:
        context |= _of(request, context["content"], piece)
    return render(request, "authoring/flow/page.html", context)


def _of(request: HttpRequest, content: dict[str, Any], part: str) -> dict[str, Any]:
    return {"steps": _steps, "checks": _checks, "rehearsal": _rehearsal}[part](request, content)


def _steps(_request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    """The list, with what each button does."""
    written = content.get("flow") or {}
    stages = [stage for stage in written.get("stages") or () if isinstance(stage, dict)]
    taken = {str(stage.get("key")) for stage in stages}
    roles = role_names()
    return {
        "accept": written.get("accept") or {},
        "rows": [
            (f"/flow/stages/{place}", stage, place, _earlier(stages[:place], stage))
            for place, stage in enumerate(stages)
        ],
        "last": len(stages) - 1,
        "new_stages": [(title, _new_stage(kind, str(title), taken)) for kind, title in KINDS.items()],
        "kinds": [(kind, KINDS[kind]) for kind in KINDS if kind in FLOW_KINDS],
        "posts": [(post, roles.get(post, post)) for post in POSTS],
        "departments": [office.short_name for office in all_departments()],
    }


def _earlier(before: list[dict[str, Any]], stage: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """The stages this one may be told to go back to: (key, name, chosen). Nothing goes back from behind the decision."""
    if stage.get("kind") not in ("review", "decide"):
        return []
    chosen = stage.get("return_to") or []
    return [(str(one.get("key")), str(one.get("name") or ""), one.get("key") in chosen) for one in before]


def _new_stage(kind: str, title: str, taken: set[str]) -> str:
    key = next(name for number in range(1, 1000) if (name := kind if number == 1 else f"{kind}_{number}") not in taken)
    post = {"review": "reviewer", "decide": "approver"}.get(kind, "clerk")
    stage = {
        "key": key,
        "name": title.split("（")[0],
        "kind": kind,
        "limit_days": 1,
        "parts": [{"department": "self", "post": post}],
    }
    return json.dumps([{"op": "add", "path": "/flow/stages/-", "value": stage}], ensure_ascii=False)


def _checks(_request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    promise = (content.get("promise") or {}).get("days")
    return {
        "remarks": [(flow_sentence(remark), remark.ground, remark.hinders) for remark in flow_remarks(content)],
        "days": days_of(content.get("flow") or {}),
        "promised": promise,
    }


def _rehearsal(request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    chosen = [event for event in request.GET.getlist("event") if event in EVENTS]
    started_on = _day(request.GET.get("from", ""))
    found = rehearsed(content, chosen, started_on)
    roles = {**role_names(), "applicant": _("申请人")}
    return {
        "events": [(event, EVENT_NAMES[event], event in chosen) for event in EVENTS],
        "started_on": started_on,
        "rehearsal": found,
        "course": [
            (step, VERBS.get(step.verb, step.verb), roles.get(step.post, step.post), step.department)
            for step in found.steps
        ],
        "stopped": VERBS.get(found.obstacles[0], found.obstacles[0]) if found.obstacles else "",
    }


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today()
    return day if 2020 <= day.year <= 2040 else today()


@audience(STAFF, VERB)
@require_safe
def diagram(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """The flow as BPMN 2.0, drawn in the page and taken away from it."""
    draft = item_draft(request.actor, document_id)
    response = HttpResponse(diagram_of(draft.content), content_type="application/xml; charset=utf-8")
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{draft.key}.bpmn"'
    return response


HERE = "console/authoring/<uuid:document_id>/flow/"
urlpatterns = [
    path(HERE, flow, name="authoring-flow"),
    path(f"{HERE}diagram.bpmn", diagram, name="authoring-flow-diagram"),
]
