"""The board of what comes in, and the sources it comes from."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.data.gathering import actions, queries
from tongban.data.gathering.models import Job, Source
from tongban.data.gathering.queries import MANAGE, SEE
from tongban.data.gathering.rules import FIELDS, LONGEST, LONGEST_FILE, PLATFORM, fits, is_pattern
from tongban.foundation.kernel.actors import may, require_proof
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .words import CHOICES, KIND_NOTES, OWN_WORDS, PLACE_WORDS, TOLD, WHO, WHY

TABLES_A_PAGE = 100


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of it stays behind in a browser or between."""
    response["Cache-Control"] = "no-store"
    return response


def told(standing: queries.Standing) -> tuple[queries.Standing, Any, Any]:
    """How a job stands, whose turn it is, and why."""
    return standing, WHO.get(standing.who, ""), WHY.get(standing.why, "")


@audience(STAFF, SEE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """What comes in every day, what is late, and whose turn it is."""
    actor = request.actor  # type: ignore[attr-defined]
    page, late = queries.board(actor=actor, cursor=request.GET.get("cursor", "")), queries.late_ones(actor=actor)
    owed = Counter("" if one.who == PLATFORM else one.job.department.short_name for one in late)
    context = {
        "figures": queries.figures(actor=actor),
        "late": [told(one) for one in late],
        "owed": owed.most_common(),  # by whom: a department, or nothing for the platform
        "page": page,
        "rows": [told(one) for one in page],
        "manages": MANAGE in actor.grants,
    }
    return render(request, "gathering/board.html", context)


@audience(STAFF, SEE)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {"sources": queries.sources(actor=actor), "manages": MANAGE in actor.grants}
    return render(request, "gathering/sources.html", context)


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def connect(request: HttpRequest) -> HttpResponse:
    """First of which kind, then how it is reached."""
    kind = (request.POST or request.GET).get("kind", "")
    if kind not in FIELDS:
        kinds = [(value, name, KIND_NOTES[value]) for value, name in Source.Kind.choices]
        return render(request, "gathering/kinds.html", {"kinds": kinds})
    actor, said = request.actor, _said(request.POST, kind)  # type: ignore[attr-defined]
    if request.method != "POST":
        require_proof(actor)  # now, for what is typed into the form is not kept over it
        return _form(request, kind)
    if request.POST.get("act") == "try":
        return _tried(
            request, kind, lambda: actions.test_connection(actor=actor, department_id=actor.department_id, **said)
        )
    title = request.POST.get("title", "")[:200]
    try:
        source = actions.connect_source(actor=actor, title=title, department_id=actor.department_id, **said)
    except TOLD as error:
        return _form(request, kind, error=error)
    messages.success(request, _("已连接。下面选一张表或者一个文件来归集。"))
    return redirect("console-gathering-source", source.pk)


def _said(typed: QueryDict, kind: str) -> dict[str, Any]:
    texts = {one.name: typed.get(one.name, "")[: LONGEST_FILE + 100] for one in FIELDS[kind]}
    secrets = {one.name for one in FIELDS[kind] if one.secret}
    return {
        "kind": kind,
        "place": {name: text.strip() for name, text in texts.items() if name not in secrets},
        "secret": {name: text for name, text in texts.items() if name in secrets and text},
    }


def _form(
    request: HttpRequest, kind: str, source: Source | None = None, error: TongbanError | None = None
) -> HttpResponse:
    """Secrets are never sent back, neither those that are kept nor what was typed."""
    error = _by_name(error, kind) if error else None
    kept = source.place if source else {}
    fields = [
        {
            "name": one.name,
            "label": _words(kind, one.name)[0],
            "hint": _words(kind, one.name)[1],
            "choices": [(choice, CHOICES[one.name, choice]) for choice in one.choices],
            "optional": not one.required,
            "type": "password" if one.name == "password" else "text",
            "control": "area" if one.lines else "text",
            "most": LONGEST_FILE if one.lines else LONGEST,
            "value": "" if one.secret else request.POST.get(one.name, _short(kept, one.name, source)),
            "errors": error.fields.get(one.name, []) if error else [],
        }
        for one in FIELDS[kind]
    ]
    context = {
        "kind": kind,
        "kind_name": Source.Kind(kind).label,
        "source": source,
        "title": request.POST.get("title", source.title if source else ""),
        "fields": fields,
        "error": error,
        "title_errors": error.fields.get("title", []) if error else [],
    }
    return private(render(request, "gathering/source_form.html", context, status=error.status if error else 200))


def _by_name(error: TongbanError, kind: str) -> TongbanError:
    """What must not be empty is told by the words that stand on the page: in a list of reasons "this one" says nothing."""
    names = {one.name for one in FIELDS[kind]}
    error.reasons = [
        replace(one, text=_("请填“%(name)s”。") % {"name": _words(kind, one.field)[0]})
        if one.code == "missing" and one.field in names
        else one
        for one in error.reasons
    ]
    return error


def _words(kind: str, name: str) -> tuple[Any, Any]:
    """What a field is called, and what is said of it."""
    return OWN_WORDS.get((kind, name), PLACE_WORDS[name])


def _short(place: dict[str, str], name: str, source: Source | None) -> str:
    """A folder without its department's code, which nobody types."""
    value = place.get(name, "")
    return value.partition("/")[2] if source and source.kind in ("files", "sqlite") else value


def _tried(request: HttpRequest, kind: str, ask: Any) -> HttpResponse:
    """What a source answers, as a piece of the page; it is no fault of the page when it does not."""
    error, found = None, 0
    try:
        found = ask()
    except TOLD as refusal:
        error = _by_name(refusal, kind)
    context = {"error": error, "found": found, "is_files": Source(kind=kind).is_files}
    return private(render(request, "gathering/tried_connection.html", context))


@audience(STAFF, SEE)
@require_safe
def source(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """One source: how it is reached, what it has now, what is gathered from it."""
    return source_page(request, queries.source(actor=request.actor, source_id=source_id))  # type: ignore[attr-defined]


def source_page(request: HttpRequest, found: Source, error: TongbanError | None = None) -> HttpResponse:
    actor, away, tables = request.actor, None, []  # type: ignore[attr-defined]
    manages = may(actor, MANAGE, department_id=found.department_id)
    if manages:
        try:
            tables = queries.tables_of(actor=actor, source_id=found.pk)
        except TOLD as refusal:
            away = refusal
    jobs = list(found.jobs.order_by("title", "id")[:200])
    looked_for = request.GET.get("q", "").strip()[:100]
    rows = [one for one in tables if not looked_for or _is_meant(one.name, looked_for)]
    pages = Paginator(rows, TABLES_A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "source": found,
        "place": [
            (_words(found.kind, name)[0], CHOICES.get((name, value), value))
            for name, value in found.place.items()
            if name in PLACE_WORDS
        ],
        "away": away,
        "tables": [(table, _moment(table.at), [job for job in jobs if job.table == table.name]) for table in page],
        "page": page,
        "count": len(tables),
        "looked_for": looked_for,
        "is_long": len(tables) > TABLES_A_PAGE,
        "takes": Job.Takes.choices,
        "jobs": jobs,
        "manages": manages,
        "error": error,
    }
    return private(render(request, "gathering/source.html", context, status=error.status if error else 200))


def _is_meant(name: str, looked_for: str) -> bool:
    """By a part of its name, or by a pattern."""
    return fits(name, looked_for if is_pattern(looked_for) else f"*{looked_for}*")


def _moment(at: float | None) -> datetime | None:
    return datetime.fromtimestamp(at, UTC) if at else None


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Another address or account; secrets left empty stay as they are."""
    found = queries.source_to_change(actor=request.actor, source_id=source_id)  # type: ignore[attr-defined]
    if request.method != "POST":
        require_proof(request.actor)  # type: ignore[attr-defined]
        return _form(request, found.kind, found)
    said = _said(request.POST, found.kind)
    del said["kind"]
    try:
        actions.change_source(
            actor=request.actor, source_id=found.pk, title=request.POST.get("title", "")[:200], **said  # type: ignore[attr-defined]
        )  # fmt: skip
    except TOLD as error:
        return _form(request, found.kind, found, error)
    messages.success(request, _("已保存，连接正常。"))
    return redirect("console-gathering-source", found.pk)


@audience(STAFF, MANAGE)
@require_POST
def check(request: HttpRequest, source_id: UUID) -> HttpResponse:
    kind = queries.source_to_change(actor=request.actor, source_id=source_id).kind  # type: ignore[attr-defined]
    return _tried(request, kind, lambda: actions.check_source(actor=request.actor, source_id=source_id))  # type: ignore[attr-defined]


@audience(STAFF, MANAGE)
@require_POST
def upload(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """A file into a folder source."""
    found, file = queries.source_to_change(actor=request.actor, source_id=source_id), request.FILES.get("file")  # type: ignore[attr-defined]
    if file is None:
        messages.error(request, _("请先选一个文件。"))
        return redirect("console-gathering-source", found.pk)
    try:
        actions.upload_file(actor=request.actor, source_id=found.pk, upload=file, name=file.name or "")  # type: ignore[attr-defined]
    except TOLD as refusal:
        return source_page(request, found, refusal)
    messages.success(request, _("文件已收下。"))
    return redirect("console-gathering-source", found.pk)


urlpatterns = [
    path("console/gathering/", board, name="console-gathering-board"),
    path("console/gathering/sources/", sources, name="console-gathering-sources"),
    path("console/gathering/sources/new/", connect, name="console-gathering-connect"),
    path("console/gathering/sources/<uuid:source_id>/", source, name="console-gathering-source"),
    path("console/gathering/sources/<uuid:source_id>/change/", change, name="console-gathering-change"),
    path("console/gathering/sources/<uuid:source_id>/check/", check, name="console-gathering-check"),
    path("console/gathering/sources/<uuid:source_id>/upload/", upload, name="console-gathering-upload"),
]
