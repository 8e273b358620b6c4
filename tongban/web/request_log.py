"""A number for every request, so that the lines of one can be found together; slow and broken ones leave a line."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse

from tongban.foundation.kernel.ids import uuid7

SLOW_SECONDS = 1.0
log = structlog.get_logger("tongban.request")


def request_log(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    def middleware(request: HttpRequest) -> HttpResponse:
        number = uuid7().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        began = time.monotonic()
        response: HttpResponse = get_response(request)
        seconds = time.monotonic() - began
        response.headers.setdefault("X-Request-Id", number)
        if response.status_code >= 500 or seconds >= SLOW_SECONDS:
            # The route, not the path: a path may say whom somebody looked for.
            route = request.resolver_match.route if request.resolver_match else ""
            log.warning(
                "request", method=request.method, route=route, status=response.status_code, ms=round(seconds * 1000)
            )
        return response

    return middleware
