"""The four lists with what is missing in them, and what the five levels cover."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.items.list_pages import shown_list, workbook
from tongban.services.items.queries import code_tables
from tongban.services.items.queries.four_lists import POWER, Coverage, coverage


@audience(STAFF, "items.see")
@require_safe
def lists(request: HttpRequest, kind: str = POWER) -> HttpResponse:
    """One of the four lists; what a line lacks can be filtered for."""
    lines, context = shown_list(request, kind)
    if request.GET.get("format") == "xlsx":
        return workbook(kind, lines)
    return render(request, "items/console/lists.html", context)


@audience(STAFF, "items.see")
@require_safe
def levels(request: HttpRequest) -> HttpResponse:
    """Level by type or department: how many items, with a guide, wholly online."""
    by = "department" if request.GET.get("by") == "department" else "type"
    codes, rows = coverage(by)
    tables = code_tables()
    types = {name: code for code, name in tables["task_type"].items()}
    context = {
        "by": by,
        "levels": [(code, tables["use_level"][code]) for code in codes],
        "rows": [
            {
                "name": name,
                "cells": [(code, cells.get(code, Coverage())) for code in codes],
                "whole": whole,
                "open": whole.all - whole.guided,
                "drill": urlencode({"department": name} if by == "department" else {"type": types.get(name, "")}),
            }
            for name, cells, whole in rows
        ],
    }
    return render(request, "items/console/coverage.html", context)


urlpatterns = [
    path("console/items/lists/", lists, name="console-items-lists"),
    path("console/items/lists/<slug:kind>/", lists, name="console-items-list"),
    path("console/items/coverage/", levels, name="console-items-coverage"),
]
