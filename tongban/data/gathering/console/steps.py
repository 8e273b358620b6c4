"""A job's columns, what makes their values alike and what they are checked for; one of them, with what that does to a hundred rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.gathering import actions, queries
from tongban.data.gathering.errors import JobRefused
from tongban.data.gathering.models import Job
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import MOST_STEPS, STEPS, lines_of, moved, pairs_of
from tongban.data.standards.queries import set_keys
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.errors import NotFound, Reason, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .sources import private
from .trying import tried
from .words import CHECK_DIGITS, STEP_WORDS, TOLD, VALUE_KINDS, change_words, check_words, step_words

OPTIONS = {"date": ("excel", "minguo"), "codes": ("set",), "division": ("set", "under")}
EDITS = ("up", "down", "drop")
VERSIONS_A_PAGE = 20


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, gathering_job_id: UUID) -> HttpResponse:
    """Every column with its steps in order; a trial of all of them; what data elements offer, taken over in one go."""
    actor = request.actor  # type: ignore[attr-defined]
    job, error = queries.job_to_change(actor=actor, job_id=gathering_job_id), None
    offers = queries.offered_checks(job)
    if request.method == "POST" and request.POST.get("act") == "try":
        return tried(request, job.source_id, job.table, job.columns, job.keys)
    if request.method == "POST":
        told = [{**one, **offers.get(one["name"], {})} for one in job.columns]
        try:
            actions.change_mapping(
                actor=actor,
                job_id=job.pk,
                columns=told,
                keys=job.keys,
                cursor=job.cursor,
                seen=version_seen(request.POST),
            )
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(request, _("已按数据元补上校验，从下一次归集起算。"))
            return redirect("console-gathering-columns", job.pk)
    context = {
        "job": job,
        "rows": [
            (one, VALUE_KINDS.get(one["kind"], one["kind"]), [step_words(step) for step in one.get("steps") or ()], check_words(one))
            for one in job.columns
        ],
        "offers": [one.get("title") or one["name"] for one in job.columns if one["name"] in offers],
        **_versions(request, job),
        "open_run": queries.open_run(job),
        "error": error,
    }  # fmt: skip
    return private(render(request, "gathering/columns.html", context, status=error.status if error else 200))


def _versions(request: HttpRequest, job: Job) -> dict[str, Any]:
    """A page of the mapping's versions, who made each, and, when two were chosen, what one says otherwise than the other."""
    before, older, newer = (_number(request.GET, name) for name in ("before", "older", "newer"))
    found = queries.versions_of_mapping(job, before=before, size=VERSIONS_A_PAGE + 1)
    shown = found[:VERSIONS_A_PAGE]
    older, newer = sorted((older, newer))
    told, columns = queries.between_versions(job, older, newer) if older else ([], [])
    return {
        "versions": [(one, [change_words(each, job.columns) for each in one.changes]) for one in shown],
        "names": staff_names(one.made_by for one in shown if one.made_by),
        "earlier": shown[-1].number if len(found) > len(shown) else 0,
        "older": older,
        "newer": newer,
        "between": [change_words(one.told(), columns) for one in told],
    }


def _number(said: QueryDict, name: str) -> int:
    """0: there is none."""
    text = said.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def version_seen(typed: QueryDict) -> int:
    """The version that a form was filled in over; 0: it does not say."""
    return _number(typed, "seen")


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def column(request: HttpRequest, gathering_job_id: UUID, column: str) -> HttpResponse:
    """One of them. What was typed stays until it is saved; steps are added, moved and taken out without saving anything."""
    actor = request.actor  # type: ignore[attr-defined]
    job = queries.job_to_change(actor=actor, job_id=gathering_job_id)
    kept = next((one for one in job.columns if one["name"] == column), None)
    if kept is None:
        raise NotFound
    if request.method != "POST":
        return _form(request, job, kept)
    said, odd = _said(request.POST)
    act, _dash, at = request.POST.get("act", "").partition("-")
    if act == "try":
        return tried(request, job.source_id, job.table, [{**kept, **said}], job.keys, of_one=True)
    if odd:
        return _form(request, job, {**kept, **said}, JobRefused(reasons=odd))
    if act == "save":
        return _saved(request, job, kept, said)
    if act == "offer":
        said |= queries.offered_checks(job, over=True).get(column, {})
    else:
        said["steps"] = _edited(said["steps"], act, at, request.POST.get("new", ""))
    return _form(request, job, {**kept, **said})


def _edited(steps: list[dict[str, Any]], act: str, at: str, new: str) -> list[Any]:
    """The steps with one more, one less, or one moved; what cannot be so changes nothing."""
    if act == "add":
        return [*steps, {"do": new}] if new in STEPS and len(steps) < MOST_STEPS else steps
    if act not in EDITS or not (at.isascii() and at.isdecimal() and len(at) < 3):
        return steps
    if act == "drop":
        return [step for place, step in enumerate(steps) if place != int(at)]
    return list(moved(steps, int(at), -1 if act == "up" else 1))


def _saved(request: HttpRequest, job: Job, kept: Mapping[str, Any], said: dict[str, Any]) -> HttpResponse:
    try:
        done = actions.change_column(
            actor=request.actor, job_id=job.pk, name=kept["name"], said=said, seen=version_seen(request.POST)  # type: ignore[attr-defined]
        )  # fmt: skip
    except TOLD as refusal:
        return _form(request, job, {**kept, **said}, refusal)
    messages.success(request, _("已存为第%(number)s版，从下一次归集起按它办。") % {"number": done.version})
    return redirect("console-gathering-columns", job.pk)


def _said(typed: QueryDict) -> tuple[dict[str, Any], list[Reason]]:
    """Steps and checks as they were typed, and what of it cannot be read."""
    steps, odd = [], []
    for at in range(MOST_STEPS):
        do = typed.get(f"do-{at}", "")
        if do in STEPS:
            own, lines = pairs_of(typed.get(f"own-{at}", "")[:100_000])
            options: dict[str, Any] = {name: typed.get(f"{name}-{at}", "").strip()[:40] for name in OPTIONS.get(do, ())}
            steps.append(
                {"do": do, **{name: value for name, value in options.items() if value}} | ({"own": own} if own else {})
            )
            odd += [
                Reason("pair", _("对照第%(line)s行要写成“男 = 1”这样。") % {"line": line}, f"own-{at}")
                for line in lines[:5]
            ]
    ends = {
        kind: {name: typed.get(f"{kind}-{name}", "").strip()[:40] for name in ("least", "most")}
        for kind in ("length", "range")
    }
    asked = [
        {"kind": kind, **{name: end for name, end in said.items() if end}}
        for kind, said in ends.items()
        if any(said.values())
    ]
    pattern = typed.get("pattern", "").strip()[:300]
    return {
        "steps": steps,
        "required": "required" in typed,
        "check": typed.get("check", "") if typed.get("check", "") in CHECK_DIGITS else "",
        "code_set": typed.get("code_set", "")[:40],
        "asked": [*asked, *([{"kind": "format", "pattern": pattern}] if pattern else [])],
    }, odd  # fmt: skip


def _form(request: HttpRequest, job: Job, said: Mapping[str, Any], error: TongbanError | None = None) -> HttpResponse:
    sets, told = list(set_keys().items()), error.fields if error else {}
    steps = [
        {**step, "at": at, "word": STEP_WORDS[step["do"]][0], "note": STEP_WORDS[step["do"]][1],
         "lines": request.POST.get(f"own-{at}", "") if error else lines_of(step.get("own", {})), "errors": told.get(f"own-{at}", []),
         "first": at == 0, "last": at == len(said.get("steps") or ()) - 1}
        for at, step in enumerate(said.get("steps") or ())
    ]  # fmt: skip
    asked = {one["kind"]: one for one in said.get("asked") or ()}
    element = queries.element_of(job, said["name"])
    context = {
        "job": job,
        "column": said,
        "name": said.get("title") or said["name"],
        "kind_word": VALUE_KINDS.get(said["kind"], said["kind"]),
        "steps": steps,
        "choices": [(name, *STEP_WORDS[name]) for name in STEPS],
        "full": len(steps) >= MOST_STEPS,
        "sets": sets,
        "digits": list(CHECK_DIGITS.items()),
        "asked": asked,
        "element": element,
        "offer": check_words(queries.offered_checks(job, over=True).get(said["name"], {})),
        "error": error,
    }
    return private(render(request, "gathering/column.html", context, status=error.status if error else 200))


JOB = "console/gathering/jobs/<uuid:gathering_job_id>/columns/"
urlpatterns = [
    path(JOB, columns, name="console-gathering-columns"),
    path(f"{JOB}<slug:column>/", column, name="console-gathering-column"),
]
