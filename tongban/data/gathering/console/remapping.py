"""Saying otherwise, at any time, which column becomes which: what comes of it is told first, then it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.catalogue.queries import Filters, catalogue_page, items_of
from tongban.data.gathering import actions, queries
from tongban.data.gathering.models import Job
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import needs_whole
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .mapping import columns_there, resource_said
from .rows import columns_of, keys_of, not_yet, of_mapping, typed_rows
from .sources import private
from .steps import version_seen
from .trying import tried, waited_for
from .words import TOLD, VALUE_KINDS, change_words


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remap(request: HttpRequest, gathering_job_id: UUID) -> HttpResponse:
    """The form; tried on some rows (a piece of the page); what would change, told; confirmed."""
    actor = request.actor  # type: ignore[attr-defined]
    job = queries.job_to_change(actor=actor, job_id=gathering_job_id)
    resource = resource_said(request, job)
    if request.method != "POST":
        return _form(request, job, resource)
    act, rows = request.POST.get("act", ""), typed_rows(request.POST)
    kept = {one["name"]: one for one in job.columns}
    columns = [{**kept.get(one["name"], {}), **one} for one in columns_of(rows)]
    said: dict[str, Any] = {
        "columns": columns, "keys": keys_of(rows), "cursor": request.POST.get("cursor", "")[:200],
        "resource_id": resource.pk if resource else None,
    }  # fmt: skip
    if act == "try":
        return tried(request, job.source_id, job.table, columns, said["keys"])
    if act == "edit":
        return _form(request, job, resource, rows)
    try:
        if act == "confirm":
            done = actions.change_mapping(actor=actor, job_id=job.pk, seen=version_seen(request.POST), **said)
            messages.success(request, _("已存为第%(number)s版，从下一次归集起按它办。") % {"number": done.version})
            return redirect("console-gathering-job", job.pk)
        found = actions.foresee_mapping(actor=actor, job_id=job.pk, **said)
    except TOLD as refusal:
        return _form(request, job, resource, rows, waited_for(request, job.source_id, refusal))
    context = {
        "job": job,
        "next": job.version + 1,
        "seen": version_seen(request.POST),
        "changes": [change_words(one.told(), [*job.columns, *columns]) for one in found],
        "whole": needs_whole(found),
        "expected": next(
            (one.rows for one in queries.runs_of(actor=actor, job_id=job.pk) if one.state == "done"), None
        ),
        "open_run": queries.open_run(job),
        "typed": [(name, value) for name, value in request.POST.items() if name not in ("act", "csrfmiddlewaretoken")],
    }
    return private(render(request, "gathering/remap_confirm.html", context))


def _form(
    request: HttpRequest,
    job: Job,
    resource: Any,
    rows: list[dict[str, Any]] | None = None,
    error: TongbanError | None = None,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found, away = columns_there(request, job.source_id, job.table)
    had = of_mapping(job.columns, job.keys, resource) if rows is None else rows
    wanted, rest = not_yet(had, resource, found) if rows is None else ([], [])
    names: Mapping[str, Any] = {one["name"]: one for one in job.columns}
    context = {
        "job": job,
        "resource": resource,
        "resources": list(catalogue_page(actor, Filters(department=str(actor.department_id)), size=200)),
        "groups": [
            (title, note, shown, [(row, row["name"] in names) for row in group], before)
            for title, note, shown, group, before in (
                (_("正在归集的"), "", True, had, 0),
                (_("数据项里还没有归集的"), _("已按名称配好的，核对以后就归集。"), True, wanted, len(had)),
                (_("来源里还没有归集的列"), _("要归集的，选它自己。"), False, rest, len(had) + len(wanted)),
            )
            if group
        ],
        "items": [(str(one.pk), one.name) for one in items_of(resource)] if resource else [],
        "count": len(had) + len(wanted) + len(rest),
        "found": list(found) or [row["source"] for row in had],
        "away": away,
        "kinds": list(VALUE_KINDS.items()),
        "cursor": request.POST.get("cursor", job.cursor),
        "seen": version_seen(request.POST) or job.version,
        "error": error,
    }  # fmt: skip
    return private(render(request, "gathering/remap.html", context, status=error.status if error else 200))


urlpatterns = [
    path("console/gathering/jobs/<uuid:gathering_job_id>/mapping/", remap, name="console-gathering-remap"),
]
