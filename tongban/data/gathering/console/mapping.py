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

from tongban.data.catalogue.queries import Filters, catalogue_page, entry_by_code, items_of, show
from tongban.data.gathering import actions, queries
from tongban.data.gathering.models import Job, Source
from tongban.data.gathering.queries import MANAGE
from tongban.data.gathering.rules import KIND_OF, kind_of_column, plain_name, plain_names, suggested
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .schedule import schedule_of
from .sources import private
from .words import TOLD, VALUE_KINDS, fault_words

MOST = 500  # columns
TEXTS = ("name", "source", "kind", "title", "item")


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """The form; tried on some rows (a piece of the page); made into a job."""
    actor = request.actor  # type: ignore[attr-defined]
    source = queries.source_to_change(actor=actor, source_id=source_id)
    asked = request.POST or request.GET
    table, resource = asked.get("table", "")[:300], _resource(actor, asked.get("resource", "")[:40])
    if request.method != "POST":
        return _form(request, source, table, resource)
    rows = _typed_rows(request.POST)
    if request.POST.get("act") == "try":
        return _tried(request, source, table, rows)
    try:  # what was typed of the schedule is read within, for it may be refused
        job = actions.create_job(
            actor=actor, source_id=source.pk, table=table, key=request.POST.get("key", "")[:60],
            title=request.POST.get("title", "").strip()[:200] or table, columns=_columns(rows), keys=_keys(rows),
            resource_id=resource.pk if resource else None, **_manner(request.POST),
        )  # fmt: skip
    except TOLD as error:
        return _form(request, source, table, resource, rows, error)
    messages.success(request, _("归集任务已建好，每天会自己运行；也可以现在就归集一次。"))
    return redirect("console-gathering-job", job.pk)


def _resource(actor: Actor, code: str) -> Any:
    """A published resource of one's own department, by its code; none is none."""
    found = entry_by_code(actor, code) if code else None
    if found is not None and found.department_id != actor.department_id:
        raise NotFound
    return found


def _form(
    request: HttpRequest,
    source: Source,
    table: str,
    resource: Any,
    rows: list[dict[str, Any]] | None = None,
    error: TongbanError | None = None,
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found, away = columns_there(actor, source.pk, table)
    rows = rows or (_of_items(resource, found) if resource else _of_columns(found))
    context = {
        "source": source,
        "table": table,
        "resource": resource,
        "resources": list(catalogue_page(actor, Filters(department=str(actor.department_id)), size=200)),
        "found": list(found.items()),
        "away": away,
        "rows": rows,
        "kinds": list(VALUE_KINDS.items()),
        "typed": request.POST
        or {"title": resource.name if resource else table, "key": _key(table), "starts_at": "01:00", "every": "day"},
        "everies": Job.Every.choices,
        "error": error,
    }
    return private(render(request, "gathering/mapping.html", context, status=error.status if error else 200))


def columns_there(actor: Actor, source_id: UUID, table: str) -> tuple[dict[str, str], TongbanError | None]:
    """The columns a table has now, or what the source answered instead."""
    try:
        return queries.columns_of(actor=actor, source_id=source_id, table=table), None
    except TOLD as refusal:
        return {}, refusal


def _key(table: str) -> str:
    """The table's name in the lake, as one would write it."""
    return plain_name(
        table.rpartition(".")[2] if table.count(".") == 1 and not _is_file(table) else table.partition(".")[0]
    )


def _is_file(table: str) -> bool:
    return table.lower().endswith((".csv", ".xlsx", ".json", ".ndjson", ".jsonl", ".parquet"))


def _of_items(resource: Any, found: dict[str, str]) -> list[dict[str, Any]]:
    """A row for each data item, with the column that seems to be it."""
    items = items_of(resource)
    told = [{"key": str(one.pk), "name": one.name, "english": one.english} for one in items]
    columns, names = suggested(told, found), plain_names(one.english or one.name for one in items)
    return [
        {
            "name": name,
            "title": one.name,
            "item": str(one.pk),
            "source": columns.get(str(one.pk), ""),
            "kind": KIND_OF.get(one.type, "text"),
            "required": not one.nullable,
            "key": one.is_key,
        }
        for one, name in zip(items, names, strict=True)
    ]


def _of_columns(found: dict[str, str]) -> list[dict[str, Any]]:
    """A row for each column of the source."""
    return [
        {"name": name, "title": column, "item": "", "source": column, "kind": kind_of_column(kind), "required": False, "key": False}
        for name, (column, kind) in zip(plain_names(found), found.items(), strict=True)
    ]  # fmt: skip


def _typed_rows(typed: QueryDict) -> list[dict[str, Any]]:
    count = typed.get("rows", "")
    numbers = range(min(int(count), MOST)) if count.isascii() and count.isdecimal() and len(count) < 4 else range(0)
    return [
        {name: typed.get(f"{name}-{number}", "").strip()[:200] for name in TEXTS}
        | {name: f"{name}-{number}" in typed for name in ("required", "key")}
        for number in numbers
    ]


def _columns(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: row[name] for name in (*TEXTS, "required")} for row in rows if row["source"]]


def _keys(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"] for row in rows if row["source"] and row["key"]]


def _manner(typed: QueryDict) -> dict[str, Any]:
    return {"cursor": typed.get("cursor", "")[:200] if typed.get("way") == "cursor" else "", **schedule_of(typed)}


def _tried(request: HttpRequest, source: Source, table: str, rows: list[dict[str, Any]]) -> HttpResponse:
    """The first rows as they would be; what a source answers is no fault of the page."""
    columns, error, found = _columns(rows), None, []
    try:
        found = actions.try_out(
            actor=request.actor,  # type: ignore[attr-defined]
            source_id=source.pk,
            table=table,
            work={"columns": [{name: one[name] for name in ("name", "source", "kind", "required")} for one in columns]},
            keys=_keys(rows),
        )
    except TOLD as refusal:
        error = refusal
    found = show(request.actor, columns, found)  # type: ignore[attr-defined]
    told = [
        (row["_row"], [row[one["name"]] for one in columns], [fault_words(code, columns) for code in row["_faults"]])
        for row in found
    ]
    context = {
        "error": error,
        "titles": [one["title"] or one["name"] for one in columns],
        "rows": told,
        "kept": sum(1 for _row, _values, faults in told if not faults),
        "bad": sum(1 for _row, _values, faults in told if faults),
    }
    return private(render(request, "gathering/tried_rows.html", context))


urlpatterns = [
    path("console/gathering/sources/<uuid:source_id>/jobs/new/", set_up, name="console-gathering-set-up"),
]
