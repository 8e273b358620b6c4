"""Automatic decisions at the desk: which items decide by themselves, one decision explained, the switch, the sample."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.errors import NotFound, Refused
from tongban.foundation.kernel.pages import STAFF, audience

from .actions import answer_check, correct_check, halt, lift
from .models import HumanCheck
from .queries import (
    SEE,
    Row,
    board,
    check_for,
    checks_for,
    decided_of,
    explained_one,
    halts_of,
    task_names,
)

CHECK, HALT = "decisions.check", "decisions.halt"
Answer = HumanCheck.Answer
MOST_SHOWN = 100
OUTCOMES = ("grant", "person", "refuse")


@audience(STAFF, SEE)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Every item with rules, with its counts and whether it is halted."""
    rows = board(request.actor)
    context = {"rows": rows, "alarms": [row for row in rows if row.alarms]}
    return render(request, "decisions/console/board.html", context)


def _row(request: HttpRequest, code: str) -> Row:
    found = next((row for row in board(request.actor) if row.item_code == code), None)
    if found is None:
        raise NotFound
    return found


@audience(STAFF, SEE)
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """What one item's rules decided, and its switch."""
    return _item(request, code)


def _item(request: HttpRequest, code: str, error: Refused | None = None) -> HttpResponse:
    row, outcome = _row(request, code), request.GET.get("outcome", "")
    page = decided_of(
        request.actor, code, outcome=outcome if outcome in OUTCOMES else "", cursor=request.GET.get("cursor", "")
    )
    context = {"row": row, "page": page, "outcome": outcome, "halts": halts_of(code), "error": error,
               "typed": request.POST}  # fmt: skip
    return render(request, "decisions/console/item.html", context, status=error.status if error else 200)


@audience(STAFF, HALT)
@require_POST
def switch(request: HttpRequest, code: str) -> HttpResponse:
    """Halt the item or lift the halt, with a reason."""
    act = lift if request.POST.get("turn") == "lift" else halt
    try:
        act(actor=request.actor, item_code=code, reason=request.POST.get("reason", "")[:1001])
    except Refused as error:
        return _item(request, code, error)
    done = _("已恢复智能审批。") if act is lift else _("已停用，从现在起全部转人工办理。")
    messages.success(request, done)
    return redirect("console-decisions-item", code)


@audience(STAFF, SEE)
@require_safe
def one(request: HttpRequest, decided_id: UUID) -> HttpResponse:
    """One decision explained: every value with source and time, the row that decided, the article."""
    return render(request, "decisions/console/one.html", _explained(request, decided_id))


def _explained(request: HttpRequest, decided_id: UUID) -> dict[str, Any]:
    return {"told": explained_one(request.actor, decided_id)}


@audience(STAFF, SEE)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """What was drawn or asked for and waits for a person; and what people found."""
    waiting = checks_for(request.actor)
    context = {
        "waiting": waiting[:MOST_SHOWN],
        "count": waiting.count(),
        "answered": checks_for(request.actor, answered=True)[:20],
        "names": task_names(),
        "may_check": CHECK in request.actor.grants,
    }
    return render(request, "decisions/console/checks.html", context)


@audience(STAFF, CHECK)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Look at one and say whether a person would have decided the same."""
    found, error = check_for(request.actor, check_id), None
    act = correct_check if found.answer and "correct" in request.POST else answer_check
    if request.method == "POST":
        try:
            act(
                actor=request.actor,
                check_id=check_id,
                answer=request.POST.get("answer", ""),
                reasons=request.POST.get("reasons", "")[:2001],
            )
        except Refused as refusal:
            error = refusal
        else:
            messages.success(request, _("已记下核查结论。"))
            return redirect("console-decisions-checks")
    label = _("答复申请人的理由") if found.cause == "asked" else _("理由（不一致的必须写）")
    context = {
        "check": found,
        "error": error,
        "typed": request.POST,
        "reasons_label": label,
        **_answers(request, found),
        **_explained(request, found.decided_id),
    }
    return render(request, "decisions/console/check.html", context, status=error.status if error else 200)


def _answers(request: HttpRequest, found: HumanCheck) -> dict[str, Any]:
    """Who answered, who answered before and was corrected, and whether this official may correct it."""
    before = [(Answer(one["answer"]).label, one, UUID(one["by"])) for one in found.earlier]
    names = staff_names([by for _word, _one, by in before] + ([found.answered_by] if found.answered_by else []))
    return {
        "who": names.get(found.answered_by, "") if found.answered_by else "",
        "earlier": [(word, one, names.get(by, "")) for word, one, by in before],
        "corrects": bool(found.answer) and found.answered_by not in request.actor.names,
    }


HERE = "console/decisions/"
urlpatterns = [
    path(HERE, decisions, name="console-decisions"),
    path(f"{HERE}checks/", checks, name="console-decisions-checks"),
    path(f"{HERE}checks/<uuid:check_id>/", check, name="console-decisions-check"),
    path(f"{HERE}one/<uuid:decided_id>/", one, name="console-decision"),
    path(f"{HERE}items/<str:code>/", item, name="console-decisions-item"),
    path(f"{HERE}items/<str:code>/switch/", switch, name="console-decisions-switch"),
]
