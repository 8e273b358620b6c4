"""The form: filled in as far as the city knows, saved as one types, checked when one goes on."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.actions import renew_draft, save_draft
from tongban.services.cases.errors import DraftMoved
from tongban.services.cases.models import Draft
from tongban.services.cases.queries import draft_standing
from tongban.services.cases.queries.applicant import CHANGED
from tongban.services.forms.actions import object_to_values, read_page
from tongban.services.forms.errors import AnswersRefused
from tongban.services.forms.queries import (
    address_book,
    asks_for_addresses,
    laid_in,
    offered,
    parse_notes,
    picked,
    reasons_of,
    sources_after,
    values_of,
)
from tongban.services.forms.queries import render as rendered

from .application import Application, application_of, on_draft, standing_in_words


@dataclass
class Kept:
    """What became of a posted form: the application as it now is, why a file was not taken, whether somebody else saved."""

    application: Application
    refused: list[Reason]
    moved: DraftMoved | None = None


def _keep(request: HttpRequest, application: Application) -> Kept:
    """Save what stands on the page, right or wrong: checking comes after.

    When another device saved meanwhile nothing is overwritten: the page comes back with what was typed here.
    """
    draft, form = application.draft, application.form
    actor = request.actor  # type: ignore[attr-defined]
    before = draft.answers
    answers, refused = read_page(actor=actor, form=form, post=request.POST, uploads=request.FILES, before=before)
    chosen = picked(actor, form, request.POST, purpose=draft.task_name, case_no=f"draft:{draft.pk}")
    answers, sources = laid_in(answers, values_of(chosen)), sources_after(draft.sources, request.POST) | chosen
    notes = {**(draft.sources.get("notes") or {}), **parse_notes(form, request.POST)}
    sources = sources | ({"notes": notes} if notes else {})
    try:
        draft = save_draft(
            actor=actor,
            item_code=draft.item_code,
            draft_id=draft.pk,
            answers=answers,
            sources=sources if sources != draft.sources else None,
            revision=_revision(request),
        )
    except DraftMoved as moved:
        draft.answers = answers
        return Kept(application_of(draft), refused, moved)
    return Kept(application_of(draft), refused)


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def looks_for_addresses(request: HttpRequest) -> bool:
    """Whether standard addresses are to be offered: while one types, and by the button beside an address."""
    return request.method == "POST" and (request.POST.get("_do") or "refresh").startswith("refresh")


def _fields(request: HttpRequest, application: Application, reasons: list[Reason] | None = None) -> str:
    return rendered(
        application.form,
        application.draft.answers,
        reasons or [],
        application.draft.sources,
        context=application.context,
        notes=application.draft.sources.get("notes") or {},
        offers=offered(application.form, application.draft.answers) if looks_for_addresses(request) else None,
        book=address_book(request.actor) if asks_for_addresses(application.form) else [],  # type: ignore[attr-defined]
    )


def _object(request: HttpRequest, application: Application) -> None:
    """Pass on what he wrote beside values that the city filled in and that he says are wrong."""
    draft = application.draft
    object_to_values(
        actor=request.actor,  # type: ignore[attr-defined]
        form=application.form,
        subject=f"draft:{draft.pk}",
        sources=draft.sources,
        notes=draft.sources.get("notes") or {},
    )


@on_draft
def form_page(request: HttpRequest, application: Application) -> HttpResponse:
    """A button inside the form (add or remove a row) saves and comes back; the main one checks and goes on."""
    reasons: list[Reason] = []
    moved = None
    if request.method == "POST":
        kept = _keep(request, application)
        application, reasons, moved = kept.application, kept.refused, kept.moved
        if not moved and draft_standing(application.draft) == CHANGED:
            return redirect(application.address("form"))  # what was typed is kept, and goes on in the new version
        if not request.POST.get("_do") and not moved:
            reasons += reasons_of(application.faults(request.actor))  # type: ignore[attr-defined]
            if not reasons:
                _object(request, application)
                return redirect(application.address("materials"))
    context = application.frame(
        "form",
        fields=_fields(request, application, reasons),
        error=AnswersRefused(reasons=reasons) if reasons else None,
        moved=moved,
        **standing_in_words(application.draft),
    )
    return render(request, "cases/portal/form.html", context, status=409 if moved else 422 if reasons else 200)


@require_POST
@on_draft
def save(request: HttpRequest, application: Application) -> HttpResponse:
    """Autosave: answers with the form as it now is; the page takes over only what changed."""
    kept = _keep(request, application)
    if kept.moved:
        raise kept.moved
    application = kept.application
    return render(
        request, "cases/portal/form_fields.html", application.frame("form", fields=_fields(request, application))
    )


@require_POST
@on_draft
def renew(request: HttpRequest, application: Application) -> HttpResponse:
    """To today's version of the item, everything typed kept."""
    draft: Draft = renew_draft(actor=request.actor, draft_id=application.draft.pk)  # type: ignore[attr-defined]
    return redirect(application_of(draft).address("form"))
