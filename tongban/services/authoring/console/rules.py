"""The rules an item decides by (秒批规则): versions, the editor, the trial over past cases, the review by a colleague."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.drafting.queries import can_undo, draft_for, open_comments, open_draft
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, Refused
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.services.authoring.actions import rehearse_rules
from tongban.services.authoring.queries.rules import differences, editor_of, whole_of
from tongban.services.decisions.actions import KIND, VERB, give_back, hand_in, publish, write_rules
from tongban.services.decisions.queries import faults_of, last_rehearsal, reasons_of, remarks_of, rule_sets_of, tried
from tongban.services.items.queries import item_by_code

if TYPE_CHECKING:
    from tongban.foundation.drafting.models import Draft
    from tongban.services.decisions.models import RuleSet


@audience(STAFF, VERB)
@require_safe
def rules(request: HttpRequest, code: str) -> HttpResponse:
    """The versions of an item's rules, and the draft of the next one."""
    item = item_by_code(code)
    versions = rule_sets_of(request.actor, item.code, item.department_id)
    context = {
        "item": item,
        "versions": [{"rules": one, "whole": whole_of(one.content)} for one in versions],
        "draft": open_draft(request.actor, KIND, item.code),
    }
    return render(request, "authoring/rules/home.html", context)


@audience(STAFF, VERB)
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Open a draft of the next version, or go on with the one there is."""
    if open_draft(request.actor, KIND, code) is None:
        write_rules(actor=request.actor, item_code=code)
    return redirect("console-rules-edit", code)


def _draft(request: HttpRequest, code: str) -> Draft:
    draft = open_draft(request.actor, KIND, code)
    if draft is None:
        raise NotFound
    return draft


@audience(STAFF, VERB)
@require_safe
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The editor, or (`part`) the piece of it that is asked for again."""
    draft, part = _draft(request, code), request.GET.get("part", "")
    template = f"authoring/rules/{part}.html" if part in ("content", "aside") else "authoring/rules/editor.html"
    return render(request, template, _context(request, draft))


def _context(request: HttpRequest, draft: Draft, error: Refused | None = None) -> dict[str, Any]:
    undo, redo = can_undo(request.actor, draft.pk)
    return {
        "draft": draft,
        "code": draft.key,
        "error": error,
        "can_undo": undo,
        "can_redo": redo,
        "remarks": sum(int(count) for count in open_comments(request.actor, draft.pk).values()),
        "reasons": reasons_of(faults_of(draft.content)),
        "gaps": remarks_of(draft.content),
        "trials": tried(draft.content),
        "rehearsal": last_rehearsal(draft.pk),
        **editor_of(draft.content),
    }


def _again(request: HttpRequest, draft: Draft, error: Refused) -> HttpResponse:
    return render(request, "authoring/rules/editor.html", _context(request, draft, error), status=error.status)


@audience(STAFF, VERB)
@require_POST
def rehearse(request: HttpRequest, code: str) -> HttpResponse:
    """Try the draft over the item's past cases, in the background."""
    draft = _draft(request, code)
    try:
        rehearse_rules(actor=request.actor, draft_id=draft.pk)
    except Refused as error:
        return _again(request, draft, error)
    messages.success(request, _("已开始用历史办件试算，进度显示在右边。"))
    return redirect("console-rules-edit", code)


@audience(STAFF, VERB)
@require_POST
def submit(request: HttpRequest, code: str) -> HttpResponse:
    draft = _draft(request, code)
    try:
        hand_in(actor=request.actor, draft_id=draft.pk)
    except Refused as error:
        return _again(request, draft, error)
    messages.success(request, _("已提交审核。请另一位同事核对后发布。"))
    return redirect("console-rules-review", code)


def _waiting(request: HttpRequest, code: str) -> RuleSet | None:
    item = item_by_code(code)
    found = rule_sets_of(request.actor, item.code, item.department_id)
    return next((one for one in found if one.status == "in_review"), None)


def _nothing_waits(request: HttpRequest, code: str) -> HttpResponse:
    messages.info(request, _("没有等待审核的规则：可能已经发布或者退回了。"))
    return redirect("console-rules", code)


@audience(STAFF, VERB)
@require_safe
def review(request: HttpRequest, code: str) -> HttpResponse:
    """What waits for a colleague: the differences in words, the trial over past cases, publish or give back."""
    waiting = _waiting(request, code)
    return _review(request, waiting, code) if waiting else _nothing_waits(request, code)


def _review(request: HttpRequest, waiting: RuleSet, code: str, error: Refused | None = None) -> HttpResponse:
    draft = draft_for(request.actor, waiting.draft_id) if waiting.draft_id else None
    names = {str(name) for name in request.actor.names}
    context = {
        "rules": waiting,
        "whole": whole_of(waiting.content),
        "code": code,
        "error": error,
        "differences": differences(draft) if draft else [],
        "rehearsal": last_rehearsal(draft.pk) if draft else None,
        "trials": tried(waiting.content),
        "gaps": remarks_of(waiting.content),
        "mine": bool(names & {*waiting.authors, str(waiting.drafted_by)}),
        "today": today().isoformat(),
        "typed": request.POST,
    }
    return render(request, "authoring/rules/review.html", context, status=error.status if error else 200)


@audience(STAFF, VERB)
@require_POST
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """Publish from a day on, or give back with a reason."""
    waiting = _waiting(request, code)
    if waiting is None:
        return _nothing_waits(request, code)
    try:
        if request.POST.get("answer") == "return":
            give_back(actor=request.actor, rule_set_id=waiting.pk, reason=request.POST.get("reason", "")[:1000])
            messages.success(request, _("已退回给起草人，原因写在草稿的批注里。"))
        else:
            publish(
                actor=request.actor,
                rule_set_id=waiting.pk,
                effective_on=day_typed(request.POST.get("effective_on", "")),
            )
            messages.success(request, _("已发布，从生效日起按这一版规则审批。"))
    except Refused as error:
        return _review(request, waiting, code, error)
    return redirect("console-rules", code)


HERE = "console/authoring/rules/<str:code>/"
urlpatterns = [
    path(HERE, rules, name="console-rules"),
    path(f"{HERE}begin/", begin, name="console-rules-begin"),
    path(f"{HERE}edit/", edit, name="console-rules-edit"),
    path(f"{HERE}rehearse/", rehearse, name="console-rules-rehearse"),
    path(f"{HERE}hand-in/", submit, name="console-rules-hand-in"),
    path(f"{HERE}review/", review, name="console-rules-review"),
    path(f"{HERE}review/answer/", answer, name="console-rules-answer"),
]
