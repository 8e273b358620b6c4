"""What the public pages of the four lists and those of the console have in common."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from tongban.foundation.kernel.errors import NotFound

from .queries import code_tables
from .queries.four_lists import ABOUT, GAPS, HEADINGS, KINDS, facets, fitting, list_lines, list_sheet

PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def shown_list(request: HttpRequest, kind: str) -> tuple[list[Any], dict[str, Any]]:
    """The lines that fit what the address asks for, and what a page of them needs."""
    if kind not in KINDS:
        raise NotFound
    asked = {name: request.GET.get(name, "").strip()[:60] for name in ("department", "level", "gap")}
    text = request.GET.get("q", "").strip()[:100]
    every = list_lines(kind)
    lines = fitting(every, text=text, **asked)
    number = request.GET.get("page", "1")
    page = min(max(int(number) if number.isdecimal() and len(number) < 6 else 1, 1), max(1, -(-len(lines) // PAGE)))
    tables, found = code_tables(), facets(every)
    context = {
        "kind": kind,
        "kinds": list(KINDS.items()),
        "title": KINDS[kind],
        "about": ABOUT[kind],
        "headings": HEADINGS[kind],
        "lines": [(line, [GAPS[gap] for gap in line.gaps]) for line in lines[(page - 1) * PAGE : page * PAGE]],
        "total": len(lines),
        "page": page,
        "pages": max(1, -(-len(lines) // PAGE)),
        "text": text,
        "asked": asked,
        "departments": found["departments"],
        "levels": [(code, tables["use_level"].get(code, code), count) for code, count in found["levels"]],
        "gaps": [(gap, GAPS[gap], count) for gap, count in found["gaps"]],
    }
    return lines, context


def workbook(kind: str, lines: list[Any]) -> HttpResponse:
    response = HttpResponse(list_sheet(kind, lines), content_type=XLSX)
    name = content_disposition_header(as_attachment=True, filename=f"{KINDS[kind]}.xlsx")
    response["Content-Disposition"] = name or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response
