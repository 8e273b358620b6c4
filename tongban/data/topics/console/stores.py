"""The topic stores for the platform: what each holds, how far behind, as of when; its rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.organisations.queries import department_names

from . import queries
from .queries import SEE
from .rules import DEPARTMENT, MOMENT, STORES, Column


@audience(STAFF, SEE)
@require_safe
def stores(request: HttpRequest) -> HttpResponse:
    told = queries.following(actor=request.actor)
    lines = [(one, _(one.store.title)) for one in told.stores]
    return render(request, "topics/stores.html", {"until_at": told.until_at, "stores": lines})


@audience(STAFF, SEE)
@require_safe
def store(request: HttpRequest, name: str) -> HttpResponse:
    page = queries.rows(actor=request.actor, store=name, cursor=request.GET.get("cursor", ""))
    found = STORES[name]
    ids = {row.values.get("department") for row in page} - {None, ""}
    departments = {str(pk): called for pk, called in department_names(UUID(pk) for pk in ids).items()}
    context = {
        "title": _(found.title),
        "titles": [_(column.title) for column in found.columns],
        "page": page,
        "rows": [
            (row.key, [(column, _shown(column, row.values, departments)) for column in found.columns]) for row in page
        ],
    }
    return render(request, "topics/store.html", context)


def _shown(column: Column, values: dict[str, Any], departments: dict[str, str]) -> Any:
    """A moment as one, a department by its name, everything else as it is."""
    value = values.get(column.name, "")
    if column.kind == MOMENT and value:
        return datetime.fromisoformat(value)
    return departments.get(value, value) if column.kind == DEPARTMENT else value


urlpatterns = [
    path("console/topics/", stores, name="console-topics"),
    path("console/topics/<slug:name>/", store, name="console-topics-store"),
]
