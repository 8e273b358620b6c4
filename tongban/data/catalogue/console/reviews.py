"""What waits for an answer, and the answering: what is to be published beside what holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.data.catalogue.actions import agree, recall, refuse
from tongban.data.catalogue.models import Review
from tongban.data.catalogue.queries.checking import faults_of, reasons
from tongban.data.catalogue.queries.entries import (
    PUBLISH,
    REVIEW,
    WRITE,
    differences,
    low_items,
    review_for,
    reviews_waiting,
    told_fields,
    told_items,
)
from tongban.data.catalogue.rules import lifecycle
from tongban.foundation.clocks.queries import clock_of, lamp_of
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import Actor, may
from tongban.foundation.kernel.errors import NotAllowed, NotFound, TongbanError
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.pages import STAFF, audience


@audience(STAFF)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """What this official may answer now, the oldest first, with the lamp of the platform's limit."""
    actor = request.actor  # type: ignore[attr-defined]
    if not {REVIEW, PUBLISH} & actor.grants.keys():
        raise NotAllowed(verb=REVIEW)
    page = reviews_waiting(actor, cursor=request.GET.get("cursor", ""))
    names = staff_names({row.asked_by for row in page if row.asked_by})
    rows = [(row, names.get(row.asked_by, ""), *_limit(row)) for row in page]
    return render(request, "catalogue/reviews.html", {"page": page, "rows": rows})


def _limit(review: Review) -> tuple[object, str]:
    """The last day of the platform's review and its lamp."""
    clock = (
        clock_of(f"catalogue_review:{review.pk}", "platform_review") if review.state == Review.State.PLATFORM else None
    )
    return (clock.statutory_due_on, lamp_of(clock)) if clock else (None, "")


@audience(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """One review: the differences in words, the whole text, the answer."""
    found = review_for(request.actor, review_id)  # type: ignore[attr-defined]
    if request.method != "POST":
        return _page(request, found)
    try:
        messages.success(request, _answered(request, found))
    except TongbanError as error:
        if error.status in (401, 403, 404):
            raise
        return _page(request, review_for(request.actor, review_id), error)  # type: ignore[attr-defined]
    return redirect("console-catalogue-entry", found.entry_id)


def _answered(request: HttpRequest, found: Review) -> str:
    actor, answer = request.actor, request.POST.get("answer", "")  # type: ignore[attr-defined]
    step = request.POST.get("step", "")[:10]
    if answer == "agree":
        done = agree(actor=actor, review_id=found.pk, step=step)
        return _("已同意，等平台审核。") if done.state == Review.State.PLATFORM else _("已同意，现在生效。")
    if answer == "refuse":
        refuse(actor=actor, review_id=found.pk, reason=request.POST.get("reason", ""), step=step)
        return _("已驳回，起草的同事会看到原因。")
    if answer == "recall":
        recall(actor=actor, review_id=found.pk)
        return _("已收回，可以接着改。")
    raise NotFound


def _page(request: HttpRequest, found: Review, error: TongbanError | None = None) -> HttpResponse:
    actor, entry, version = request.actor, found.entry, found.version  # type: ignore[attr-defined]
    held = entry.published if entry.published_id != version.pk else None
    groups: dict[str, list[tuple[str, str]]] = {}
    for group, title, text in told_fields(entry.kind, version.content):
        groups.setdefault(group, []).append((title, text))
    due, lamp = _limit(found)
    context = {
        "review": found,
        "entry": entry,
        "version": version,
        "older": held,
        "changes": differences(entry.kind, held.content, version.content) if held else [],
        "groups": list(groups.items()),
        "items": told_items(version.content),
        "findings": [*_findings(found), *_low(version.content)],
        "may_answer": _may_answer(actor, found),
        "may_recall": _may_recall(actor, found),
        "names": staff_names(one for one in (found.asked_by, found.department_by, found.platform_by) if one),
        "due": due,
        "lamp": lamp,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "catalogue/review.html", context, status=error.status if error else 200)


def _findings(found: Review) -> list[object]:
    """What has become wrong since it was handed in: a day that went by, a system that was given up."""
    entry, content = found.entry, found.version.content
    if found.act != lifecycle.PUBLISH or found.state not in (Review.State.DEPARTMENT, Review.State.PLATFORM):
        return []
    faults = faults_of(entry.kind, content, fixed_code=entry.code if entry.published_id else "")
    return [one.text for one in reasons(entry.kind, faults, content)]


def _low(content: dict[str, Any]) -> list[str]:
    """Said to those who review, who may well agree: a steward may have his reason."""
    names = listed(item["name"] for item in low_items(content))
    return [_("这些数据项的分级比名称提示的低，请看是否有理由：%(names)s。") % {"names": names}] if names else []


def _is_open(found: Review) -> bool:
    return found.state in (Review.State.DEPARTMENT, Review.State.PLATFORM)


def _may_answer(actor: Actor, found: Review) -> bool:
    verb = REVIEW if found.state == Review.State.DEPARTMENT else PUBLISH
    wrote = [*found.version.authors, *([found.asked_by] if found.asked_by else [])]
    others = lifecycle.may_answer(
        actor.names, wrote=wrote, answered=[found.department_by] if found.department_by else []
    )
    return _is_open(found) and others and may(actor, verb, department_id=found.entry.department_id)


def _may_recall(actor: Actor, found: Review) -> bool:
    took_part = actor.names & {*found.version.authors, found.asked_by}
    return _is_open(found) and bool(took_part) and may(actor, WRITE, department_id=found.entry.department_id)


urlpatterns = [
    path("console/catalogue/reviews/", reviews, name="console-catalogue-reviews"),
    path("console/catalogue/reviews/<uuid:review_id>/", review, name="console-catalogue-review"),
]
