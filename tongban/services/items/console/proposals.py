"""What a colleague proposes for an item: what would come of it in words, and confirming, refusing or withdrawing it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.items.actions import confirm_proposal, refuse_proposal, withdraw_proposal
from tongban.services.items.models import Proposal
from tongban.services.items.queries import consequences_of, name_of_item, proposal_for

FINAL = (
    Proposal.Act.CANCEL,
    Proposal.Act.MERGE,
    Proposal.Act.SPLIT,
)  # what cannot be called back once its day has come


@audience(STAFF, "items.manage")
@require_safe
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    return _page(request, proposal_for(request.actor, proposal_id))  # type: ignore[attr-defined]


def _page(request: HttpRequest, proposal: Proposal, error: TongbanError | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    names = staff_names(one for one in (proposal.made_by, proposal.answered_by) if one)
    is_open = proposal.state == Proposal.State.OPEN
    manages = is_open and may(actor, "items.manage", department_id=proposal.item.department_id)
    mine = proposal.made_by in actor.names
    context: dict[str, Any] = {
        "proposal": proposal,
        "item": proposal.item,
        "name": name_of_item(proposal.item),
        "who": names.get(proposal.made_by, "") if proposal.made_by else "",
        "answerer": names.get(proposal.answered_by, "") if proposal.answered_by else "",
        "consequences": consequences_of(proposal) if is_open else [],
        "is_final": proposal.act in FINAL,
        "may_answer": manages and not mine,
        "may_withdraw": manages and mine,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "items/console/proposal.html", context, status=error.status if error else 200)


def _confirmed(proposal: Proposal) -> str:
    if proposal.from_on is None or proposal.from_on <= today():
        return _("已确认，马上按它办理。")
    return _("已确认，从定好的那一天起按它办理。")


@audience(STAFF, "items.manage")
@require_POST
def answer(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Confirm, refuse or withdraw; what is refused stands beside what was typed."""
    actor = request.actor  # type: ignore[attr-defined]
    found, reason = proposal_for(actor, proposal_id), request.POST.get("reason", "")
    try:
        if request.POST.get("answer") == "confirm":
            messages.success(request, _confirmed(confirm_proposal(actor=actor, proposal_id=found.pk)))
        elif request.POST.get("answer") == "withdraw":
            withdraw_proposal(actor=actor, proposal_id=found.pk, reason=reason)
            messages.success(request, _("已收回，事项没有变化。"))
        else:
            refuse_proposal(actor=actor, proposal_id=found.pk, reason=reason)
            messages.success(request, _("已告诉提出的同事，事项没有变化。"))
    except TongbanError as error:
        if error.status in (401, 403):
            raise
        return _page(request, found, error)
    return redirect("console-item", found.item.code)


urlpatterns = [
    path("console/items/proposals/<uuid:proposal_id>/", proposal, name="console-item-proposal"),
    path("console/items/proposals/<uuid:proposal_id>/answer/", answer, name="console-item-proposal-answer"),
]
