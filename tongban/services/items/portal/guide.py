"""The guide of one item: for a person with school education, narrowed by his answers; and its notice."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header, urlencode

from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.foundation.letters.actions import qr_picture
from tongban.services.items.errors import ItemNotInForce
from tongban.services.items.notice import notice_pdf
from tongban.services.items.queries import (
    ahead_of,
    code_tables,
    item_by_code,
    listed_by_code,
    name_of_item,
    published,
    standing_of,
)
from tongban.services.items.queries.guide import Guide, guide_of


def _guide(request: HttpRequest, code: str) -> Guide:
    return guide_of(published(code), request.GET.dict(), request.GET.get("as", ""))


@audience(PUBLIC)
def guide(request: HttpRequest, code: str) -> HttpResponse:
    """The guide; for a row of the list without one, what is known and whom to ask."""
    try:
        found = _guide(request, code)
    except ItemNotInForce:
        return _resting(request, code)
    except NotFound:
        return _listed(request, code)
    query = urlencode(found.rest.situation)
    address = f"{settings.SITE_URL}/items/{code}/" + (f"?{query}" if query else "")
    context = {
        "guide": found,
        "item": found.content,
        "query": query,
        "here": f"/items/{code}/",
        "chosen_kind": request.GET.get("as", ""),
        "result_types": code_tables()["result_type"],
        "address": address,
        "qr": qr_picture(address),
        "ahead": ahead_of(code),
    }
    return render(request, "items/guide.html", context)


def _resting(request: HttpRequest, code: str) -> HttpResponse:
    """Why it cannot be applied for, since when, and where to go instead."""
    item = item_by_code(code)
    context = {"item": item, "name": name_of_item(item), "standing": standing_of(code)}
    return render(request, "items/resting.html", context, status=404)


def _listed(request: HttpRequest, code: str) -> HttpResponse:
    """A row of the district's list: honest about what is not known."""
    row = listed_by_code(code)
    if row.item is not None:
        return redirect("item", row.item.code, permanent=False)
    tables = code_tables()
    kind = tables["task_type"].get(tables["listed_task_type"].get(row.task_type, ""), "")
    return render(request, "items/listed.html", {"row": row, "task_type": kind})


@audience(PUBLIC)
def notice(request: HttpRequest, code: str) -> HttpResponse:
    """The one-time notice as PDF, for the same answers."""
    found = _guide(request, code)
    pdf = notice_pdf(found, department=item_by_code(code).department.name, on=today())
    response = HttpResponse(pdf, content_type="application/pdf")
    name = f"一次性告知书 {found.content['task_name']}.pdf"
    response["Content-Disposition"] = content_disposition_header("download" in request.GET, name) or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response
