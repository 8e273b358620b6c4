"""A number for every request, by which its lines are found together; what it cost is counted, and said in a line of the log."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.functional import LazyObject, empty

from tongban.foundation.kernel.ids import uuid7

from . import measures

SLOW_SECONDS = 1.0
log = structlog.get_logger("tongban.request")


def _actor_id(request: HttpRequest) -> str | None:
    """The account behind the request, if anybody has asked for it by now: a line of the log is not worth a query."""
    actor: Any = getattr(request, "actor", None)
    if isinstance(actor, LazyObject):
        actor = None if actor._wrapped is empty else actor._wrapped  # type: ignore[attr-defined]
    return str(actor.account_id) if actor and actor.account_id else None


def request_log(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.number = number = uuid7().hex  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=number)
        spent, began = measures.Spent(), time.perf_counter()
        with connection.execute_wrapper(spent):
            response: HttpResponse = get_response(request)
        seconds = time.perf_counter() - began
        response.headers.setdefault("X-Request-Id", number)
        # The route, not the path: a path may say whom somebody looked for.
        route = request.resolver_match.route if request.resolver_match else ""
        method, status = request.method or "", response.status_code
        measures.count(method=method, route=route, status=status, seconds=seconds, spent=spent)
        strange = status >= 500 or seconds >= SLOW_SECONDS
        if strange or settings.LOG_REQUESTS == "all":
            (log.warning if strange else log.info)(
                "request", method=method, route=route, status=status, ms=round(seconds * 1000),
                database_ms=round(spent.seconds * 1000), statements=spent.statements, actor=_actor_id(request),
            )  # fmt: skip
        return response

    return middleware
