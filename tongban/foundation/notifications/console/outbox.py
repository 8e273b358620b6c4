"""The operator's outbox `/console/outbox/`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.notifications.actions import send_again
from tongban.foundation.notifications.models import Dispatch
from tongban.foundation.notifications.queries import dispatches


@audience(STAFF, "notifications.see_outbox")
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    chosen: dict[str, Any] = {"way": request.GET.get("way", ""), "state": request.GET.get("state", "")}
    page = dispatches(request.actor, cursor=request.GET.get("cursor", ""), **chosen)
    context = {"page": page, "chosen": chosen, "states": Dispatch.State.choices, "ways": Dispatch.way.field.choices}
    return render(request, "notifications/outbox.html", context)


@audience(STAFF, "notifications.see_outbox")
@require_POST
def again(request: HttpRequest, dispatch_id: UUID) -> HttpResponse:
    send_again(actor=request.actor, dispatch_id=dispatch_id)
    messages.success(request, _("已重新放入发送队列。"))
    return redirect("console-outbox")


urlpatterns = [
    path("console/outbox/", outbox, name="console-outbox"),
    path("console/outbox/<uuid:dispatch_id>/again/", again, name="console-outbox-again"),
]
