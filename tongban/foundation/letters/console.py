"""The department's own letters (文书模板): the list, the editor with its live preview, the review by a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.drafting.actions import trash
from tongban.foundation.drafting.queries import can_undo, draft_for, drafts_of, open_comments
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.foundation.layouts.errors import TypesettingFailed

from .actions import (
    begin_template,
    hand_in_template,
    picture_of,
    publish_template,
    return_template,
    revise_template,
    source_of,
)
from .errors import TemplateRefused, reasons_of
from .queries import KIND, VERB, WRITTEN_STEPS, asked_by, own_letters, own_template, standard_letters
from .rules import faults_of, fields_of, sample_of
from .sentences import differences
from .shapes import NEW_BLOCKS, legible, shown_blocks

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft

    from .models import LetterTemplate
    from .rules import Fault

UNPRINTABLE = frozenset({"shape", "unbalanced", "no_such_list"})


@audience(STAFF, VERB)
@require_safe
def letters(request: HttpRequest) -> HttpResponse:
    """The standard letters and what the department has made of them."""
    standard, own = standard_letters(today()), own_letters(request.actor)
    drafts = list(drafts_of(request.actor, KIND, verb=VERB, state="open"))
    rows = [
        {
            "step": step,
            "standard": standard.get(step),
            "own": [row for row in own if row.content["step"] == step],
            "drafts": [draft for draft in drafts if draft.key.startswith(f"{step}-")],
        }
        for step in WRITTEN_STEPS
    ]
    waiting = [row for row in own if row.status == row.Status.IN_REVIEW]
    return render(request, "letters/console/list.html", {"rows": rows, "waiting": waiting})


@audience(STAFF, VERB)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Open a draft from a standard letter (`step`) or of the next version of an own one (`code`)."""
    actor, step, code = request.actor, request.POST.get("step", ""), request.POST.get("code", "")
    if code:
        draft = revise_template(actor=actor, code=code)
    elif step in WRITTEN_STEPS:
        item = request.POST.get("item", "")[:60]
        draft = begin_template(actor=actor, department_id=actor.department_id, step=step, item_code=item)
    else:
        raise NotFound
    return redirect("console-letter-draft", draft.pk)


def _draft(request: HttpRequest, letter_draft_id: UUID) -> Draft:
    return draft_for(request.actor, letter_draft_id, kind=KIND)


@audience(STAFF, VERB)
@require_safe
def editor(request: HttpRequest, letter_draft_id: UUID) -> HttpResponse:
    draft = _draft(request, letter_draft_id)
    return render(request, "letters/console/editor.html", _editor(request, draft))


def _editor(request: HttpRequest, draft: Draft, error: TemplateRefused | None = None) -> dict[str, Any]:
    undo, redo = can_undo(request.actor, draft.pk)
    content = legible(draft.content)
    questions = asked_by(request.actor, content["item_code"])
    remarks = open_comments(request.actor, draft.pk)
    return {
        "draft": draft,
        "error": error,
        "can_undo": undo,
        "can_redo": redo,
        "remarks": sum(remarks.values()),
        "content": content,
        "blocks": shown_blocks(content, _faults(draft, questions), remarks),
        "new_blocks": NEW_BLOCKS,
        "place": _place_before_the_signature(content),
        "fields": fields_of(content["step"]),
        "lists": [field.name for field in fields_of(content["step"]) if field.several],
        "questions": questions,
        **_checked(draft, questions),
    }


def _place_before_the_signature(content: dict[str, Any]) -> int:
    kinds = [block.get("type") for block in content["blocks"]]
    return kinds.index("sign") if "sign" in kinds else len(kinds)


def _faults(draft: Draft, questions: list[str]) -> list[Fault]:
    return faults_of(draft.content, frozenset(questions) if draft.content.get("item_code") else None)


def _checked(draft: Draft, questions: list[str]) -> dict[str, Any]:
    """The findings, and how many pages the letter has while it is sound enough to be set."""
    faults, pages = _faults(draft, questions), 0
    if UNPRINTABLE.isdisjoint(fault.code for fault in faults):
        try:
            _picture, pages = _drawn(draft.key, draft.content, draft.department.name, questions)
        except TypesettingFailed:
            pages = 0
    return {"reasons": reasons_of(faults), "pages": range(1, pages + 1)}


def _drawn(
    code: str, content: dict[str, Any], department: str, questions: list[str], page: int = 1
) -> tuple[bytes, int]:
    samples = {label: _("（示例）") + label for label in questions}
    data = {**sample_of(content["step"], samples), "department": department, "title": content["title"]}
    return picture_of(source_of(code, content), data, page)


@audience(STAFF, VERB)
@require_safe
def part(request: HttpRequest, letter_draft_id: UUID, name: str) -> HttpResponse:
    """One region of the editor, asked for again when the draft has changed."""
    return render(request, f"letters/console/{name}.html", _editor(request, _draft(request, letter_draft_id)))


@audience(STAFF, VERB)
@require_safe
def preview(request: HttpRequest, letter_draft_id: UUID, page: int) -> HttpResponse:
    """A page of the draft, filled with made-up data."""
    draft = _draft(request, letter_draft_id)
    questions = asked_by(request.actor, legible(draft.content)["item_code"])
    if not UNPRINTABLE.isdisjoint(fault.code for fault in _faults(draft, questions)):
        raise NotFound
    return _svg(_drawn(draft.key, draft.content, draft.department.name, questions, page)[0])


@audience(STAFF, VERB)
@require_safe
def picture(request: HttpRequest, template_id: UUID, page: int) -> HttpResponse:
    """A page of a version of the department's own letter."""
    template = own_template(request.actor, template_id)
    return _svg(_of_version(request, template, page)[0])


def _of_version(request: HttpRequest, template: LetterTemplate, page: int = 1) -> tuple[bytes, int]:
    assert template.department is not None  # own letters have one
    questions = asked_by(request.actor, template.content.get("item_code", ""))
    return _drawn(template.code, template.content, template.department.name, questions, page)


def _svg(drawn: bytes) -> HttpResponse:
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@audience(STAFF, VERB)
@require_POST
def hand_in(request: HttpRequest, letter_draft_id: UUID) -> HttpResponse:
    draft = _draft(request, letter_draft_id)
    try:
        template = hand_in_template(actor=request.actor, draft_id=draft.pk)
    except TemplateRefused as error:
        return render(request, "letters/console/editor.html", _editor(request, draft, error), status=422)
    messages.success(request, _("已提交审核。请另一位同事核对后发布。"))
    return redirect("console-letter-review", template.pk)


@audience(STAFF, VERB)
@require_POST
def discard(request: HttpRequest, letter_draft_id: UUID) -> HttpResponse:
    """Into the trash, from which the list of drafts brings it back."""
    trash(actor=request.actor, draft_id=_draft(request, letter_draft_id).pk)
    messages.success(request, _("草稿已放进回收站。"))
    return redirect("console-letters")


@audience(STAFF, VERB)
@require_safe
def review(request: HttpRequest, template_id: UUID) -> HttpResponse:
    return _review(request, template_id)


def _review(request: HttpRequest, template_id: UUID, error: TemplateRefused | None = None) -> HttpResponse:
    template = own_template(request.actor, template_id)
    draft = draft_for(request.actor, template.draft_id) if template.draft_id else None
    _page, pages = _of_version(request, template)
    context = {
        "template": template,
        "pages": range(1, pages + 1),
        "error": error,
        "differences": differences(draft) if draft else [],
        "mine": template.drafted_by in request.actor.names,
        "today": today().isoformat(),
        "typed": request.POST,
    }
    return render(request, "letters/console/review.html", context, status=422 if error else 200)


@audience(STAFF, VERB)
@require_POST
def answer(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Publish from a day on, or give back with a reason."""
    try:
        if request.POST.get("answer") == "return":
            reason = request.POST.get("reason", "")[:1000]
            return_template(actor=request.actor, template_id=template_id, reason=reason)
            messages.success(request, _("已退回给起草人，原因写在草稿的批注里。"))
        else:
            template = publish_template(
                actor=request.actor,
                template_id=template_id,
                effective_on=day_typed(request.POST.get("effective_on", "")),
            )
            messages.success(request, _("已发布。事项里选用它后，从生效日起发出的文书用这一版。"))
            return redirect("console-letter-review", template.pk)
    except TemplateRefused as error:
        return _review(request, template_id, error)
    return redirect("console-letters")


HERE = "console/letters/"
urlpatterns = [
    path(HERE, letters, name="console-letters"),
    path(f"{HERE}begin/", begin, name="console-letter-begin"),
    path(f"{HERE}<uuid:letter_draft_id>/", editor, name="console-letter-draft"),
    path(f"{HERE}<uuid:letter_draft_id>/blocks/", part, {"name": "blocks"}, name="console-letter-blocks"),
    path(f"{HERE}<uuid:letter_draft_id>/aside/", part, {"name": "aside"}, name="console-letter-aside"),
    path(f"{HERE}<uuid:letter_draft_id>/preview/<int:page>.svg", preview, name="console-letter-preview"),
    path(f"{HERE}<uuid:letter_draft_id>/hand-in/", hand_in, name="console-letter-hand-in"),
    path(f"{HERE}<uuid:letter_draft_id>/discard/", discard, name="console-letter-discard"),
    path(f"{HERE}versions/<uuid:template_id>/", review, name="console-letter-review"),
    path(f"{HERE}versions/<uuid:template_id>/answer/", answer, name="console-letter-answer"),
    path(f"{HERE}versions/<uuid:template_id>/<int:page>.svg", picture, name="console-letter-picture"),
]
