"""What a register is called and who keeps it, changed: asked for on one page, agreed to by another administrator on the next."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.registries import actions, queries
from tongban.data.registries.models import Amendment
from tongban.data.registries.queries import SEE
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import id_typed
from tongban.foundation.organisations.queries import department, departments_of

from .registers import MANAGE, URL
from .words import TOLD


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, register_code: str) -> HttpResponse:
    actor, error = request.actor, None  # type: ignore[attr-defined]
    register = queries.register_of(actor, register_code)
    typed = {"title": register.title, "department": str(register.department_id), "reason": ""}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip()[:300] for name in typed}
        try:
            made = actions.ask_for_amendment(
                actor=actor, register=register_code, title=typed["title"],
                department_id=id_typed(typed["department"]), reason=typed["reason"]
            )  # fmt: skip
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(request, _("已送审，另一位数据平台管理员同意以后生效。"))
            return redirect("registries:amendment", made.pk)
    departments = departments_of()
    keeper = department(register.department_id)
    context = {
        "register": register,
        "departments": departments if keeper in departments else [keeper, *departments],
        "typed": typed,
        "error": error,
        "errors": error.fields if error else {},
    }
    return render(request, "registries/amend.html", context, status=error.status if error else 200)


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def amendment(request: HttpRequest, amendment_id: UUID) -> HttpResponse:
    """What is to change; another's yes or no, or taken back by whoever asked."""
    actor, error = request.actor, None  # type: ignore[attr-defined]
    found = queries.amendment(actor=actor, amendment_id=amendment_id)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "agree":
                actions.agree_to_amendment(actor=actor, amendment_id=amendment_id)
            else:
                actions.turn_down_amendment(
                    actor=actor, amendment_id=amendment_id, reason=request.POST.get("reason", "")[:300]
                )
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(request, _("已记下。"))
            return redirect("registries:register", found.register_id)
    offices = (found.department_before.short_name, found.department.short_name)
    waits = found.state == Amendment.State.IN_REVIEW and may(actor, MANAGE, department_id=found.register.department_id)
    context = {
        "register": found.register,
        "amendment": found,
        "changes": [
            row for row in ((_("名称"), found.title_before, found.title), (_("管理部门"), *offices)) if row[1] != row[2]
        ],
        "answers": waits and found.asked_by not in actor.names,
        "takes_back": waits and found.asked_by in actor.names,
        "error": error,
        "errors": error.fields if error else {},
    }
    return render(request, "registries/amendment.html", context, status=error.status if error else 200)


urlpatterns = [
    path(f"{URL}<slug:register_code>/amend/", amend, name="amend"),
    path(f"{URL}amendments/<uuid:amendment_id>/", amendment, name="amendment"),
]
