"""Serving files: never trusted, never run. What a browser may not show is only ever downloaded."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tongban.foundation.kernel.pages import SIGNED_IN, audience

from .actions import preview_of, read
from .errors import NoSuchFile
from .rules import kind_of_media

SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'"
# A sandboxed PDF stays blank in Chromium's viewer; a PDF cannot run in our origin, and it may load nothing.
FOR_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"


def _guarded(data: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = FOR_PDF if media_type == "application/pdf" else SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response


@audience(SIGNED_IN)
@require_safe
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    row, data = read(actor=request.actor, file_id=file_id)  # type: ignore[attr-defined]
    kind = kind_of_media(row.media_type)
    shown = kind is not None and kind.inline and "download" not in request.GET
    media_type = f"{row.media_type}; charset=utf-8" if row.media_type == "text/plain" else row.media_type
    response = _guarded(data, media_type)
    response["Content-Disposition"] = content_disposition_header(not shown, row.name) or "attachment"
    return response


@audience(SIGNED_IN)
@require_safe
def preview(request: HttpRequest, file_id: UUID) -> HttpResponse:
    data = preview_of(actor=request.actor, file_id=file_id)  # type: ignore[attr-defined]
    if data is None:
        raise NoSuchFile
    response = _guarded(data, "image/webp")
    response["Cache-Control"] = "private, max-age=3600"
    return response


app_name = "files"
urlpatterns = [
    path("files/<uuid:file_id>/", file, name="file"),
    path("files/<uuid:file_id>/preview", preview, name="preview"),
]
