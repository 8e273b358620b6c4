"""A licence's file on its way to a browser: only ever downloaded, never kept by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from .actions import layout_of
from .errors import LayoutWaiting, NotShowable, SealingAway
from .queries import licence_for

if TYPE_CHECKING:
    from uuid import UUID

MEDIA = {"pdf": "application/pdf", "ofd": "application/ofd", "json": "application/json"}
NO_FILE = (LayoutWaiting, NotShowable, SealingAway)


def as_file(data: bytes, name: str, form: str) -> HttpResponse:
    response = HttpResponse(data, content_type=MEDIA[form])
    response["Content-Disposition"] = str(content_disposition_header(True, f"{name}.{form}"))
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def licence_file(request: HttpRequest, licence_id: UUID, form: str, *, back: str) -> HttpResponse:
    """The sealed file; where there can be none now, the licence's page says why."""
    licence = licence_for(request.actor, licence_id)  # type: ignore[attr-defined]
    try:
        data = layout_of(actor=request.actor, licence_id=licence_id, form=form)  # type: ignore[attr-defined]
    except NO_FILE as refusal:
        messages.warning(request, refusal.text)
        return redirect(back, licence_id)
    return as_file(data, licence.type_name, form)
