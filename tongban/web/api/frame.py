"""What stands around every answer of the API: how much one may still ask, and whether one has it already (ETag)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _

from tongban.foundation.attempts.actions import count, note
from tongban.foundation.kernel.errors import NotFound, TooMany

from .problems import BadRequest, WrongMethod, problem

PREFIX = "/api/"


def _caller(request: HttpRequest) -> tuple[str, str]:
    """Under which limit the caller stands, and who he is, as far as it can be told before any key is checked."""
    if bearer := request.META.get("HTTP_AUTHORIZATION", ""):
        return "api.system", bearer
    return "api.person", request.COOKIES.get(settings.SESSION_COOKIE_NAME) or request.META.get("REMOTE_ADDR", "")


def api_frame(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return get_response(request)
        limit, caller = _caller(request)
        counted = count(limit, caller)
        if counted.is_over:
            note("limit", address=request.META.get("REMOTE_ADDR", ""), route=limit)
            response = problem(TooMany(_("一分钟内的请求过多，请稍后再试。")), {"Retry-After": str(counted.reset)})
        elif "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            response = problem(BadRequest())  # no column keeps a NUL
        elif _is_system(request):
            response = _straight(request)
        else:
            response = get_response(request)
        if response.status_code == 405:
            response = problem(WrongMethod(), {"Allow": response.headers["Allow"]})
        if not response.streaming:
            response.headers.setdefault("Content-Length", str(len(response.content)))
        response.headers["RateLimit-Limit"] = str(counted.limit)
        response.headers["RateLimit-Remaining"] = str(counted.left)
        response.headers["RateLimit-Reset"] = str(counted.reset)
        return _tagged(request, response) if request.method == "GET" and response.status_code == 200 else response

    return middleware


def _is_system(request: HttpRequest) -> bool:
    return request.META.get("HTTP_AUTHORIZATION", "")[:7].lower() == "bearer "


def _straight(request: HttpRequest) -> HttpResponse:
    """A system has no session, no messages and no language of its own: what pages need around them is passed by.

    That is a third of what such a request costs besides its work.
    """
    translation.activate(settings.LANGUAGE_CODE)
    try:
        found = request.resolver_match = resolve(request.path_info)
    except Resolver404:
        return problem(NotFound())
    return found.func(request, *found.args, **found.kwargs)  # type: ignore[no-any-return]


def _tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same answer need not travel twice. Personal data stays out of shared caches."""
    if response.streaming:
        return response
    tag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response.headers["ETag"] = tag
    response.headers.setdefault("Cache-Control", "private, no-cache")
    if tag in request.headers.get("If-None-Match", ""):
        unchanged = HttpResponse(status=304)
        for name in ("ETag", "Cache-Control", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"):
            unchanged[name] = response.headers[name]
        return unchanged
    return response
