"""Items out and in as files: export by filter, import with a report of each row before anything is made of it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import SHANGHAI, now
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.organisations.queries import departments_of
from tongban.services.items.actions import begin_import, confirm_import, drop_import
from tongban.services.items.errors import ExportRefused, ImportRefused
from tongban.services.items.models import ImportBatch
from tongban.services.items.queries import code_tables
from tongban.services.items.queries.basic import seen_departments
from tongban.services.items.queries.exchange import (
    FORMATS,
    ExportFilters,
    blank_template,
    exportable,
    exported,
    file_notes,
    import_batch,
    import_batches,
    import_counts,
    import_rows,
    own_remarks,
    remark_text,
    report_of,
)

OUTCOMES = (
    ("", gettext_lazy("全部")),
    ("new", gettext_lazy("新事项")),
    ("changed", gettext_lazy("有变化")),
    ("same", gettext_lazy("没有变化")),
    ("refused", gettext_lazy("不能导入")),
)
SHOWN = 8  # remarks of one row on the page; the report has all


def _filters(request: HttpRequest) -> ExportFilters:
    return ExportFilters(
        text=request.GET.get("q", "").strip()[:100],
        task_type=request.GET.get("type", "")[:2],
        department=request.GET.get("department", "")[:40],
        codes=tuple(code[:60] for code in request.GET.getlist("code")[:2000]),
    )


@audience(STAFF, "items.see")
@require_safe
def exchange(request: HttpRequest) -> HttpResponse:
    """What can be exported, a place to bring a file to, and the files brought lately."""
    return _exchange(request)


def _exchange(request: HttpRequest, error: ImportRefused | ExportRefused | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    may_import = may(actor, "items.manage", department_id=actor.department_id)
    filters = _filters(request)
    batches = import_batches(actor) if may_import else []
    names = staff_names(batch.made_by for batch in batches if batch.made_by) if batches else {}
    context = {
        "filters": filters,
        "versions": exportable(actor, filters),
        "types": code_tables()["task_type"],
        "departments": [] if seen_departments(actor) else departments_of(),
        "may_import": may_import,
        "batches": [(batch, names.get(batch.made_by, "") if batch.made_by else "") for batch in batches],
        "error": error,
    }
    return render(request, "items/console/exchange.html", context, status=error.status if error else 200)


@audience(STAFF, "items.see")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The chosen items as a file."""
    kind = request.GET.get("format", "xlsx")
    kind = kind if kind in FORMATS else "xlsx"
    try:
        data = exported(request.actor, _filters(request), kind)  # type: ignore[attr-defined]
    except ExportRefused as error:
        return _exchange(request, error)
    return _file(data, f"{_('事项')}-{_stamp()}.{kind}", FORMATS[kind])


@audience(STAFF, "items.see")
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty workbook with every heading, to be filled in."""
    return _file(blank_template(), f"{_('事项导入模板')}.xlsx", FORMATS["xlsx"])


def _stamp() -> str:
    moment: datetime = now()
    return moment.astimezone(SHANGHAI).strftime("%Y%m%d-%H%M")


def _file(data: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@audience(STAFF, "items.manage")
@require_POST
def bring(request: HttpRequest) -> HttpResponse:
    """Take a file in and look at it."""
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("请先选一个文件。"))
        return redirect("console-items-exchange")
    try:
        batch = begin_import(actor=request.actor, upload=upload, name=upload.name or "")  # type: ignore[attr-defined]
    except ImportRefused as error:
        return _exchange(request, error)
    return redirect("console-items-import", batch.pk)


@audience(STAFF, "items.manage")
@require_safe
def batch(request: HttpRequest, import_id: str) -> HttpResponse:
    """The report of one file, row by row; while it is being looked at, how far that is."""
    return _batch(request, import_batch(request.actor, import_id))  # type: ignore[attr-defined]


def _batch(request: HttpRequest, found: ImportBatch, error: ImportRefused | None = None) -> HttpResponse:
    outcome = request.GET.get("outcome", "")
    page = import_rows(found, outcome if outcome in dict(OUTCOMES) else "", request.GET.get("cursor", ""))
    counts = import_counts(found)
    counts[""] = sum(counts.values())
    context = {
        "batch": found,
        "waiting": found.state in (ImportBatch.State.READING, ImportBatch.State.IMPORTING),
        "notes": file_notes(found),
        "page": page,
        "rows": [(row, *_told(own_remarks(found, row))) for row in page],
        "outcome": outcome,
        "outcomes": [(key, title, counts[key]) for key, title in OUTCOMES],
        "counts": counts,
        "sound": counts["new"] + counts["changed"],
        "error": error,
    }
    return render(request, "items/console/import.html", context, status=422 if error else 200)


def _told(remarks: list[dict[str, object]]) -> tuple[list[tuple[str, str, bool]], int]:
    """The first remarks in words (place, text, whether they keep the row out), and how many more there are."""
    told = [(str(remark["place"]), remark_text(remark), bool(remark["stop"])) for remark in remarks[:SHOWN]]
    return told, max(0, len(remarks) - SHOWN)


@audience(STAFF, "items.manage")
@require_POST
def confirm(request: HttpRequest, import_id: str) -> HttpResponse:
    """Put the rows in as drafts: all or none."""
    actor = request.actor  # type: ignore[attr-defined]
    found = import_batch(actor, import_id)
    try:
        confirm_import(actor=actor, batch_id=found.pk, only_sound="only_sound" in request.POST)
    except ImportRefused as error:
        return _batch(request, found, error)
    return redirect("console-items-import", found.pk)


@audience(STAFF, "items.manage")
@require_POST
def drop(request: HttpRequest, import_id: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    found = import_batch(actor, import_id)
    try:
        drop_import(actor=actor, batch_id=found.pk)
    except ImportRefused as error:
        return _batch(request, found, error)
    messages.success(request, _("已放弃这个文件，什么也没有导入。"))
    return redirect("console-items-exchange")


@audience(STAFF, "items.manage")
@require_safe
def report(request: HttpRequest, import_id: str) -> HttpResponse:
    """The report as a workbook, every remark beside its row."""
    found = import_batch(request.actor, import_id)  # type: ignore[attr-defined]
    return _file(report_of(found), f"{_('导入结果')}-{found.name}.xlsx", FORMATS["xlsx"])


urlpatterns = [
    path("console/items/exchange/", exchange, name="console-items-exchange"),
    path("console/items/exchange/export/", export, name="console-items-export"),
    path("console/items/exchange/template/", template, name="console-items-template"),
    path("console/items/exchange/import/", bring, name="console-items-bring"),
    path("console/items/exchange/<uuid:import_id>/", batch, name="console-items-import"),
    path("console/items/exchange/<uuid:import_id>/confirm/", confirm, name="console-items-confirm"),
    path("console/items/exchange/<uuid:import_id>/drop/", drop, name="console-items-drop"),
    path("console/items/exchange/<uuid:import_id>/report/", report, name="console-items-report"),
]
