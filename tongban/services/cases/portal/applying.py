"""The way in: one question at a time until the situation is known, then what one needs, then a draft."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tongban.foundation.identity.queries import account, capacities_of, mandate_covers
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason, Refused
from tongban.foundation.kernel.pages import PUBLIC, audience
from tongban.services.cases.actions import save_draft
from tongban.services.cases.queries import earlier_answers, my_drafts
from tongban.services.forms.queries import Leaf, leaf, prefill, values_of
from tongban.services.items.errors import ItemNotInForce
from tongban.services.items.queries import published

from .application import Application, on_draft

APPLICANT_KINDS = ("person", "company")


def _kind(actor: Any, content: dict[str, Any]) -> str:
    """As whom one would apply; for somebody not signed in, as whom the item is mostly meant."""
    return actor.kind if actor.kind in APPLICANT_KINDS else (content.get("applicants") or ["person"])[0]


@audience(PUBLIC)
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """The answers so far stand in the address, so that back, reload and sign-in lose nothing."""
    try:
        version = published(code)
    except ItemNotInForce:
        return redirect("item", code)  # its page says why, and where to go instead
    actor = request.actor  # type: ignore[attr-defined]
    content = version.content
    rest = leaf(content, request.GET.dict(), applicant_kind=_kind(actor, content), today=today().isoformat())
    context: dict[str, Any] = {"item": version.item, "content": content, "leaf": rest, "code": code}
    if rest.stop:
        return render(request, "cases/portal/stop.html", context)
    if rest.missing:
        return _ask(request, rest, context)
    context["hindrances"] = _hindrances(actor, content, code)
    if request.method == "POST" and not context["hindrances"]:
        return _start(request, code, content, rest)
    context |= {
        "answers": _in_words(rest),
        "drafts": [draft for draft in my_drafts(actor) if draft.item_code == code],
        "here": f"{request.path}?{urlencode(rest.situation)}",
        "capacities": capacities_of(account(actor.account_id)) if actor.account_id else [],
    }
    return render(request, "cases/portal/ready.html", context)


def _ask(request: HttpRequest, rest: Leaf, context: dict[str, Any]) -> HttpResponse:
    question = next(q for q in rest.questions if q["key"] == rest.missing[0])
    error = None
    if request.GET.get("asked") == question["key"]:
        text = _("请选择一项，再按“继续”。")
        error = Refused(text, reasons=[Reason("required", text, question["key"])])
    before = [q for q in rest.questions if q["key"] in rest.situation]
    back = _without(rest, before[-1]["key"]) if before else ""
    context |= {"question": question, "number": len(before) + 1, "error": error, "back": back, "first": not before}
    return render(request, "cases/portal/question.html", context)


def _without(rest: Leaf, key: str) -> str:
    """The query that asks this question again, all before it kept."""
    kept: dict[str, str] = {}
    for name, value in rest.situation.items():
        if name == key:
            break
        kept[name] = value
    return "?" + urlencode(kept)


def _in_words(rest: Leaf) -> list[dict[str, str]]:
    asked = [question for question in rest.questions if question["key"] in rest.situation]
    return [
        {"question": question["question"], "answer": label, "change": _without(rest, question["key"])}
        for question, label in zip(asked, rest.path, strict=True)
    ]


def _hindrances(actor: Any, content: dict[str, Any], code: str) -> list[str]:
    """Why this actor cannot begin, as codes the page explains with what to do; `sign_in` comes alone."""
    if not actor.signed_in:
        return ["sign_in"]
    if actor.kind not in APPLICANT_KINDS:
        return ["not_an_applicant"]
    found = {
        "for_companies": actor.kind == "person" and "person" not in content["applicants"],
        "for_persons": actor.kind == "company" and "company" not in content["applicants"],
        "mandate": not mandate_covers(actor, code),
        "level": actor.level < int(content.get("assurance_level") or 0),
    }
    return [name for name, stands in found.items() if stands]


def _start(request: HttpRequest, code: str, content: dict[str, Any], rest: Leaf) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    before = earlier_answers(actor, code)
    form = content.get("form") or {}
    draft = save_draft(actor=actor, item_code=code, situation=rest.situation)  # first: a look names what it is for
    known = prefill(
        actor, form, content["task_name"], earlier=before, situation=rest.situation, case_no=f"draft:{draft.pk}"
    )
    save_draft(actor=actor, draft_id=draft.pk, answers=values_of(known), sources=known)
    return redirect("apply_form", code, draft.pk)


@on_draft
def situation_page(request: HttpRequest, application: Application) -> HttpResponse:
    """Questions about the situation that a newer version of the item asks of a draft begun before, one at a time."""
    rest, draft = application.leaf, application.draft
    if not rest.missing:
        return redirect(application.address("form"))
    question = next(q for q in rest.questions if q["key"] == rest.missing[0])
    chosen, error = request.POST.get(question["key"], ""), None
    if chosen in {str(option["value"]) for option in question["options"]}:
        save_draft(
            actor=request.actor,  # type: ignore[attr-defined]
            draft_id=draft.pk,
            situation={**rest.situation, question["key"]: chosen},
        )
        return redirect(application.address("form"))
    if request.method == "POST":
        text = _("请选择一项，再按“继续”。")
        error = Refused(text, reasons=[Reason("required", text, question["key"])])
    context = application.frame("situation", code=draft.item_code, question=question, error=error, first=True)
    context |= {"number": len(rest.situation) + 1, "posts": True}
    return render(request, "cases/portal/question.html", context, status=422 if error else 200)
