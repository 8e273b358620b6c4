"""Every refusal as a problem document (RFC 9457) with all reasons, each with its code, sentence and field."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from tongban.foundation.kernel.broken import what_broke
from tongban.foundation.kernel.errors import (
    NotFound,
    NotSignedIn,
    ProofNeeded,
    Reason,
    Refused,
    TongbanError,
    Unavailable,
    Unfit,
)
from tongban.web.watching import note_refusal

log = logging.getLogger("tongban.web")

# What the shape check says, in words; anything else is "not what was expected here".
SHAPES = {
    "missing": gettext_lazy("缺少这一项。"),
    "string_too_long": gettext_lazy("内容过长。"),
    "too_long": gettext_lazy("条目过多。"),
    "literal_error": gettext_lazy("不在可选的值之内。"),
    "uuid_parsing": gettext_lazy("编号格式不正确。"),
    "json_invalid": gettext_lazy("不是有效的 JSON。"),
}
OTHER_SHAPE = gettext_lazy("内容格式不正确。")


class BadShape(Refused):
    """The body or query is not of the shape that the schema asks for."""

    code, title = "api.bad_shape", gettext_lazy("请求内容的格式不正确。")


class TooBig(Refused):
    code, status, title = "api.too_big", 413, gettext_lazy("请求内容过大。")


class BadRequest(Refused):
    code, status, title = "api.bad_request", 400, gettext_lazy("无法读懂这个请求。")


class WrongMethod(Refused):
    code, status, title = "api.wrong_method", 405, gettext_lazy("这个地址不支持这种请求方法。")


def problem(error: TongbanError, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """`type` and `code` are stable; `title` and the sentences are for people."""
    body: dict[str, Any] = {
        "type": f"urn:tongban:problem:{error.code}",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.text),
        "code": error.code,
        "reasons": [{"code": r.code, "text": str(r.text), "field": r.field} for r in error.reasons],
    }
    if isinstance(error, ProofNeeded):
        body["prove_at"] = reverse("prove")
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False),
        status=error.status,
        content_type="application/problem+json; charset=utf-8",
    )
    if isinstance(error, NotSignedIn):
        response["WWW-Authenticate"] = "Bearer"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def _misshapen(request: HttpRequest, error: ValidationError) -> HttpResponse:
    reasons = [
        Reason(
            f"api.{fault['type']}",
            SHAPES.get(fault["type"], OTHER_SHAPE),
            ".".join(str(part) for part in _place(fault)),
        )
        for fault in error.errors
    ]
    return problem(BadShape(reasons=reasons))


def _place(fault: dict[str, Any]) -> list[Any]:
    """The path inside what was sent, without the words for body and parameter."""
    place = list(fault.get("loc") or ())
    return place[2:] if place[:1] == ["body"] else place[1:]


def _refused(request: HttpRequest, error: TongbanError) -> HttpResponse:
    note_refusal(request, error)
    return problem(error)


def _http(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(BadRequest(_("请求内容不是有效的 JSON。")) if error.status_code == 400 else BadRequest(str(error)))


def unfit(error: Exception) -> Unfit:
    """The refusal for what the database would not hold; the log tells where a rule should have spoken first."""
    log.warning("a value did not fit", extra=what_broke(error))
    return Unfit()


def teach(api: NinjaAPI) -> None:
    """Let an API answer every refusal with a problem document."""
    api.add_exception_handler(TongbanError, cast("Any", _refused))
    api.add_exception_handler(ValidationError, cast("Any", _misshapen))
    api.add_exception_handler(AuthenticationError, lambda request, error: problem(NotSignedIn()))
    api.add_exception_handler(Http404, lambda request, error: problem(NotFound()))
    api.add_exception_handler(HttpError, cast("Any", _http))
    api.add_exception_handler(RequestDataTooBig, lambda request, error: problem(TooBig()))
    api.add_exception_handler(SuspiciousOperation, lambda request, error: problem(BadRequest()))
    api.add_exception_handler(DataError, cast("Any", lambda request, error: problem(unfit(error))))
    api.add_exception_handler(OperationalError, lambda request, error: problem(Unavailable(), {"Retry-After": "5"}))
