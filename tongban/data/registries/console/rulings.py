"""The rules of one source: read, and agreed to by another than their drafter."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.data.registries import actions, queries
from tongban.data.registries.models import Ruling
from tongban.data.registries.queries import SEE
from tongban.data.registries.rules import sources_of
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.pages import STAFF, audience

from .differences import differences
from .registers import MANAGE, URL
from .words import CHECKS, LEVELS, MASKS, TOLD


def rows_of(register: str, content: dict[str, Any]) -> list[tuple[dict[str, Any], list[tuple[int, str, str, str]]]]:
    """Each element with its mask and level as keys of `words.MASKS` and `words.LEVELS`; its origins numbered by rank."""
    titles = {name: source["title"] for name, source in sources_of(content).items()}

    def told(rank: int, origin: dict[str, Any]) -> tuple[int, str, str, str]:
        columns = listed(origin["columns"].values()) if origin.get("columns") else origin["column"]
        return rank, titles.get(origin["dataset"], origin["dataset"]), columns, origin.get("check", "")

    return [
        (
            one | {"mask": queries.mask_said(register, one), "level": str(one.get("level") or "")},
            [told(rank, origin) for rank, origin in enumerate(one["from"], 1)],
        )
        for one in content["elements"]
    ]


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def ruling(request: HttpRequest, ruling_id: UUID) -> HttpResponse:
    """One version; another's yes or no when it waits for one."""
    actor, error = request.actor, None  # type: ignore[attr-defined]
    found = queries.ruling(actor=actor, ruling_id=ruling_id)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "refuse":
                actions.turn_down_ruling(actor=actor, ruling_id=ruling_id, reason=request.POST.get("reason", "")[:300])
            else:
                actions.publish_ruling(actor=actor, ruling_id=ruling_id)
        except TOLD as refusal:
            error = refusal
        else:
            messages.success(request, _("已记下。"))
            return redirect("registries:register", found.register_id)
    older = queries.ruling_beside(found)
    context = {
        "register": found.register,
        "ruling": found,
        "rows": rows_of(found.register_id, found.content),
        "older": older,
        "changes": differences(older, found) if older else [],
        "levels": LEVELS,
        "masks": MASKS,
        "checks": CHECKS,
        "answers": found.status == Ruling.Status.IN_REVIEW
        and found.drafted_by not in actor.names
        and may(actor, MANAGE, department_id=found.register.department_id),
        "manages": may(actor, MANAGE, department_id=found.register.department_id),
        "error": error,
    }
    return render(request, "registries/ruling.html", context, status=error.status if error else 200)


urlpatterns = [
    path(f"{URL}rules/<uuid:ruling_id>/", ruling, name="ruling"),
]
