"""Tickets: the list, and one for both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.data.quality import actions, queries
from tongban.data.quality.models import Ticket
from tongban.data.quality.queries import ANSWER, HANDLE, SEE
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.errors import NotFound, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience

from .words import STEP, TOLD, told_rule

DEEDS: dict[str, Callable[..., Any]] = {
    "correct": actions.correct,
    "explain": actions.explain,
    "close": actions.close,
    "give-back": actions.give_back,
}


@audience(STAFF, SEE)
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    actor, state = request.actor, request.GET.get("state", "")[:10]  # type: ignore[attr-defined]
    page = queries.tickets(actor=actor, state=state, cursor=request.GET.get("cursor", ""))
    lamps = queries.lamps(page.rows)
    context = {
        "page": page,
        "rows": [(one, lamps.get(one.pk, "")) for one in page],
        "state": state,
        "states": [*Ticket.State.choices, ("late", _("超期的"))],
    }
    return render(request, "quality/tickets.html", context)


@audience(STAFF, SEE)
@require_safe
def ticket(request: HttpRequest, quality_ticket_id: UUID) -> HttpResponse:
    return _page(request, quality_ticket_id)


def _page(request: HttpRequest, ticket_id: UUID, error: TongbanError | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.ticket(actor=actor, ticket_id=ticket_id)
    steps = list(one.steps.order_by("at", "id"))
    names = staff_names({each.by for each in steps if each.by})
    context = {
        "ticket": one,
        "lamp": queries.lamps([one]).get(one.pk, ""),
        "rule_told": told_rule(one.finding.version.content, queries.titles_of(one.rule.dataset_id)),
        "steps": [(each, STEP[each.what], names.get(each.by, _("系统")) if each.by else _("系统")) for each in steps],
        "answers": one.state == Ticket.State.SENT and may(actor, ANSWER, department_id=one.department_id),
        "handles": one.state == Ticket.State.ANSWERED and may(actor, HANDLE, department_id=one.department_id),
        "error": error,
    }
    return render(request, "quality/ticket.html", context, status=error.status if error else 200)


@audience(STAFF, SEE)
@require_POST
def deed(request: HttpRequest, quality_ticket_id: UUID, deed: str) -> HttpResponse:
    """Corrected, explained, closed, given back: each asks for its own right."""
    if deed not in DEEDS:
        raise NotFound
    try:
        DEEDS[deed](actor=request.actor, ticket_id=quality_ticket_id, words=request.POST.get("words", "")[:500])  # type: ignore[attr-defined]
    except TOLD as error:
        return _page(request, quality_ticket_id, error)
    messages.success(request, _("已记下。"))
    return redirect("console-quality-ticket", quality_ticket_id)


urlpatterns = [
    path("console/quality/tickets/", tickets, name="console-quality-tickets"),
    path("console/quality/tickets/<uuid:quality_ticket_id>/", ticket, name="console-quality-ticket"),
    path("console/quality/tickets/<uuid:quality_ticket_id>/<slug:deed>/", deed, name="console-quality-deed"),
]
