"""What may be one: the list, both side by side, merged and parted."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.data.registries import actions, queries
from tongban.data.registries.models import Pair
from tongban.data.registries.queries import SEE
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import Conflict
from tongban.foundation.kernel.pages import STAFF, audience

from .conflicts import DECIDE
from .registers import MANAGE, URL, private
from .words import TOLD, Face


@audience(STAFF, SEE)
@require_safe
def pairs(request: HttpRequest, register_code: str) -> HttpResponse:
    actor, state = request.actor, request.GET.get("state", "open")  # type: ignore[attr-defined]
    state = state if state in Pair.State.values else "open"
    page = queries.pairs_page(actor=actor, register=register_code, state=state, cursor=request.GET.get("cursor", ""))
    face = Face(queries.register_of(actor, register_code))
    context = {
        "register": face.register,
        "state": state,
        "states": Pair.State.choices,
        "links": bool(face.content.get("link")),
        "manages": may(actor, MANAGE, department_id=face.register.department_id),
        "page": page,
        "rows": [(one, round(one.probability * 100), *_lines(_sides(face, one)[:2])) for one in page],
    }
    return private(render(request, "registries/pairs.html", context))


def _lines(sides: list[tuple[str, str, str, int | None]]) -> tuple[list[str], list[str]]:
    """The left in a few words, and the right."""
    return [left for _name, left, _right, _percent in sides if left], [
        right for _name, _left, right, _percent in sides if right
    ]


def _sides(face: Face, pair: Pair) -> list[tuple[str, str, str, int | None]]:
    """Element, what the left says, what the right says, and how far they agree in percent; masked."""
    left, right = pair.left.get("said", {}), pair.right.get("said", {})

    def text(side: dict[str, object], name: str) -> str:
        return face.text(name, face.whole(name, str(side[name]))) if side.get(name) else ""

    return [
        (
            name,
            text(left, name),
            text(right, name),
            round(pair.agreement[name] * 100) if name in pair.agreement else None,
        )
        for name in dict.fromkeys([*left, *right])
    ]


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    actor, error = request.actor, None  # type: ignore[attr-defined]
    if request.method == "POST":
        deed = actions.part_pair if request.POST.get("act") == "part" else actions.merge_pair
        try:
            done = deed(actor=actor, pair_id=pair_id, reason=request.POST.get("reason", "")[:500])
        except TOLD as refusal:
            error = refusal
        else:
            merged = done.state == Pair.State.MERGED
            told = _("已记下合并，正在重新生成两边的登记；随时可以分开。") if merged else _("已记下：不是同一个。")
            messages.success(request, told)
            return redirect("registries:pair", pair_id)
    found = queries.pair(actor=actor, pair_id=pair_id)
    register = found.register
    face = Face(register)
    context = {
        "register": register,
        "pair": found,
        "percent": round(found.probability * 100),
        "rows": [(face.title(name), *rest) for name, *rest in _sides(face, found)],
        "building": _progress(found),
        "decides": may(actor, DECIDE, department_id=register.department_id),
        "error": error,
        "errors": error.fields if error else {},
    }
    return private(render(request, "registries/pair.html", context, status=error.status if error else 200))


def _progress(found: Pair) -> dict[str, object] | None:
    """How far the building is that a merge or a parting asked for; None when it is done, or none was needed."""
    if found.decided_at is None or not found.joins.exists():
        return None
    since = found.register.builds.filter(began_at__gte=found.decided_at).order_by("began_at", "id").last()
    if since is not None and since.ended_at:
        return None
    now_ = found.register.builds.filter(ended_at=None).first()
    return {"build": now_, "percent": now_.percent if now_ else None}


@audience(STAFF, MANAGE)
@require_POST
def look(request: HttpRequest, register_code: str) -> HttpResponse:
    try:
        actions.ask_for_pairs(actor=request.actor, register=register_code)  # type: ignore[attr-defined]
    except Conflict:
        messages.error(request, _("这个库的规则没有写比较什么，不查找重复。"))
    else:
        messages.success(request, _("已开始查找，稍后刷新看结果。"))
    return redirect("registries:pairs", register_code)


urlpatterns = [
    path(f"{URL}<slug:register_code>/pairs/look/", look, name="find-pairs"),
    path(f"{URL}<slug:register_code>/pairs/", pairs, name="pairs"),
    path(f"{URL}pairs/<uuid:pair_id>/", pair, name="pair"),
]
