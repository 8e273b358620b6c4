"""Dictionaries of codes and everyday words: read, changed by one official, published by a second one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.unseen import UNSEEN
from tongban.services.items.actions import drop_table, hand_in_table, publish_table
from tongban.services.items.errors import TableRefused
from tongban.services.items.models import CodeTable
from tongban.services.items.queries.tables import (
    VERB,
    WORDS,
    fixed_codes,
    kept_tables,
    standing_rows,
    table_for,
    table_versions,
    title_of,
    told_changes,
)
from tongban.services.items.rules.tables import MOST_ROWS

FRESH = 3  # empty rows at the end
Pair = tuple[str, str]


@audience(STAFF, VERB)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    return render(request, "items/console/tables.html", {"tables": kept_tables(request.actor)})  # type: ignore[attr-defined]


@audience(STAFF, VERB)
@require_http_methods(["GET", "HEAD", "POST"])
def table(request: HttpRequest, key: str) -> HttpResponse:
    """One dictionary: its rows to change, its versions told in words. A refusal keeps everything typed."""
    actor = request.actor  # type: ignore[attr-defined]
    title_of(key)
    if request.method != "POST":
        return _page(request, key, list(standing_rows(key).items()), FRESH)
    rows = _typed(request)
    if "more" in request.POST:
        return _page(request, key, rows, FRESH * 2)
    try:
        day = parse_date(request.POST.get("effective_on", "")) if request.POST.get("effective_on") else today()
    except ValueError:
        day = None
    try:
        if day is None:
            raise TableRefused(reasons=[Reason("day", _("请写一个日期。"), "effective_on")])
        hand_in_table(actor=actor, key=key, rows=rows, effective_on=day, note=request.POST.get("reason", ""))
    except TongbanError as error:
        if error.status in (401, 403):
            raise
        return _page(request, key, rows, FRESH, error)
    messages.success(request, _("已送审。另一位同事发布以后才生效。"))
    return redirect("console-items-table", key)


def _typed(request: HttpRequest) -> list[Pair]:
    """The rows as they came, empty ones and those ticked to be taken out left away."""
    dropped = set(request.POST.getlist("drop"))
    codes, names = ([UNSEEN.sub("", text) for text in request.POST.getlist(name)] for name in ("code", "name"))
    pairs = zip(codes[: MOST_ROWS * 2], names, strict=False)
    rows = [(code.strip()[:200], " ".join(name.split())[:2000]) for code, name in pairs]
    return [(code, name) for code, name in rows if (code or name) and code not in dropped]


def _page(
    request: HttpRequest, key: str, rows: list[Pair], fresh: int, error: TongbanError | None = None
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    versions = table_versions(actor, key)
    names = staff_names({one for row in versions for one in (row.drafted_by, row.reviewed_by) if one})
    known, fixed = standing_rows(key), fixed_codes(key)
    waiting = next((row for row in versions if row.status == CodeTable.Status.IN_REVIEW), None)
    context: dict[str, Any] = {
        "key": key,
        "title": title_of(key),
        "are_words": key == WORDS,
        "rows": [
            {
                "code": code,
                "name": name,
                "field": f"name.{place}",
                "known": code in known,
                "may_go": code in known and code not in fixed,
                "errors": error.fields.get(f"name.{place}", []) if error else [],
            }
            for place, (code, name) in enumerate([*rows, *[("", "")] * fresh])
        ],
        "versions": [
            {
                "row": row,
                "changes": told_changes(row) if row.version > 1 or key == WORDS else [],
                "writer": names.get(row.drafted_by, "") if row.drafted_by else "",
                "reviewer": names.get(row.reviewed_by, "") if row.reviewed_by else "",
            }
            for row in versions
        ],
        "waiting": waiting,
        "mine": waiting is not None and waiting.drafted_by in actor.names,
        "earliest": today(),
        "day": request.POST.get("effective_on") or (today() + timedelta(days=1)).isoformat(),
        "reason": request.POST.get("reason", ""),
        "error": error,
    }
    return render(request, "items/console/table.html", context, status=error.status if error else 200)


@audience(STAFF, VERB)
@require_POST
def answer(request: HttpRequest, table_id: UUID) -> HttpResponse:
    """Publish, not agree, or take one's own back."""
    actor = request.actor  # type: ignore[attr-defined]
    found = table_for(actor, table_id)
    try:
        if request.POST.get("answer") == "publish":
            publish_table(actor=actor, table_id=found.pk)
            messages.success(request, _("已发布。"))
        else:
            drop_table(actor=actor, table_id=found.pk, reason=request.POST.get("reason", ""))
            messages.success(request, _("现行的不变。"))
    except TongbanError as error:
        if error.status in (401, 403):
            raise
        return _page(request, found.key, list(standing_rows(found.key).items()), 0, error)
    return redirect("console-items-table", found.key)


urlpatterns = [
    path("console/items/tables/", tables, name="console-items-tables"),
    path("console/items/tables/<slug:key>/", table, name="console-items-table"),
    path("console/items/tables/<uuid:table_id>/answer/", answer, name="console-items-table-answer"),
]
