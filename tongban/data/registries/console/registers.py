"""The registers, how each stands, and finding a record in one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.data.registries import actions, queries
from tongban.data.registries.errors import SourcesMissing
from tongban.data.registries.queries import SEE
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import Conflict
from tongban.foundation.kernel.pages import STAFF, audience

from .words import Face

MANAGE = "registries.manage"
WHY = {SourcesMissing.code: SourcesMissing.title}
UNKNOWN = lazy("没有生成完，请看后台任务里的记录，或者再生成一次。")


def private(response: HttpResponse) -> HttpResponse:
    """Nothing of it stays behind in a browser or between."""
    response["Cache-Control"] = "no-store"
    return response


@audience(STAFF, SEE)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    context = {
        "standings": queries.registers(actor=actor),
        "returned": queries.returned_count(actor=actor),
        "manages": may(actor, MANAGE),
    }
    return render(request, "registries/overview.html", context)


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, register_code: str) -> HttpResponse:
    """One register; what is searched for travels in the body, never in an address that would be logged."""
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.register_of(actor, register_code)
    words = request.POST.get("words", "")[:200]
    face = Face(one)
    cursor = request.POST.get("cursor", "")[:300]
    found = queries.found(actor=actor, register=register_code, words=words, cursor=cursor)
    context = {
        "register": one,
        "standing": next(each for each in queries.registers(actor=actor) if each.register.pk == register_code),
        "builds": [
            (one, WHY.get(one.fault, UNKNOWN) if one.fault else "")
            for one in queries.builds_of(actor=actor, register=register_code)
        ],
        "amendments": queries.amendments_of(actor=actor, register=register_code),
        "rulings": queries.rulings_of(actor=actor, register=register_code),
        "searched": bool(words.strip()),
        "words": words,
        "found": found,
        "in_part": queries.Parts(one, face.content).has,
        "rows": [(each, face.line(each)) for each in found],
        "manages": may(actor, MANAGE, department_id=one.department_id),
    }
    return private(render(request, "registries/register.html", context))


@audience(STAFF, MANAGE)
@require_POST
def build(request: HttpRequest, register_code: str) -> HttpResponse:
    try:
        actions.start_build(actor=request.actor, register=register_code, whole="whole" in request.POST)  # type: ignore[attr-defined]
    except Conflict as refusal:
        messages.error(request, str(refusal.text))
    else:
        messages.success(request, _("已开始生成，稍后刷新看结果。"))
    return redirect("registries:register", register_code)


URL = "console/registers/"
urlpatterns = [
    path(URL, overview, name="overview"),
    path(f"{URL}<slug:register_code>/", register, name="register"),
    path(f"{URL}<slug:register_code>/build/", build, name="build"),
]
