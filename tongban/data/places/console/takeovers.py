"""Divisions taken over from the data standards: begun, followed while it lasts, given up."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongban.data.places import actions, queries
from tongban.data.places.actions import INTERRUPTED
from tongban.data.places.errors import DivisionsMoved
from tongban.data.places.queries import MANAGE, SEE
from tongban.foundation.kernel.errors import Conflict, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .divisions import country_page

WHY = {
    INTERRUPTED: gettext_lazy("数据库没有写成，例如磁盘满了或者连接断了。会自动再试，现在用的区划一点没有动。"),
    DivisionsMoved.code: DivisionsMoved.title,
}
UNKNOWN = gettext_lazy("后台作业没有做成，请看后台任务里的记录。现在用的区划一点没有动。")


@audience(STAFF, MANAGE)
@require_POST
def take_over(request: HttpRequest) -> HttpResponse:
    try:
        begun = actions.start_takeover(actor=request.actor)  # type: ignore[attr-defined]
    except Conflict as error:
        return country_page(request, error)
    return redirect("console-places-takeover", begun.pk)


@audience(STAFF, SEE)
@require_safe
def takeover(request: HttpRequest, takeover_id: UUID) -> HttpResponse:
    """While it is under way the page asks again every two seconds."""
    return _page(request, takeover_id)


def _page(request: HttpRequest, takeover_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.takeover(actor=actor, takeover_id=takeover_id)
    context = {
        "one": one,
        "why": WHY.get(one.fault, UNKNOWN) if one.fault else "",
        "earlier": [each for each in queries.takeovers(actor=actor) if each.pk != one.pk],
        "manages": MANAGE in actor.grants,
        "error": error,
    }
    return render(request, "places/takeover.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_POST
def give_up(request: HttpRequest, takeover_id: UUID) -> HttpResponse:
    try:
        actions.give_up_takeover(actor=request.actor, takeover_id=takeover_id)  # type: ignore[attr-defined]
    except Conflict as error:
        return _page(request, takeover_id, error)
    messages.success(request, _("已放弃，现在用的区划没有动。"))
    return redirect("console-places-takeover", takeover_id)


urlpatterns = [
    path("console/places/take-over/", take_over, name="console-places-take-over"),
    path("console/places/takeovers/<uuid:takeover_id>/", takeover, name="console-places-takeover"),
    path("console/places/takeovers/<uuid:takeover_id>/give-up/", give_up, name="console-places-takeover-give-up"),
]
