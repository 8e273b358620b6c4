"""How pages are shown to this visitor: language and 关怀版, kept in cookies so that they stay across pages."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path

from tongban.foundation.kernel.pages import PUBLIC, audience, our_place

from .context import CARE_COOKIE

A_YEAR = 365 * 24 * 3600


@audience(PUBLIC)
def prefer(request: HttpRequest) -> HttpResponse:
    """Set `care` or `language` and go back to where one came from, on this site only."""
    response = redirect(our_place(request, request.GET.get("next", "")) or "/")
    if request.GET.get("care") in ("on", "off"):
        _keep(response, CARE_COOKIE, request.GET["care"])
    if request.GET.get("language") in dict(settings.LANGUAGES):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, request.GET["language"])
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=A_YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True
    )


urlpatterns = [path("prefer/", prefer, name="prefer")]
