"""Bringing history in (证照汇聚): six steps, tables and scans, row by row, and the issuer's word at the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.files.queries import described
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.licences import actions
from tongban.services.licences.models import Batch, BatchRow, Gathering
from tongban.services.licences.queries import gathering as queries
from tongban.services.licences.queries import types_of
from tongban.services.licences.queries.gathering_words import STEPS, labels_of, note_sentence
from tongban.services.licences.queries.words import STATES
from tongban.services.licences.rules.tables import NEEDED

BUSY = (Batch.State.WAITING, Batch.State.RUNNING, Batch.State.ISSUING)
TABS = (
    ("", gettext_lazy("全部")), ("held", gettext_lazy("待更正")), ("flagged", gettext_lazy("有疑点")),
    ("kept", gettext_lazy("已入库")), ("same", gettext_lazy("库中已有")), ("dropped", gettext_lazy("已剔除")),
    ("waiting", gettext_lazy("等待")),
)  # fmt: skip


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _file(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=queries.XLSX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return _private(response)


def _gathers(request: HttpRequest) -> bool:
    return may(request.actor, queries.GATHER, department_id=request.actor.department_id)


@audience(STAFF, "licences.see")
@require_safe
def gatherings(request: HttpRequest) -> HttpResponse:
    """The types the department gathers, how far each is, and those that could be taken up."""
    return _gatherings(request)


def _gatherings(request: HttpRequest, error: TongbanError | None = None) -> HttpResponse:
    rows = queries.gatherings_of(request.actor)
    taken = {row.type_code for row in rows}
    context = {
        "rows": [(row, len(row.steps), queries.steps_of(row)) for row in rows],
        "types": [kind for kind in types_of(request.actor.department_id) if kind.code not in taken],
        "gathers": _gathers(request),
        "error": error,
    }
    return render(request, "licences/gatherings.html", context, status=error.status if error else 200)


@audience(STAFF, "licences.gather")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    try:
        gathering = actions.begin_gathering(actor=request.actor, type_code=request.POST.get("type_code", "")[:21])
    except TongbanError as refusal:
        return _gatherings(request, refusal)
    return redirect("console-gathering", gathering.pk)


@audience(STAFF, "licences.see")
@require_safe
def gathering(request: HttpRequest, gathering_id: UUID) -> HttpResponse:
    """One type: its six steps, and the tables that were brought."""
    return _gathering(request, queries.gathering_for(request.actor, gathering_id))


def _gathering(request: HttpRequest, found: Gathering, error: TongbanError | None = None) -> HttpResponse:
    batches = queries.batches_of(found)
    doers = [UUID(done["by"]) for done in found.steps.values()]
    names = staff_names([*doers, *(batch.brought_by for batch in batches if batch.brought_by)])
    steps = [
        step
        | {"title": STEPS[step["key"]][0], "text": STEPS[step["key"]][1]}
        | {"who": names.get(UUID(step["done"]["by"]), "") if step["done"] else ""}
        for step in queries.steps_of(found)
    ]
    context = {
        "gathering": found,
        "steps": [step | {"errors": error.fields.get(f"note-{step['key']}", []) if error else []} for step in steps],
        "standing": queries.standing_of_gathering(found),
        "batches": [(batch, names.get(batch.brought_by, "") if batch.brought_by else "") for batch in batches],
        "gathers": _gathers(request),
        "open": "confirm" in found.steps,
        "given": request.POST,
        "error": error,
    }
    return _private(render(request, "licences/gathering.html", context, status=error.status if error else 200))


@audience(STAFF, "licences.gather")
@require_POST
def step(request: HttpRequest, gathering_id: UUID) -> HttpResponse:
    found = queries.gathering_for(request.actor, gathering_id)
    key = request.POST.get("step", "")[:20]
    try:
        actions.finish_step(
            actor=request.actor, gathering_id=found.pk, step=key, note=request.POST.get(f"note-{key}", "")[:400]
        )
    except TongbanError as refusal:
        return _gathering(request, found, refusal)
    messages.success(request, _("已记下这一步。"))
    return redirect("console-gathering", found.pk)


@audience(STAFF, "licences.see")
@require_safe
def template(request: HttpRequest, gathering_id: UUID) -> HttpResponse:
    """An empty table of this type."""
    found = queries.gathering_for(request.actor, gathering_id)
    return _file(queries.template_of(queries.type_of(found)), f"{found.type_name}-{_('归集模板')}.xlsx")


@audience(STAFF, "licences.gather")
@require_POST
def bring(request: HttpRequest, gathering_id: UUID) -> HttpResponse:
    """A table, with scans."""
    found = queries.gathering_for(request.actor, gathering_id)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("请先选一个表格文件。"))
        return redirect("console-gathering", found.pk)
    try:
        batch = actions.gather(
            actor=request.actor, gathering_id=found.pk, upload=upload, name=upload.name or "", scans=_scans(request)
        )
    except TongbanError as refusal:
        return _gathering(request, found, refusal)
    return redirect("console-gathering-batch", batch.pk)


def _scans(request: HttpRequest) -> list[tuple[str, Any]]:
    return [(file.name or "", file) for file in request.FILES.getlist("scans")]


@audience(STAFF, "licences.see")
@require_safe
def batch(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """What became of each row; while it is worked on, how far that is."""
    return _batch(request, queries.batch_for(request.actor, batch_id))


def _batch(request: HttpRequest, found: Batch, error: TongbanError | None = None) -> HttpResponse:
    state = request.GET.get("state", "")
    state = state if state in dict(TABS) else ""
    counts = queries.row_counts(found)
    page = queries.rows_of(found, state, request.GET.get("cursor", ""))
    labels = labels_of(queries.type_of(found.gathering).content["fields"])
    actor = request.actor
    people = staff_names(account for account in (found.brought_by, found.confirmed_by) if account)
    context = {
        "batch": found,
        "busy": found.state in BUSY,
        "done": found.rows_count - counts["waiting"],
        "counts": counts | {"": found.rows_count},
        "tabs": [(key, title, counts[key] if key else found.rows_count) for key, title in TABS],
        "state": state,
        "page": page,
        "rows": [(row, queries.texts_of(row), queries.sentences_of(row, labels), STATES[row.becomes]) for row in page],
        "notes": [note_sentence(note) for note in found.notes],
        "brought_by": people.get(found.brought_by, "") if found.brought_by else "",
        "confirmed_by": people.get(found.confirmed_by, "") if found.confirmed_by else "",
        "gathers": _gathers(request),
        "confirms": may(actor, queries.MANAGE, department_id=actor.department_id)
        and found.brought_by not in actor.names,
        "error": error,
    }
    return _private(render(request, "licences/batch.html", context, status=error.status if error else 200))


@audience(STAFF, "licences.gather")
@require_POST
def scans(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """More scans for a batch."""
    found = queries.batch_for(request.actor, batch_id)
    try:
        actions.add_scans(actor=request.actor, batch_id=found.pk, scans=_scans(request))
    except TongbanError as refusal:
        return _batch(request, found, refusal)
    messages.success(request, _("扫描件已收下。"))
    return redirect("console-gathering-batch", found.pk)


@audience(STAFF, "licences.gather")
@require_POST
def again(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The report sent back with its rows put right."""
    found = queries.batch_for(request.actor, batch_id)
    upload = request.FILES.get("file")
    if upload is None:
        messages.error(request, _("请先选一个表格文件。"))
        return redirect("console-gathering-batch", found.pk)
    try:
        count = actions.correct_by_file(actor=request.actor, batch_id=found.pk, upload=upload, name=upload.name or "")
    except TongbanError as refusal:
        return _batch(request, found, refusal)
    messages.success(request, _("已按文件更正%(count)s行。") % {"count": count})
    return redirect("console-gathering-batch", found.pk)


@audience(STAFF, "licences.manage")
@require_POST
def confirm(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """The issuer's word."""
    found = queries.batch_for(request.actor, batch_id)
    try:
        actions.confirm_batch(actor=request.actor, batch_id=found.pk, with_flagged="with_flagged" in request.POST)
    except TongbanError as refusal:
        return _batch(request, found, refusal)
    messages.success(request, _("已签发，持证人可以使用了。"))
    return redirect("console-gathering-batch", found.pk)


@audience(STAFF, "licences.see")
@require_safe
def report(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Every row with what became of it; taking it away is a fact."""
    found, data = actions.take_report(actor=request.actor, batch_id=batch_id)
    return _file(data, f"{_('归集结果')}-{found.name}.xlsx")


@audience(STAFF, "licences.see")
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, batch_id: UUID, line: int) -> HttpResponse:
    """One row: what came, what is said of it, its scan, and, while it waits to be put right, a form for that."""
    found = queries.row_for(request.actor, batch_id, line)
    if request.method != "POST":
        return _row(request, found)
    given = {key: str(value)[:2000] for key, value in request.POST.items() if key != "csrfmiddlewaretoken"}
    try:
        found = actions.correct_row(actor=request.actor, batch_id=batch_id, line=line, texts=given)
    except TongbanError as refusal:
        return _row(request, found, refusal)
    if found.state == "held":
        return _row(request, found)
    messages.success(request, _("第%(line)s行已更正并入库。") % {"line": line})
    return redirect("console-gathering-batch", batch_id)


def _row(request: HttpRequest, found: BatchRow, error: TongbanError | None = None) -> HttpResponse:
    labels, texts = labels_of(queries.type_of(found.batch.gathering).content["fields"]), queries.texts_of(found)
    about: dict[str, list[str]] = {}
    for flag, sentence in queries.told_of(found, labels):
        if flag["stop"]:
            about.setdefault(flag["key"], []).append(sentence)
    columns = [
        (key, labels[key], texts.get(key, ""), about.get(key, []), key not in NEEDED) for key in labels if key != "line"
    ]
    context = {
        "row": found,
        "columns": columns,
        "told": queries.sentences_of(found, labels),
        "scan": described([found.scan_id]).get(str(found.scan_id)) if found.scan_id else None,
        "corrected": [(labels.get(key, key), text) for key, text in found.corrected.items()],
        "mends": _gathers(request) and found.state in ("held", "dropped"),
        "becomes": STATES[found.becomes],
        "drops": queries.may_be_dropped(found),
        "dropped_by": staff_names([found.dropped_by]).get(found.dropped_by, "") if found.dropped_by else "",
        "typed": request.POST,
        "error": error,
    }
    return _private(render(request, "licences/batch_row.html", context, status=error.status if error else 200))


@audience(STAFF, "licences.see")
@require_POST
def drop(request: HttpRequest, batch_id: UUID, line: int) -> HttpResponse:
    """Throw a row out, with the reason."""
    found, reason = queries.row_for(request.actor, batch_id, line), request.POST.get("reason", "")[:600]
    try:
        actions.drop_row(actor=request.actor, batch_id=batch_id, line=line, reason=reason)
    except TongbanError as refusal:
        return _row(request, found, refusal)
    messages.success(request, _("第%(line)s行已剔除，原样留着，可以再更正入库。") % {"line": line})
    return redirect("console-gathering-batch", batch_id)


urlpatterns = [
    path("console/licences/gathering/", gatherings, name="console-gatherings"),
    path("console/licences/gathering/begin/", begin, name="console-gathering-begin"),
    path("console/licences/gathering/<uuid:gathering_id>/", gathering, name="console-gathering"),
    path("console/licences/gathering/<uuid:gathering_id>/step/", step, name="console-gathering-step"),
    path("console/licences/gathering/<uuid:gathering_id>/template/", template, name="console-gathering-template"),
    path("console/licences/gathering/<uuid:gathering_id>/table/", bring, name="console-gathering-bring"),
    path("console/licences/batches/<uuid:batch_id>/", batch, name="console-gathering-batch"),
    path("console/licences/batches/<uuid:batch_id>/scans/", scans, name="console-gathering-scans"),
    path("console/licences/batches/<uuid:batch_id>/again/", again, name="console-gathering-again"),
    path("console/licences/batches/<uuid:batch_id>/confirm/", confirm, name="console-gathering-confirm"),
    path("console/licences/batches/<uuid:batch_id>/report/", report, name="console-gathering-report"),
    path("console/licences/batches/<uuid:batch_id>/rows/<int:line>/", row, name="console-gathering-row"),
    path("console/licences/batches/<uuid:batch_id>/rows/<int:line>/drop/", drop, name="console-gathering-drop"),
]  # fmt: skip
