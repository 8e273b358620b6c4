"""The lists that the law wants published (政府信息公开条例第二十条): who may do what on which ground, and who answers for it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.services.items.list_pages import shown_list, workbook
from tongban.services.items.queries.four_lists import POWER


@audience(PUBLIC)
def lists(request: HttpRequest, kind: str = POWER) -> HttpResponse:
    """One of the four lists, filtered; `format=xlsx` gives what fits as a workbook."""
    lines, context = shown_list(request, kind)
    if request.GET.get("format") == "xlsx":
        return workbook(kind, lines)
    return render(request, "items/lists.html", context)
