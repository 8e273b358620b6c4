"""A refusal, said in the way the one who asked can read: a page, a piece of a page (htmx), or a problem document."""

from __future__ import annotations

import logging
import secrets
import sys
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from tongban.foundation.identity.portal.proving import ask_to_prove
from tongban.foundation.kernel.broken import what_broke
from tongban.foundation.kernel.errors import (
    Broken,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ProofNeeded,
    Refused,
    TongbanError,
    Unavailable,
)

from .api.problems import BadRequest, WrongMethod, problem
from .templatetags.ui import sign_in_address

log = logging.getLogger("tongban.web")

ADVICE = {
    401: _("登录已过期。您填写的内容还在这一页上，登录后回到这里继续。"),
    403: _("如果您认为应当可以办理，请换一个身份登录，或拨打12345。"),
    404: _("请检查网址是否完整，或从首页搜索。"),
    405: _("请返回上一页，从那里的按钮再来一次。"),
    409: _("请返回上一页并刷新，再试一次。"),
    422: _("请返回上一页，按提示更正后再提交。"),
    429: _("请等一两分钟再试。您已保存的内容不会丢失。"),
    503: _("请过几分钟再试。您已保存的内容不会丢失。"),
}
KEPT_FROM_RESENDING = {"csrfmiddlewaretoken", "password", "password1", "password2", "oldpassword", "code"}


def reference_of(request: HttpRequest) -> str:
    """What a person reads out to the helpline: the end of the request's number, by which an operator finds its lines in the log."""
    return str(vars(request).setdefault("number", secrets.token_hex(4)))[-8:].upper()


def wants_json(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "")
    return request.path.startswith("/api/") or ("application/json" in accept and "text/html" not in accept)


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into a page of ours, to be sent again; nothing for a form that came from elsewhere."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return []
    return [(n, str(v)) for n, values in request.POST.lists() if n not in KEPT_FROM_RESENDING for v in values]


def answer(request: HttpRequest, error: TongbanError, **more: Any) -> HttpResponse:
    """The one way every refusal leaves the house."""
    if wants_json(request):
        return problem(error)
    if isinstance(error, ProofNeeded) and not request.headers.get("HX-Request"):
        return ask_to_prove(request, typed_in(request))
    context = {
        "error": error,
        "advice": ADVICE.get(error.status, ADVICE[422]),
        "reference": reference_of(request),
        **more,
    }
    if request.headers.get("HX-Request"):
        return render(request, "ui/refusal_fragment.html", context, status=error.status)
    if isinstance(error, NotSignedIn):
        if request.method in ("GET", "HEAD"):
            return redirect(sign_in_address(request.get_full_path()))
        context |= {"resend": typed_in(request), "sign_in_first": True}
    return render(request, "ui/refusal.html", context, status=error.status)


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer: a page that asks it nothing."""
    return answer(request, Unavailable(), frame="ui/base.html")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, BadRequest(_("这个请求不完整，无法处理。")))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, NotAllowed(_("您没有打开这个页面的权限。")))


def wrong_method(request: HttpRequest) -> HttpResponse:
    """An address that takes what a button sends, opened by itself: after a refusal it stands in the browser's line."""
    return answer(request, WrongMethod(_("这个网址要从页面上的按钮进来，不能直接打开。")))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return answer(request, NotFound(_("没有找到这个页面。")))


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours. The page needs neither database nor session and never shows what broke; the log says what, and where."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError):  # before any view: the session could not be read
        log.error("database does not answer", extra={"reference": reference_of(request)} | what_broke(error))
        return unavailable(request)
    number = reference_of(request)
    log.error("page failed", extra={"reference": number} | what_broke(error))
    if wants_json(request):
        return problem(Broken())
    return HttpResponse(render_to_string("ui/broken.html", {"reference": number}), status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page was open too long or one signed in meanwhile. What was typed into our own page can be sent again."""
    error = Refused(_("页面打开太久，需要再确认一次。"))
    error.status = 403
    if request.headers.get("Sec-Fetch-Site") != "same-origin":
        return answer(request, error, advice=_("请回到原来的页面刷新后再试。"))
    typed = [(n, v) for n, values in request.POST.lists() if n not in KEPT_FROM_RESENDING for v in values]
    return answer(
        request, error, advice=_("您刚才填写的内容都在，按下面的按钮继续。附件可能需要重新选择。"), resend=typed
    )
