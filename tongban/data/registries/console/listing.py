"""All that a register holds, page by page and masked; the same as a file, for a purpose."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.data.registries import actions, queries
from tongban.data.registries.errors import LookRefused
from tongban.data.registries.models import Record
from tongban.data.registries.queries import SEE
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.sheets import csv_answer

from .registers import URL, private
from .words import Face

SHOWN = 6  # elements in a row of the list


@audience(STAFF, SEE)
@require_safe
def records(request: HttpRequest, register_code: str) -> HttpResponse:
    return _page(request, register_code, None)


@audience(STAFF, SEE)
@require_POST
def export(request: HttpRequest, register_code: str) -> HttpResponse:
    """A CSV, masked as the list is; the export is written down with its purpose."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = {name: request.POST.get(name, "")[:200] for name in ("purpose", "case_no")}
    try:
        rows = actions.export_records(actor=actor, register=register_code, **asked)
    except LookRefused as refusal:
        return _page(request, register_code, refusal)
    face = Face(queries.register_of(actor, register_code))
    names = [one["name"] for one in face.content.get("elements", [])] or list(rows[0].values if rows else [])

    def cells(one: Record) -> list[str]:
        said = [face.text(name, one.values[name]["value"]) if name in one.values else "" for name in names]
        return [*said, listed(dict.fromkeys(entry["source"] for entry in one.values.values()))]

    return csv_answer(f"{register_code}.csv", [[*map(face.title, names), _("来源")], *map(cells, rows)])


def _page(request: HttpRequest, code: str, error: LookRefused | None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    face = Face(queries.register_of(actor, code))
    page = queries.records_page(actor=actor, register=code, cursor=request.GET.get("cursor", ""))
    names = [one["name"] for one in face.content.get("elements", [])][:SHOWN]
    names = names or list(dict.fromkeys(name for one in page for name in one.values))[:SHOWN]
    context = {
        "register": face.register,
        "page": page,
        "titles": [face.title(name) for name in names],
        "rows": [
            (one, [face.text(name, one.values[name]["value"]) if name in one.values else "" for name in names])
            for one in page
        ],
        "asked": {name: request.POST.get(name, "")[:200] for name in ("purpose", "case_no")},
        "error": error,
        "errors": error.fields if error else {},
    }
    return private(render(request, "registries/records.html", context, status=error.status if error else 200))


urlpatterns = [
    path(f"{URL}<slug:register_code>/records/", records, name="records"),
    path(f"{URL}<slug:register_code>/records/export/", export, name="export"),
]
