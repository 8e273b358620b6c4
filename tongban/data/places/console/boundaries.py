"""Boundaries brought in a file, and taken back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from tongban.data.places import actions
from tongban.data.places.gateways import MOST_FILE
from tongban.data.places.queries import MANAGE
from tongban.data.places.rules import CGCS2000, GCJ02, WGS84, level_of
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Conflict, Reason, Refused, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed

SYSTEM_NAMES = {
    "": gettext_lazy("文件里写明了"),
    CGCS2000: gettext_lazy("CGCS2000（EPSG:4490）"),
    WGS84: gettext_lazy("WGS 84（EPSG:4326）"),
    GCJ02: gettext_lazy("GCJ-02（高德等地图的偏移坐标，转换成 CGCS2000 保存）"),
}
FIELDS = ("code", "system", "source", "licence", "valid_from")


@audience(STAFF, MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, {"code": request.GET.get("code", "")[:12], "valid_from": str(today())})
    typed = {field: request.POST.get(field, "").strip()[:300] for field in FIELDS}
    file, day = request.FILES.get("file"), day_typed(typed["valid_from"])
    try:
        if file is None or day is None:
            raise Refused(
                reasons=[Reason("missing", _("请选文件。"), "file")] * (file is None)
                + [Reason("day", _("请填日期。"), "valid_from")] * (day is None)
            )
        made = actions.bring_boundaries(
            actor=request.actor, name=file.name or "", data=file.read(MOST_FILE + 1), system=typed["system"], source=typed["source"],  # type: ignore[attr-defined]
            licence=typed["licence"], code=typed["code"], valid_from=day,
        )  # fmt: skip
    except (Refused, Conflict) as error:
        return _form(request, typed, error)
    messages.success(
        request, ngettext("已采用 %(count)s 个边界。", "已采用 %(count)s 个边界。", len(made)) % {"count": len(made)}
    )
    return redirect("console-division", min((one.code for one in made), key=lambda code: (len(code), code)))


def _form(request: HttpRequest, typed: dict[str, str], error: TongbanError | None = None) -> HttpResponse:
    context = {
        "typed": typed,
        "systems": SYSTEM_NAMES.items(),
        "most": MOST_FILE >> 20,
        "error": error,
        "errors": error.fields if error else {},
    }
    return render(request, "places/boundaries.html", context, status=error.status if error else 200)


@audience(STAFF, MANAGE)
@require_POST
def take_back(request: HttpRequest, boundary_id: UUID) -> HttpResponse:
    back = request.POST.get("back", "")
    try:
        actions.take_back_boundary(actor=request.actor, boundary_id=boundary_id, reason=request.POST.get("reason", ""))  # type: ignore[attr-defined]
        messages.success(request, _("已撤回，之前的边界重新生效。"))
    except (Refused, Conflict) as error:
        messages.error(request, str(error.reasons[0].text if error.reasons else error.text))
    return redirect("console-division", back) if level_of(back) else redirect("console-places")


urlpatterns = [
    path("console/places/boundaries/", bring, name="console-boundaries"),
    path("console/places/boundaries/<uuid:boundary_id>/take-back/", take_back, name="console-boundary-take-back"),
]
