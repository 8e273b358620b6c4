"""Setting up what is gathered from a table: which column becomes which data item, how, when; tried on a hundred rows first."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.catalogue.queries import Filters, catalogue_page, entry_by_code, entry_for
from tongban.data.gathering import actions, queries
from tongban.data.gathering.models import Job, Source
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import is_pattern, plain_name
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .rows import columns_of, keys_of, of_columns, of_items, typed_rows
from .schedule import schedule_of
from .sources import private
from .trying import tried, waited_for
from .words import TOLD, VALUE_KINDS


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """The form; tried on some rows (a piece of the page); made into a job."""
    actor = request.actor  # type: ignore[attr-defined]
    source = queries.source_to_change(actor=actor, source_id=source_id)
    asked = request.POST or request.GET
    table, resource = asked.get("table", "").strip()[:300], _resource(actor, asked.get("resource", "")[:40])
    takes = asked.get("takes", "")[:10] if source.is_files and is_pattern(table) else ""
    if request.method != "POST":
        return _form(request, source, table, resource)
    rows = typed_rows(request.POST)
    if request.POST.get("act") == "try":
        return tried(request, source.pk, table, columns_of(rows), keys_of(rows))
    try:  # what was typed of the schedule is read within, for it may be refused
        job = actions.create_job(
            actor=actor, source_id=source.pk, table=table, key=request.POST.get("key", "")[:60],
            title=request.POST.get("title", "").strip()[:200] or table, columns=columns_of(rows), keys=keys_of(rows),
            resource_id=resource.pk if resource else None, takes=takes, **_manner(request.POST),
        )  # fmt: skip
    except TOLD as error:
        return _form(request, source, table, resource, rows, waited_for(request, source.pk, error))
    messages.success(request, _("归集任务已建好，到时候会自己运行；也可以现在就归集一次。"))
    return redirect("console-gathering-job", job.pk)


def _resource(actor: Actor, code: str) -> Any:
    """A published resource of one's own department, by its code; none is none."""
    found = entry_by_code(actor, code) if code else None
    if found is not None and found.department_id != actor.department_id:
        raise NotFound
    return found


def resource_said(request: HttpRequest, job: Job) -> Any:
    """The resource that was chosen for a job, else the one it has."""
    asked = request.POST or request.GET
    if "resource" in asked:
        return _resource(request.actor, asked["resource"][:40])  # type: ignore[attr-defined]
    return entry_for(request.actor, job.resource_id) if job.resource_id else None  # type: ignore[attr-defined]


def _form(
    request: HttpRequest,
    source: Source,
    table: str,
    resource: Any,
    rows: list[dict[str, Any]] | None = None,
    error: TongbanError | None = None,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    looked = queries.look_into(actor=actor, source_id=source.pk, table=table)
    found, away = looked.columns, waited_for(request, source.pk, looked.away) if looked.away else None
    rows = rows or (of_items(resource, found) if resource else of_columns(found))
    context = {
        "source": source,
        "table": table,
        "resource": resource,
        "resources": list(catalogue_page(actor, Filters(department=str(actor.department_id)), size=200)),
        "found": list(found),
        "away": away,
        "sheets": [(one, one.partition("#")[2]) for one in looked.sheets] if len(looked.sheets) > 1 or away else [],
        "rows": rows,
        "kinds": list(VALUE_KINDS.items()),
        "typed": request.POST
        or {"title": resource.name if resource else table, "key": _key(table), "starts_at": "01:00", "every": "day"},
        "is_pattern": source.is_files and is_pattern(table),
        "takes": Job.Takes.choices,
        "taken": (request.POST or request.GET).get("takes", "") or Job.Takes.NEW,
        "everies": Job.Every.choices,
        "error": error,
    }
    return private(render(request, "gathering/mapping.html", context, status=error.status if error else 200))


def columns_there(request: HttpRequest, source_id: UUID, table: str) -> tuple[dict[str, str], TongbanError | None]:
    """The columns a table has now, or what the source answered instead."""
    try:
        return queries.columns_of(actor=request.actor, source_id=source_id, table=table), None  # type: ignore[attr-defined]
    except TOLD as refusal:
        return {}, waited_for(request, source_id, refusal)


def _key(table: str) -> str:
    """The table's name in the lake, as one would write it."""
    file, _mark, sheet = table.partition("#")
    if _is_file(file):
        return plain_name(f"{file.partition('.')[0]} {sheet}".strip())
    return plain_name(table.rpartition(".")[2] if table.count(".") == 1 else table.partition(".")[0])


def _is_file(table: str) -> bool:
    return table.lower().endswith((".csv", ".xlsx", ".json", ".ndjson", ".jsonl", ".parquet"))


def _manner(typed: QueryDict) -> dict[str, Any]:
    return {"cursor": typed.get("cursor", "")[:200] if typed.get("way") == "cursor" else "", **schedule_of(typed)}


urlpatterns = [
    path("console/gathering/sources/<uuid:source_id>/jobs/new/", set_up, name="console-gathering-set-up"),
]
