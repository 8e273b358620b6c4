"""What stands around every page: headers, and the one handler that turns a refusal into a page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import DataError, OperationalError
from django.http import HttpRequest, HttpResponse

from tongban.foundation.kernel.broken import what_broke
from tongban.foundation.kernel.errors import TongbanError

from .api.problems import unfit
from .refusals import answer, bad_request, reference_of, unavailable, wrong_method
from .watching import note_refusal

log = logging.getLogger("tongban.web")

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
Next = Callable[[HttpRequest], HttpResponse]


def caller_address(get_response: Next) -> Next:
    """`REMOTE_ADDR` is the caller's, not that of a proxy of ours: what the outermost of them saw. What he claims himself is not read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        told = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
        if settings.PROXIES and len(told) >= settings.PROXIES:
            request.META["REMOTE_ADDR"] = told[-settings.PROXIES]
        return get_response(request)

    return middleware


def security_headers(get_response: Next) -> Next:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def downloads_are_seen(get_response: Next) -> Next:
    """A file that comes after a proof leaves the browser on the proof page: a sign for a minute lets it go back (js/prove.js)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        is_file = response.headers.get("Content-Disposition", "").startswith("attachment")
        if is_file and request.content_type in FORMS:
            going_on = request.POST.get("proof-again", "")
            if going_on.isascii() and going_on.isalnum() and len(going_on) <= 32:
                response.set_cookie("proof-done", going_on, max_age=60, secure=settings.HTTPS, samesite="Lax")
        return response

    return middleware


def refuse_nul(get_response: Next) -> Next:
    """A NUL byte is no text anybody types, and PostgreSQL keeps none: such a request is refused before it does anything."""

    def middleware(request: HttpRequest) -> HttpResponse:
        sent = [request.GET]
        if request.content_type in FORMS:
            sent.append(request.POST)
        typed = [request.path, *(text for part in sent for name, values in part.lists() for text in (name, *values))]
        return bad_request(request) if any("\x00" in text for text in typed) else get_response(request)

    return middleware


class _Refusals:
    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:  # Django says nothing at all: a blank page
            told = wrong_method(request)
            told.headers["Allow"] = response.headers.get("Allow", "")
            return told
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError):
            log.error("database does not answer", extra={"reference": reference_of(request)} | what_broke(error))
            return unavailable(request)
        if isinstance(error, DataError):
            error = unfit(error)
        if not isinstance(error, TongbanError):
            return None
        note_refusal(request, error)
        return answer(request, error)


refusals = _Refusals
