"""The topic stores for the platform: what each holds, how far behind, as of when; its rows, found, paged and taken out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.data.catalogue.queries import item_codes_called, item_names
from tongban.data.topics import actions, queries
from tongban.data.topics.models import TopicRow
from tongban.data.topics.queries import SEE, Wanted
from tongban.data.topics.rules import CODE, DEPARTMENT, FACT, ITEM, MOMENT, NAMED, STORES, Column
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.sheets import csv_answer
from tongban.foundation.kernel.typed import day_typed
from tongban.foundation.organisations.queries import department_names, departments_of

from .words import CODES, FACTS, codes_said


@audience(STAFF, SEE)
@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    told = queries.following(actor=request.actor)  # type: ignore[attr-defined]
    lines = [(one, _(one.store.title)) for one in told.stores]
    return render(request, "topics/stores.html", {"until_at": told.until_at, "stores": lines})


@audience(STAFF, SEE)
@require_safe
def store(request: HttpRequest, name: str) -> HttpResponse:
    asked, wanted = _asked(request)
    page = queries.rows(actor=request.actor, store=name, wanted=wanted, cursor=request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    found = STORES[name]
    words = Words(page.rows)
    context = {
        "name": name,
        "title": _(found.title),
        "titles": [(column, _(column.title)) for column in found.columns],
        "page": page,
        "rows": [[(column, words.shown(column, row.values)) for column in found.columns] for row in page],
        "asked": asked,
        "is_asked": any(asked.values()),
        "departments": departments_of() if any(column.kind == DEPARTMENT for column in found.columns) else [],
        "most": actions.MOST_OUT,
    }
    return render(request, "topics/store.html", context)


@audience(STAFF, SEE)
@require_safe
def export(request: HttpRequest, name: str) -> HttpResponse:
    """What was found, as a file for a spreadsheet; nothing in it that a program would run."""
    if name not in STORES:
        raise NotFound
    taken = actions.take_out(actor=request.actor, store=name, wanted=_asked(request)[1])  # type: ignore[attr-defined]
    columns, words = STORES[name].columns, Words(taken)
    rows = ([_said(words.shown(column, row.values)) for column in columns] for row in taken)
    return csv_answer(f"{_(STORES[name].title)}.csv", [[_(column.title) for column in columns], *rows])


def _said(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    return str(value)


def _asked(request: HttpRequest) -> tuple[dict[str, str], Wanted]:
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("q", "department", "since", "until")}
    text = asked["q"]
    words = {text, *codes_said(text), *item_codes_called(text)} if text else set()
    return asked, Wanted(
        tuple(sorted(words)), asked["department"], day_typed(asked["since"]), day_typed(asked["until"])
    )


class Words:
    """Names of the departments and items that stand in some rows, asked for once."""

    def __init__(self, rows: Sequence[TopicRow]) -> None:
        ids = {row.values.get("department") for row in rows} - {None, ""}
        self.departments = {str(pk): name for pk, name in department_names(UUID(pk) for pk in ids).items()}
        self.items = item_names(sorted(_codes(rows)))

    def shown(self, column: Column, values: dict[str, Any]) -> Any:
        """A moment as one; a department, an item, a fact and a code by what they are called; everything else as it is."""
        value = values.get(column.name, "")
        if column.kind == MOMENT and value:
            return datetime.fromisoformat(value)
        if column.kind == NAMED:
            return values.get(f"{column.name}_name") or value
        told: dict[str, Any] = {
            DEPARTMENT: self.departments, ITEM: self.items, FACT: FACTS, CODE: CODES.get(column.name, {}),
        }.get(column.kind, {})  # fmt: skip
        return told.get(value, value) if told and value else value


def _codes(rows: Iterable[TopicRow]) -> set[str]:
    return {str(row.values.get(name)) for row in rows for name in ("item", "code") if row.values.get(name)}


urlpatterns = [
    path("console/topics/", stores, name="console-topics"),
    path("console/topics/<slug:name>/", store, name="console-topics-store"),
    path("console/topics/<slug:name>/export/", export, name="console-topics-export"),
]
