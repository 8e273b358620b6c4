"""A new register: what it is called, whose it is and by what it names its records; then its rules are written. Or given up again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.data.registries import actions
from tongban.foundation.kernel.errors import Conflict
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import id_typed
from tongban.foundation.organisations.queries import departments_of

from .registers import MANAGE, URL
from .words import CHECKS, TOLD


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    error, typed = None, request.POST
    if request.method == "POST":
        said = {name: typed.get(name, "").strip()[:100] for name in ("code", "title", "key", "key_title", "check")}
        office = id_typed(typed.get("department", ""))
        try:
            made = actions.draft_register(
                actor=request.actor, personal=typed.get("personal") == "1", department_id=office, **said  # type: ignore[attr-defined]
            )  # fmt: skip
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(request, _("已建草稿。写好规则送审，另一位数据平台管理员同意以后才生效。"))
            return redirect("registries:rules", made.code)
    context = {
        "departments": departments_of(),
        "checks": CHECKS.items(),
        "typed": typed,
        "error": error,
        "errors": error.fields if error else {},
    }
    return render(request, "registries/new.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_POST
def drop(request: HttpRequest, register_code: str) -> HttpResponse:
    try:
        actions.drop_register(actor=request.actor, register=register_code)  # type: ignore[attr-defined]
    except Conflict:
        messages.error(request, _("这个库已经有过生效的规则，不能放弃。"))
        return redirect("registries:register", register_code)
    messages.success(request, _("已放弃这个库的草稿。"))
    return redirect("registries:overview")


urlpatterns = [
    path(f"{URL}new/", new, name="new"),
    path(f"{URL}<slug:register_code>/drop/", drop, name="drop"),
]
