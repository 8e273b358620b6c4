"""The application on one page, as a clerk writes it with the applicant beside him; saved as he types."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tongban.foundation.audit.actions import look
from tongban.foundation.identity.queries import card_at_counter
from tongban.foundation.kernel.errors import Conflict, NotFound, Reason, Refused, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.cases.actions import (
    PURPOSE,
    end_help,
    faults_of_draft,
    fill_at_counter,
    receive,
    renew_draft,
    save_draft,
    submit,
)
from tongban.services.cases.errors import CaseRefused, DraftMoved, HelpEnded, ItemClosed, VersionChanged
from tongban.services.cases.portal.application import Application, application_of
from tongban.services.cases.portal.filling import looks_for_addresses
from tongban.services.cases.portal.sending import POSTAL, posted_wish, wish_faults
from tongban.services.cases.queries import draft_for, draft_standing, helpers_of, last_help
from tongban.services.forms.actions import read_page
from tongban.services.forms.queries import laid_in, offered, parse_notes, picked, sources_after, values_of
from tongban.services.forms.queries import render as rendered

from .handing_in import cards_of, hand_over, unconfirmed

if TYPE_CHECKING:
    from tongban.services.cases.models import Help, Visit

DELIVERY = "_delivery"  # begins like no field of a form
ENDED = {
    "applicant": gettext_lazy("申请人已经在网上收回。"),
    "colleague": gettext_lazy("同事已经接手。"),
    "clerk": gettext_lazy("您已经结束代填。"),
    "": gettext_lazy("离接待已经超过两小时。"),
}


@dataclass(frozen=True)
class Desk:
    """The draft on the counter, whoever stands there, and what went wrong just now."""

    application: Application
    visit: Visit
    reasons: list[Reason] = field(default_factory=list)
    moved: DraftMoved | None = None

    def fresh(self, actor: Any) -> Desk:
        return replace(self, application=application_of(draft_for(actor, self.application.draft.pk)))


def on_desk(view: Callable[[HttpRequest, Desk], HttpResponse]) -> Callable[..., HttpResponse]:
    """Only the clerk who was let in enters; what was submitted leads to its receipt; what has ended says why."""

    @audience(STAFF, "cases.receive")
    @wraps(view)
    def entered(request: HttpRequest, draft_id: UUID) -> HttpResponse:
        running = last_help(request.actor, draft_id)
        if running is None:
            raise NotFound
        if running.draft.case_id:
            return redirect("console-counter-receipt", running.draft.case_id)
        try:
            draft = draft_for(request.actor, draft_id)
        except NotFound:
            raise _ended(running) from None
        return view(request, Desk(application_of(draft), running.visit))

    return entered


def _ended(running: Help) -> HelpEnded:
    return HelpEnded(reasons=[Reason("cases.help_ended", str(ENDED.get(running.ended_by, ENDED[""])))])


@require_http_methods(["GET", "HEAD", "POST"])
@on_desk
def page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every button saves what stands on the page first; none loses a word."""
    error: TongbanError | None = None
    if request.method == "POST":
        desk = _kept(request, desk)
        try:
            if answer := _done(request, desk):
                return answer
        except (Refused, VersionChanged, ItemClosed) as refusal:
            error = refusal
        desk = desk if desk.moved else desk.fresh(request.actor)
    else:
        person_id, draft = desk.visit.person_id, desk.application.draft
        look(actor=request.actor, person_id=person_id, what="drafts", purpose=PURPOSE, subject=draft)
    if desk.reasons and error is None:
        error = CaseRefused(reasons=desk.reasons)
    status = 409 if desk.moved else error.status if error else 200
    return render(request, "cases/console/intake.html", _shown(request, desk, error), status=status)


@require_POST
@on_desk
def save(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Autosave, and one thing done about one material: the parts of the page as they now are."""
    desk = _kept(request, desk)
    if desk.moved:
        raise desk.moved
    error = CaseRefused(reasons=desk.reasons) if desk.reasons else None
    context = _shown(request, desk.fresh(request.actor), error)
    return render(request, "cases/console/intake_parts.html", context, status=422 if error else 200)


def _kept(request: HttpRequest, desk: Desk) -> Desk:
    """Save what stands on the page, right or wrong; when a colleague or the applicant saved meanwhile, nothing of his is undone."""
    application = desk.application
    draft, form, post = application.draft, application.form, request.POST
    answers, refused = read_page(actor=request.actor, form=form, post=post, uploads=request.FILES, before=draft.answers)
    chosen = picked(request.actor, form, post, purpose=draft.task_name, case_no=f"draft:{draft.pk}")
    answers, sources = laid_in(answers, values_of(chosen)), sources_after(draft.sources, post) | chosen
    notes = {**(draft.sources.get("notes") or {}), **parse_notes(form, post)}
    sources = sources | ({"notes": notes} if notes else {})
    given: dict[str, Any] = {
        "situation": {name.removeprefix("situation."): post[name] for name in post if name.startswith("situation.")},
        "answers": answers,
        "sources": sources if sources != draft.sources else None,
        "delivery_wish": _wish(request),
    }
    try:
        with transaction.atomic():
            kept = save_draft(actor=request.actor, draft_id=draft.pk, revision=_revision(request), **given)
            if kept.situation != draft.situation:
                fill_at_counter(actor=request.actor, draft_id=draft.pk)
    except DraftMoved as moved:
        draft.situation, draft.answers, draft.delivery_wish = given["situation"], answers, given["delivery_wish"]
        return replace(desk, application=application_of(draft), moved=moved)
    return replace(desk, reasons=[*refused, *hand_over(request, application)])


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def _wish(request: HttpRequest) -> dict[str, str]:
    return posted_wish({name: request.POST.get(f"{DELIVERY}.{name}", "") for name in ("way", *POSTAL)})


def _done(request: HttpRequest, desk: Desk) -> HttpResponse | None:
    """What the pressed button asks for beside saving."""
    what, draft = request.POST.get("_do"), desk.application.draft
    if desk.moved or desk.reasons:
        return None
    if what == "submit":
        return _submitted(request, desk.fresh(request.actor))
    if what == "renew":
        renew_draft(actor=request.actor, draft_id=draft.pk)
    if what == "leave":
        end_help(actor=request.actor, draft_id=draft.pk)
        return redirect("console-counter-visit", desk.visit.pk)
    return None


def _submitted(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Submitted once and received at once, for the clerk has the paper in his hands; a repeat finds it received."""
    application, actor = desk.application, request.actor
    reasons = faults_of_draft(actor, application.draft) + unconfirmed(application)
    faults = wish_faults(application, application.draft.delivery_wish)
    reasons += [Reason(fault.code, fault.text, f"{DELIVERY}.{fault.field}") for fault in faults]
    if request.POST.get("declared") != "yes":
        reasons.append(Reason("declared", _("请申请人核对，确认属实后勾选。"), "declared"))
    if reasons:
        raise CaseRefused(reasons=reasons)
    receipt = submit(actor=actor, draft_id=application.draft.pk)
    with suppress(Conflict):
        receive(actor=actor, case_id=receipt.case_id)
    return redirect("console-counter-receipt", receipt.case_id)


def _shown(request: HttpRequest, desk: Desk, error: TongbanError | None) -> dict[str, Any]:
    application, visit = desk.application, desk.visit
    draft, rest = application.draft, application.leaf
    reasons = [reason for reason in error.reasons if reason.field] if error else []
    wish = draft.delivery_wish
    card = card_at_counter(request.actor, visit.person_id, visit.company_id)
    ways = application.ways_to_deliver
    return {
        "application": application,
        "draft": draft,
        "content": application.content,
        "visit": visit,
        "card": card,
        "helper": helpers_of([draft.pk]).get(draft.pk),
        "questions": [(q, rest.situation.get(q["key"], "")) for q in rest.questions],
        "leaf": rest,
        "fields": rendered(
            application.form,
            draft.answers,
            reasons,
            draft.sources,
            context=application.context,
            notes=draft.sources.get("notes") or {},
            offers=offered(application.form, draft.answers) if looks_for_addresses(request) else None,
        ),
        "cards": cards_of(request.actor, application),
        "ways": ways,
        "wish": {"name": card["name"], "phone": card["phone"], **wish}
        | {"way": wish.get("way") or ("counter" if "counter" in ways else ways[0])},
        "standing": draft_standing(draft),
        "error": error,
        "moved": desk.moved,
    }


urlpatterns = [
    path("console/cases/counter/draft/<uuid:draft_id>/", page, name="console-counter-draft"),
    path("console/cases/counter/draft/<uuid:draft_id>/save/", save, name="console-counter-save"),
]
