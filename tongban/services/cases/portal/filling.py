"""The form: filled in as far as the city knows, saved as one types, checked when one goes on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.actions import renew_draft, save_draft
from tongban.services.cases.models import Draft
from tongban.services.cases.queries import draft_standing
from tongban.services.forms.actions import read_page
from tongban.services.forms.errors import AnswersRefused
from tongban.services.forms.queries import check, parse_notes, reasons_of
from tongban.services.forms.queries import render as rendered

from .application import Application, application_of, on_draft


def _keep(request: HttpRequest, application: Application) -> tuple[Application, list[Reason]]:
    """Save what stands on the page, right or wrong: checking comes after. With why a file was not taken."""
    draft, form = application.draft, application.form
    answers, refused = read_page(
        actor=request.actor,  # type: ignore[attr-defined]
        form=form,
        post=request.POST,
        uploads=request.FILES,
        before=draft.answers,
    )
    notes = {**(draft.sources.get("notes") or {}), **parse_notes(form, request.POST)}
    saved = save_draft(
        actor=request.actor,  # type: ignore[attr-defined]
        item_code=draft.item_code,
        draft_id=draft.pk,
        situation=draft.situation,
        answers=answers,
        sources={**draft.sources, "notes": notes} if notes else draft.sources,
        revision=_revision(request),
    )
    return application_of(saved), refused


def _revision(request: HttpRequest) -> int | None:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 9 else None


def _fields(application: Application, reasons: list[Reason] | None = None) -> str:
    return rendered(
        application.form,
        application.draft.answers,
        reasons or [],
        application.draft.sources,
        context=application.context,
        notes=application.draft.sources.get("notes") or {},
    )


@on_draft
def form_page(request: HttpRequest, application: Application) -> HttpResponse:
    """A button inside the form (add or remove a row) saves and comes back; the main one checks and goes on."""
    reasons: list[Reason] = []
    if request.method == "POST":
        application, reasons = _keep(request, application)
        if not request.POST.get("_do"):
            reasons += reasons_of(check(application.form, application.draft.answers, application.context))
            if not reasons:
                return redirect(application.address("materials"))
    context = application.frame(
        "form",
        fields=_fields(application, reasons),
        error=AnswersRefused(reasons=reasons) if reasons else None,
        standing=draft_standing(application.draft),
    )
    return render(request, "cases/portal/form.html", context, status=422 if reasons else 200)


@require_POST
@on_draft
def save(request: HttpRequest, application: Application) -> HttpResponse:
    """Autosave: answers with the form as it now is; the page takes over only what changed."""
    application, _refused = _keep(request, application)
    return render(request, "cases/portal/form_fields.html", application.frame("form", fields=_fields(application)))


@require_POST
@on_draft
def renew(request: HttpRequest, application: Application) -> HttpResponse:
    """To today's version of the item, everything typed kept."""
    draft: Draft = renew_draft(actor=request.actor, draft_id=application.draft.pk)  # type: ignore[attr-defined]
    return redirect(application_of(draft).address("form"))
