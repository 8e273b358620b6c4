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
from tongban.foundation.organisations.queries import all_departments, halls_of, role_names
from tongban.services.authoring.queries import VERB, item_draft
from tongban.services.authoring.queries.choices import condition_choices
from tongban.services.cases.queries.flows import (
    FLOW_KINDS,
    diagram_of,
    flow_remarks,
    flow_sentence,
    longest_days,
)
from tongban.services.cases.queries.rehearsals import EVENTS, VERBS, kept, questions_of_flow, rehearsed, trials_of
from tongban.services.forms.queries import is_empty, leaf, parse_post

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
APPLICANTS = {"person": gettext_lazy("个人"), "company": gettext_lazy("企业、单位")}
PLAIN = ("key", "label", "type", "options", "fields")  # of a field whose answer is only asked for, not checked
PARTS = ("steps", "checks", "rehearsal", "kept")


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
    return {"steps": _steps, "checks": _checks, "rehearsal": _rehearsal, "kept": _kept}[part](request, content)


def _steps(_request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    """The list, with what each button does."""
    written = content.get("flow") or {}
    stages = [stage for stage in written.get("stages") or () if isinstance(stage, dict)]
    taken = {str(stage.get("key")) for stage in stages}
    roles = role_names()
    offices = all_departments()
    return {
        "accept": written.get("accept") or {},
        "rows": [
            {
                "at": f"/flow/stages/{place}",
                "stage": stage,
                "place": place,
                "earlier": _earlier(stages[:place], stage),
                "when": _when(content, stage, f"/flow/stages/{place}"),
                "parts": [
                    (part, _window(part), _when(content, part, f"/flow/stages/{place}/parts/{number}"))
                    for number, part in enumerate(_parts(stage))
                ],
            }
            for place, stage in enumerate(stages)
        ],
        "last": len(stages) - 1,
        "new_stages": [(title, _new_stage(kind, str(title), taken)) for kind, title in KINDS.items()],
        "kinds": [(kind, KINDS[kind]) for kind in KINDS if kind in FLOW_KINDS],
        "posts": [(post, roles.get(post, post)) for post in POSTS],
        "departments": list(dict.fromkeys(office.short_name for office in offices)),
        "divisions": _divisions(offices),
        "halls": _halls(),
    }


def _when(content: dict[str, Any], row: dict[str, Any], at: str) -> dict[str, Any]:
    """The picker of a condition, its control and its place."""
    path = f"{at}/when"
    return {"choices": condition_choices(content, row.get("when")), "path": path, "id": "f" + path.replace("/", "-")}


def _parts(stage: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in stage.get("parts") or () if isinstance(part, dict)]


def _divisions(offices: list[Any]) -> list[tuple[str, str]]:
    """Where there are departments: asked only where it is more than one place."""
    found = {office.division_id: office.division.name for office in offices}
    return sorted(found.items()) if len(found) > 1 else []


def _halls() -> list[tuple[str, list[tuple[str, str]]]]:
    """Each hall with its windows, as the values a part keeps: the whole hall first."""
    return [
        (
            hall.name,
            [(_value(hall.name, ""), _("任一窗口"))]
            + [(_value(hall.name, one.number), f"{one.number} {one.name}") for one in hall.windows.all()],
        )
        for hall in halls_of()
    ]


def _window(part: dict[str, Any]) -> str:
    """The window a part keeps, written as the choices are."""
    window = part.get("window")
    return _value(str(window.get("hall") or ""), str(window.get("number") or "")) if isinstance(window, dict) else ""


def _value(hall: str, number: str) -> str:
    return json.dumps(
        {"hall": hall, "number": number}, ensure_ascii=False, separators=(",", ":")
    )  # as scripts write it


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
        "days": longest_days(content),
        "promised": promise,
    }


def _rehearsal(request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    """A made-up case by what was chosen, and the operation that keeps it."""
    made = _made_up(request, content)
    found = rehearsed(content, **made)
    roles = {**role_names(), "applicant": _("申请人")}
    before = (content.get("flow") or {}).get("rehearsals")
    number = len(before or ()) + 1
    ops: list[dict[str, Any]] = []
    if before is None:
        ops.append({"op": "add", "path": "/flow/rehearsals", "value": []})
    name = _("演练%(number)s") % {"number": number}
    ops.append({"op": "add", "path": "/flow/rehearsals/-", "value": kept(name, content, **made)})
    rest = leaf(content, made["situation"], applicant_kind=made["applicant"], answers=made["answers"])
    return {
        "events": [(event, EVENT_NAMES[event], event in made["events"]) for event in EVENTS],
        "started_on": made["started_on"],
        "rehearsal": found,
        "course": [
            (step, VERBS.get(step.verb, step.verb), roles.get(step.post, step.post), step.department)
            for step in found.steps
        ],
        "stopped": VERBS.get(found.obstacles[0], found.obstacles[0]) if found.obstacles else "",
        "questions": [(question, rest.situation.get(question["key"], "")) for question in rest.questions],
        "asked": [(raw, made["answers"].get(raw["key"])) for raw in questions_of_flow(content)],
        "applicants": [(kind, APPLICANTS[kind], kind == made["applicant"]) for kind in _kinds(content)],
        "keep": json.dumps(ops, ensure_ascii=False),
    }


def _kinds(content: dict[str, Any]) -> list[str]:
    return [kind for kind in APPLICANTS if kind in (content.get("applicants") or ())] or ["person"]


def _made_up(request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    """The case that was chosen: its situation, its answers to what the flow asks, what happens on the way."""
    given = {
        name.removeprefix("situation."): request.GET[name] for name in request.GET if name.startswith("situation.")
    }
    fields = [{name: raw[name] for name in PLAIN if name in raw} for raw in questions_of_flow(content)]
    asked = {"groups": [{"key": "asked", "title": "", "fields": fields}]}
    answers = {name: value for name, value in parse_post(asked, request.GET).items() if not is_empty(value)}
    kinds, chosen = _kinds(content), request.GET.get("applicant", "")
    applicant = chosen if chosen in kinds else kinds[0]
    rest = leaf(content, given, applicant_kind=applicant, answers=answers)
    return {
        "situation": rest.situation,
        "answers": answers,
        "applicant": applicant,
        "events": [event for event in request.GET.getlist("event") if event in EVENTS],
        "started_on": _day(request.GET.get("from", "")),
    }


def _kept(_request: HttpRequest, content: dict[str, Any]) -> dict[str, Any]:
    """The rehearsals kept with the draft, run again, each with the operations that record it anew or drop it."""
    rows = (content.get("flow") or {}).get("rehearsals") or ()
    return {
        "trials": [
            (trial, rows[trial.number], _again(content, trial.number, rows[trial.number]))
            for trial in trials_of(content)
        ]
    }


def _again(content: dict[str, Any], number: int, row: dict[str, Any]) -> str:
    made: dict[str, Any] = {name: row.get(name) for name in ("situation", "answers", "applicant")}
    anew = kept(
        row["name"], content, events=row.get("events") or [], started_on=date.fromisoformat(row["from"]), **made
    )
    return json.dumps([{"op": "replace", "path": f"/flow/rehearsals/{number}", "value": anew}], ensure_ascii=False)


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
