"""The system administrator opens accounts and seats people on posts. What a post may do is not his to say."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.foundation.identity import actions, queries
from tongban.foundation.identity.errors import AccountRefused, AppointmentRefused
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.masks import mask_phone
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed, id_typed
from tongban.foundation.organisations.queries import departments_of, posts_in_use

ACCOUNTS = "identity.manage_accounts"
TYPED = ("username", "name", "email", "phone")


@audience(STAFF, ACCOUNTS)
def staff(request: HttpRequest) -> HttpResponse:
    """Everybody who has, or may get, a post."""
    text, department_id = request.GET.get("q", "").strip(), id_typed(request.GET.get("department", ""))
    cursor = request.GET.get("cursor", "")
    page = queries.staff_accounts(request.actor, text=text, department_id=department_id, cursor=cursor)  # type: ignore[attr-defined]
    wanted = {"text": text, "department_id": department_id}
    context = {"page": page, "departments": departments_of(), "wanted": wanted}
    return render(request, "identity/console/staff.html", context)


@audience(STAFF, ACCOUNTS)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    values, error = {name: request.POST.get(name, "") for name in TYPED}, None
    if request.method == "POST":
        try:
            opened = actions.open_account(actor=request.actor, password=request.POST.get("password", ""), **values)  # type: ignore[attr-defined]
        except AccountRefused as refusal:
            error = refusal
        else:
            messages.success(request, _("账号已开通，请接着任职。"))
            return redirect("console_account", opened.pk)
    context = {"values": values, "error": error}
    return render(request, "identity/console/open_account.html", context, status=error.status if error else 200)


def _account_page(request: HttpRequest, account_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    account = queries.staff_account(actor, account_id)
    context: dict[str, Any] = {
        "account": account,
        "phone": mask_phone(account.phone) if account.phone else "",
        "appointments": queries.appointments_of(actor, account_id),
        "posts": posts_in_use(),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "identity/console/account.html", context, status=error.status if error else 200)


@audience(STAFF, ACCOUNTS)
def one_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    return _account_page(request, account_id)


@audience(STAFF, ACCOUNTS)
@require_POST
def appoint(request: HttpRequest, account_id: UUID) -> HttpResponse:
    post_id = id_typed(request.POST.get("post", ""))
    starts, ends = (day_typed(request.POST.get(name, "")) for name in ("starts_on", "ends_on"))
    try:
        if post_id is None:
            raise AppointmentRefused(_("请选择一个岗位。"))
        actions.appoint(actor=request.actor, account_id=account_id, post_id=post_id, starts_on=starts, ends_on=ends)  # type: ignore[attr-defined]
    except AppointmentRefused as refusal:
        return _account_page(request, account_id, refusal)
    messages.success(request, _("任职已保存。"))
    return redirect("console_account", account_id)


@audience(STAFF, ACCOUNTS)
@require_POST
def end_appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    ended = actions.end_appointment(actor=request.actor, appointment_id=appointment_id)  # type: ignore[attr-defined]
    messages.success(request, _("任职已结束，这个岗位的权限即刻收回。"))
    return redirect("console_account", ended.account_id)


@audience(STAFF, ACCOUNTS)
@require_POST
def switch_account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    in_use = request.POST.get("is_active") == "1"
    actions.set_account_in_use(actor=request.actor, account_id=account_id, is_active=in_use)  # type: ignore[attr-defined]
    messages.success(request, _("账号已启用。") if in_use else _("账号已停用，不能再登录。"))
    return redirect("console_account", account_id)


@audience(STAFF, ACCOUNTS)
@sensitive_post_parameters()
@require_POST
def set_password(request: HttpRequest, account_id: UUID) -> HttpResponse:
    try:
        actions.set_password(actor=request.actor, account_id=account_id, password=request.POST.get("password", ""))  # type: ignore[attr-defined]
    except AccountRefused as refusal:
        return _account_page(request, account_id, refusal)
    messages.success(request, _("密码已重设，请当面告诉本人，并请他登录后修改。"))
    return redirect("console_account", account_id)


@audience(STAFF, ACCOUNTS)
@sensitive_post_parameters("phone")
@require_POST
def change_phone(request: HttpRequest, account_id: UUID) -> HttpResponse:
    try:
        actions.change_phone(actor=request.actor, account_id=account_id, phone=request.POST.get("phone", ""))  # type: ignore[attr-defined]
    except AccountRefused as refusal:
        return _account_page(request, account_id, refusal)
    messages.success(request, _("手机号码已改，新旧两个号码都会收到通知。"))
    return redirect("console_account", account_id)


urlpatterns = [
    path("", staff, name="console_staff"),
    path("add/", open_account, name="console_open_account"),
    path("appointments/<uuid:appointment_id>/end/", end_appointment, name="console_end_appointment"),
    path("<uuid:account_id>/", one_account, name="console_account"),
    path("<uuid:account_id>/appoint/", appoint, name="console_appoint"),
    path("<uuid:account_id>/switch/", switch_account, name="console_switch_account"),
    path("<uuid:account_id>/phone/", change_phone, name="console_change_phone"),
    path("<uuid:account_id>/password/", set_password, name="console_set_password"),
]
