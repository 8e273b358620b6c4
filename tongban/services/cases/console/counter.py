"""Counter intake (窗口收件): who stands there, what he has begun, what he comes for; at the end his receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tongban.foundation.identity.queries import card_at_counter
from tongban.foundation.kernel.errors import Refused, TongbanError
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.letters.queries import letters_about
from tongban.services.cases.actions import begin_at_counter, help_with_draft, once, receive_visitor
from tongban.services.cases.queries import case_for, drafts_of_visitor, helped_now, helpers_of, visit_for
from tongban.services.items.queries import items_of, published
from tongban.services.payments.queries import bill_of

if TYPE_CHECKING:
    from tongban.services.cases.models import Visit

WRITTEN = ("id_number", "uscc", "name", "phone", "company_name")
TICKED = ("present", "by_paper")
# What the start page asks for only when the city does not know it.
ASKED = {
    "cases.visitor_unknown": "name",
    "cases.visitor_company_unknown": "company_name",
    "cases.visitor_mandate": "by_paper",
}


@audience(STAFF, "cases.receive")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Read the card, have the visitor's word, begin. The number stands in the body of this one request and nowhere else."""
    typed: dict[str, Any] = {name: request.POST.get(name, "").strip() for name in WRITTEN}
    ticked: dict[str, Any] = {name: name in request.POST for name in TICKED}
    error = None
    if request.method == "POST":
        try:
            visit = receive_visitor(actor=request.actor, **typed, **ticked)
        except Refused as refusal:
            error = refusal
        else:
            return redirect("console-counter-visit", visit.pk)
    codes = {reason.code for reason in error.reasons} if error else set()
    asked = {name for name in (*WRITTEN[2:], "by_paper") if typed.get(name) or ticked.get(name)}
    context = {
        "typed": typed,
        "ticked": ticked,
        "asked": asked | {name for code, name in ASKED.items() if code in codes},
        "error": error,
        "helps": helped_now(request.actor),
    }
    return render(request, "cases/console/counter.html", context, status=error.status if error else 200)


@audience(STAFF, "cases.receive")
@require_http_methods(["GET", "HEAD", "POST"])
def visit_page(request: HttpRequest, visit_id: UUID) -> HttpResponse:
    """What the visitor has begun, to go on with, and the department's items, to begin one."""
    visit, error = visit_for(request.actor, visit_id), None
    if request.method == "POST":
        try:
            return redirect("console-counter-draft", _entered(request, visit))
        except TongbanError as refusal:
            error = refusal
    drafts = drafts_of_visitor(request.actor, visit)
    helpers = helpers_of(draft.pk for draft in drafts)
    context = {
        "visit": visit,
        "card": card_at_counter(request.actor, visit.person_id, visit.company_id),
        "drafts": [(draft, helpers.get(draft.pk)) for draft in drafts],
        "versions": _versions(request, visit),
        "key": uuid7(),
        "error": error,
    }
    return render(request, "cases/console/visit.html", context, status=error.status if error else 200)


def _entered(request: HttpRequest, visit: Visit) -> UUID:
    """The draft to go to: one the visitor has, or a new one, made once however often the button is pressed."""
    actor = request.actor
    if draft_id := request.POST.get("draft"):
        return help_with_draft(actor=actor, visit_id=visit.pk, draft_id=draft_id).pk
    code = request.POST.get("item", "")

    def make() -> UUID:
        return begin_at_counter(actor=actor, visit_id=visit.pk, item_code=code).pk

    return once(actor, f"visit:{visit.pk}:{request.POST.get('_key', '')[:60]}", ["begin", code], make)


def _versions(request: HttpRequest, visit: Visit) -> list[Any]:
    """The department's items that somebody like the visitor may apply for today."""
    found = [version for item in items_of(request.actor.department_id) if (version := _in_force(item.code))]
    return [v for v in found if visit.applicant_kind in (v.content.get("applicants") or ["person", "company"])]


def _in_force(code: str) -> Any:
    try:
        return published(code)
    except TongbanError:
        return None


@audience(STAFF, "cases.receive")
@require_safe
def receipt(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """What the person takes home: printable, with the letter beside it."""
    case = case_for(request.actor, case_id)
    context = {
        "case": case,
        "materials": case.materials.order_by("key", "position"),
        "letters": letters_about(request.actor, f"case:{case.pk}"),
        "bill": bill_of(case.pk),
        "title": _("收件凭证"),
    }
    return render(request, "cases/console/receipt.html", context)


urlpatterns = [
    path("console/cases/counter/", start, name="console-counter"),
    path("console/cases/counter/visits/<uuid:visit_id>/", visit_page, name="console-counter-visit"),
    path("console/cases/<uuid:case_id>/receipt/", receipt, name="console-counter-receipt"),
]
