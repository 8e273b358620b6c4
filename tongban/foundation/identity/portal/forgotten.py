"""Forgot the password: who one is, the code on one's phone, a new password. Until the code is right, everybody is told the same."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.foundation.attempts.actions import allow, note
from tongban.foundation.identity.actions import ask_reset, needs_second_factor, reset_password, show_code
from tongban.foundation.identity.errors import ResetRefused
from tongban.foundation.identity.models import PasswordReset
from tongban.foundation.kernel.errors import Reason, TongbanError, TooMany
from tongban.foundation.kernel.pages import PUBLIC, audience

BEGUN = "reset"  # in the session of the browser that began it
MISSING = {"name": _("请填写姓名。"), "number": _("请填写身份证号码或登录名。"), "phone": _("请填写手机号码。")}


def _shown(request: HttpRequest, template: str, error: TongbanError | None, **more: Any) -> HttpResponse:
    answer = render(request, template, {"error": error, **more}, status=error.status if error else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _whole(values: dict[str, str]) -> None:
    if faults := [Reason("required", text, name) for name, text in MISSING.items() if not values[name]]:
        raise ResetRefused(reasons=faults)


@audience(PUBLIC)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """Name, number and phone. Everybody is told that a code is on its way if the three agree with the register."""
    values, error = {name: request.POST.get(name, "")[:150].strip() for name in MISSING}, None
    if request.method == "POST":
        try:
            _whole(values)
            allow("reset.address", request.META.get("REMOTE_ADDR", ""))
            allow("reset.number", values["number"].lower())
            request.session[BEGUN] = str(ask_reset(**values).pk)
        except (ResetRefused, TooMany) as refusal:
            error = refusal
        else:
            return redirect("reset_code")
    return _shown(request, "identity/forgotten.html", error, values=values)


@audience(PUBLIC)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    begun, error = request.session.get(BEGUN), None
    if not begun:
        return redirect("forgotten")
    if request.method == "POST":
        try:
            allow("reset.code", begun)
            show_code(reset_id=begun, code=request.POST.get("code", "")[:20])
        except (ResetRefused, TooMany) as refusal:
            error = refusal
            note("sign_in", address=request.META.get("REMOTE_ADDR", ""), thing="reset")
        else:
            return redirect("reset_password")
    return _shown(request, "identity/forgotten_code.html", error)


@audience(PUBLIC)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new_password(request: HttpRequest) -> HttpResponse:
    asked = PasswordReset.objects.filter(pk=request.session.get(BEGUN), shown_at__isnull=False, done_at=None).first()
    if asked is None:
        return redirect("forgotten")
    error = None
    if request.method == "POST":
        given = {name: request.POST.get(name, "") for name in ("password", "again", "factor")}
        try:
            allow("reset.code", str(asked.pk))
            reset_password(reset_id=asked.pk, **given)
        except (ResetRefused, TooMany) as refusal:
            error = refusal
            if "factor" in refusal.fields:
                note("second_factor", account_id=asked.account_id, address=request.META.get("REMOTE_ADDR", ""))
        else:
            request.session.flush()
            messages.success(request, gettext("密码已重设，以前的登录都已退出。请用新密码登录。"))
            return redirect("account_login")
    return _shown(request, "identity/forgotten_new.html", error, asks_factor=needs_second_factor(asked))


urlpatterns = [
    path("forgotten/", forgotten, name="forgotten"),
    path("forgotten/code/", code, name="reset_code"),
    path("forgotten/password/", new_password, name="reset_password"),
]
