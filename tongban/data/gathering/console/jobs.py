"""One job: how it stands, when it runs, what it has brought; its questions about a source that changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.data.gathering import actions, queries
from tongban.data.gathering.models import Job
from tongban.data.gathering.queries import MANAGE, SEE
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .mapping import columns_there
from .schedule import FIELDS, schedule_of
from .sources import told
from .trying import waited_for
from .words import CHANGES, TOLD, VALUE_KINDS, WHY_NOT_ANEW, check_words, step_words

LEFT_OUT = "\t"  # no column is called so
DEEDS: dict[str, Callable[..., Any]] = {
    "start": lambda actor, job_id: actions.start_run(actor=actor, job_id=job_id),
    "start-whole": lambda actor, job_id: actions.start_run(actor=actor, job_id=job_id, whole=True),
    "pause": lambda actor, job_id: actions.pause_job(actor=actor, job_id=job_id),
    "resume": lambda actor, job_id: actions.resume_job(actor=actor, job_id=job_id),
}


@audience(STAFF, SEE)
@require_safe
def job(request: HttpRequest, gathering_job_id: UUID) -> HttpResponse:
    return job_page(request, gathering_job_id)


def job_page(
    request: HttpRequest, job_id: UUID, error: TongbanError | None = None, typed: dict[str, str] | None = None
) -> HttpResponse:
    """`typed`: a schedule that was refused, as it was typed."""
    actor = request.actor  # type: ignore[attr-defined]
    standing = queries.standing_of(actor=actor, job_id=job_id)
    found, runs = standing.job, queries.runs_of(actor=actor, job_id=job_id)
    numbers = queries.numbers_of(runs)
    context = {
        "job": found,
        "standing": told(standing),
        "columns": [
            (
                one,
                VALUE_KINDS.get(one["kind"], one["kind"]),
                one["name"] in found.keys,
                [step_words(step) for step in one.get("steps") or ()],
                check_words(one),
            )
            for one in found.columns
        ],
        "runs": [(one, numbers.get(one.pk)) for one in runs],
        "replayable": [numbers[one.pk] for one in runs if one.state == "done" and one.pk in numbers],
        "replay_why": WHY_NOT_ANEW.get(found.replay_fault.get("code", "")),
        "open_run": next((one for one in runs if one.ended_at is None), None),
        "told_changes": _changes(found),
        "manages": may(actor, MANAGE, department_id=found.department_id),
        "times": typed
        or {name: _clock(getattr(found, name)) for name in ("starts_at", "opens", "closes")}
        | {"rows_a_second": found.rows_a_second or "", "every": found.every, "day": found.day or ""},
        "error": error,
        "everies": Job.Every.choices,
    }
    return render(request, "gathering/job.html", context, status=error.status if error else 200)


def _clock(at: time | None) -> str:
    return f"{at:%H:%M}" if at else ""


def _changes(found: Job) -> list[tuple[Any, dict[str, str]]]:
    return [(CHANGES.get(one["what"], one["what"]), one) for one in found.changes]


@audience(STAFF, MANAGE)
@require_POST
def deed(request: HttpRequest, gathering_job_id: UUID, deed: str) -> HttpResponse:
    """Begin, stop and go on."""
    if deed not in DEEDS:
        raise NotFound
    try:
        done = DEEDS[deed](request.actor, gathering_job_id)  # type: ignore[attr-defined]
    except TOLD as refusal:
        return job_page(request, gathering_job_id, refusal)
    if deed.startswith("start"):
        return redirect("console-gathering-run", done.pk)
    messages.success(request, _("已停用，不再自动归集。") if deed == "pause" else _("已启用，到时候自动归集。"))
    return redirect("console-gathering-job", gathering_job_id)


@audience(STAFF, MANAGE)
@require_POST
def schedule(request: HttpRequest, gathering_job_id: UUID) -> HttpResponse:
    try:
        actions.change_schedule(actor=request.actor, job_id=gathering_job_id, **schedule_of(request.POST))  # type: ignore[attr-defined]
    except TOLD as refusal:
        typed = {name: request.POST.get(name, "")[:20] for name in FIELDS}
        return job_page(request, gathering_job_id, refusal, typed)
    messages.success(request, _("已保存。"))
    return redirect("console-gathering-job", gathering_job_id)


@audience(STAFF, MANAGE)
@require_POST
def replay(request: HttpRequest, gathering_job_id: UUID) -> HttpResponse:
    """Do batches anew from one on."""
    since = request.POST.get("since", "")
    number = int(since) if since.isascii() and since.isdecimal() and len(since) < 9 else 0
    try:
        actions.ask_replay(
            actor=request.actor, job_id=gathering_job_id, since=number, reason=request.POST.get("reason", "")  # type: ignore[attr-defined]
        )  # fmt: skip
    except TOLD as refusal:
        return job_page(request, gathering_job_id, refusal)
    messages.success(request, _("已开始重做，完成以前不归集新的。"))
    return redirect("console-gathering-job", gathering_job_id)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def shape(request: HttpRequest, gathering_job_id: UUID) -> HttpResponse:
    """What changed in the source, and which column becomes which from now on."""
    actor = request.actor  # type: ignore[attr-defined]
    found, error = queries.job_to_change(actor=actor, job_id=gathering_job_id), None
    if request.method == "POST":
        columns = [
            one | {"source": typed}
            for one, typed in zip(found.columns, _sources(request, found), strict=True)
            if typed != LEFT_OUT
        ]
        try:
            actions.answer_shape(actor=actor, job_id=found.pk, columns=columns)
        except TOLD as refusal:
            error = waited_for(request, found.source_id, refusal)
        else:
            messages.success(request, _("已按新的表结构对应，归集从停下的地方接着来。"))
            return redirect("console-gathering-job", found.pk)
    return _shape_page(request, found, error)


def _sources(request: HttpRequest, found: Job) -> list[str]:
    """What was chosen for each column, at first what it comes from."""
    return [
        request.POST.get(f"source-{n}", "")[:200] if request.POST else one["source"]
        for n, one in enumerate(found.columns)
    ]


def _shape_page(request: HttpRequest, found: Job, error: TongbanError | None) -> HttpResponse:
    there, away = columns_there(request, found.source_id, found.table)
    context = {
        "job": found,
        "told_changes": _changes(found),
        "source_and_table": f"{found.source_id}:{found.table}",  # as the lineage names its columns
        "rows": [
            (one, one["source"] in there, typed, one["name"] in found.keys)
            for one, typed in zip(found.columns, _sources(request, found), strict=True)
        ],
        "left_out": LEFT_OUT,
        "found": list(there.items()),
        "away": away,
        "error": error,
    }
    return render(request, "gathering/shape.html", context, status=error.status if error else 200)


JOB = "console/gathering/jobs/<uuid:gathering_job_id>/"
urlpatterns = [
    path(JOB, job, name="console-gathering-job"),
    path(f"{JOB}shape/", shape, name="console-gathering-shape"),
    path(f"{JOB}schedule/", schedule, name="console-gathering-schedule"),
    path(f"{JOB}replay/", replay, name="console-gathering-replay"),
    path(f"{JOB}<slug:deed>/", deed, name="console-gathering-deed"),
]
