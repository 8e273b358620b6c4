"""Everybody's own messages: `/my/messages/`, in the frame of whoever reads them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.kernel.pages import SIGNED_IN, audience

from .actions import choose_ways, read_all, read_message
from .queries import messages_of, unread_count, ways_wanted


def _frame(request: HttpRequest) -> str:
    return "console/frame.html" if request.actor.kind == "staff" else "portal/frame.html"


@audience(SIGNED_IN)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    only_unread = request.GET.get("show") == "unread"
    page = messages_of(request.actor, cursor=request.GET.get("cursor", ""), only_unread=only_unread)
    context = {
        "page": page,
        "only_unread": only_unread,
        "unread": unread_count(request.actor),
        "ways": ways_wanted(request.actor),
        "frame_of": _frame(request),
    }
    return render(request, "notifications/inbox.html", context)


@audience(SIGNED_IN)
@require_safe
def message(request: HttpRequest, message_id: UUID) -> HttpResponse:
    shown = read_message(actor=request.actor, message_id=message_id)
    return render(request, "notifications/message.html", {"message": shown, "frame_of": _frame(request)})


@audience(SIGNED_IN)
@require_POST
def mark_all_read(request: HttpRequest) -> HttpResponse:
    read_all(actor=request.actor)
    messages.success(request, _("全部消息已标为已读。"))
    return redirect("my-messages")


@audience(SIGNED_IN)
@require_POST
def ways(request: HttpRequest) -> HttpResponse:
    choose_ways(actor=request.actor, wanted=set(request.POST.getlist("way")))
    messages.success(request, _("接收方式已保存。"))
    return redirect("my-messages")


urlpatterns = [
    path("my/messages/", inbox, name="my-messages"),
    path("my/messages/read/", mark_all_read, name="my-messages-read"),
    path("my/messages/ways/", ways, name="my-messages-ways"),
    path("my/messages/<uuid:message_id>/", message, name="my-message"),
]
