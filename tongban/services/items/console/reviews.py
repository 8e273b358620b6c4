"""Review by a second person: what waits, what a version changes in words, and publishing or returning it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, Reason, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.items.actions import (
    check_definition,
    publish_version,
    reasons,
    recall_version,
    return_version,
    take_back_version,
)
from tongban.services.items.errors import PublishRefused
from tongban.services.items.models import ItemVersion
from tongban.services.items.queries import by_part, code_tables, comparison_of, is_author, version_for, waiting_for
from tongban.services.items.queries.guide import guide_of_content

Status = ItemVersion.Status


@audience(STAFF, "items.manage")
def reviews(request: HttpRequest) -> HttpResponse:
    """What colleagues have handed in and this person may publish or return."""
    waiting = waiting_for(request.actor)  # type: ignore[attr-defined]
    names = staff_names(version.drafted_by for version in waiting if version.drafted_by)
    rows = [
        {
            "version": version,
            "drafter": names.get(version.drafted_by, "") if version.drafted_by else "",
            "handed_in": _handed_in(version),
        }
        for version in waiting
    ]
    return render(request, "items/console/reviews.html", {"rows": rows})


def _handed_in(version: ItemVersion) -> Any:
    event = version.events.filter(kind="submitted").last()
    return event.at if event else None


@audience(STAFF, "items.see")
def version_page(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One version: what it changes, what is wrong with it, the guide as people will see it, and what may be done."""
    return _page(request, version_for(request.actor, code, number))  # type: ignore[attr-defined]


def _page(request: HttpRequest, version: ItemVersion, error: TongbanError | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    manages = may(actor, "items.manage", department_id=version.item.department_id)
    own = is_author(actor, version)
    in_review = version.status == Status.IN_REVIEW
    compared = comparison_of(version)
    names = staff_names(one for one in (version.drafted_by, version.reviewed_by) if one)
    findings = reasons(check_definition(version.content)[1]) if version.status != Status.PUBLISHED else []
    context = {
        "version": version,
        "item": version.item,
        "content": version.content,
        "compared": compared,
        "groups": by_part(compared.told),
        "findings": findings,
        "drafter": names.get(version.drafted_by, "") if version.drafted_by else "",
        "reviewer": names.get(version.reviewed_by, "") if version.reviewed_by else "",
        "story": version.events.exclude(kind="drafted"),
        "error": error,
        "typed": request.POST,
        "day": request.POST.get("effective_on") or max(version.effective_on, today()).isoformat(),
        "earliest": today(),
        "may_publish": manages and in_review and not own,
        "may_recall": manages and in_review and own,
        "may_take_back": manages and version.status == Status.PUBLISHED and version.effective_on > today(),
        "readable": version.status in (Status.PUBLISHED, Status.IN_REVIEW),
    }
    return render(request, "items/console/version.html", context, status=error.status if error else 200)


def _publish(request: HttpRequest, version: ItemVersion) -> str:
    try:
        day = date.fromisoformat(request.POST.get("effective_on", ""))
    except ValueError:
        raise PublishRefused(reasons=[Reason("day", _("请选择生效日期。"), "effective_on")]) from None
    publish_version(actor=request.actor, version_id=version.pk, effective_on=day)  # type: ignore[attr-defined]
    if day == today():
        return _("已发布，今天起生效。正在填写旧表单的人，内容都保留着，会请他们按新要求核对。")
    return _("已发布，到那天自动生效。生效之前可以撤下。")


def _return(request: HttpRequest, version: ItemVersion) -> str:
    return_version(actor=request.actor, version_id=version.pk, reason=request.POST.get("reason", ""))  # type: ignore[attr-defined]
    return _("已退回，起草人会看到您写的原因。")


def _recall(request: HttpRequest, version: ItemVersion) -> str:
    recall_version(actor=request.actor, version_id=version.pk)  # type: ignore[attr-defined]
    return _("已收回，可以继续修改。")


def _take_back(request: HttpRequest, version: ItemVersion) -> str:
    take_back_version(actor=request.actor, version_id=version.pk, reason=request.POST.get("reason", ""))  # type: ignore[attr-defined]
    return _("已撤下。现在的版本继续有效。")


DONE = {"publish": _publish, "return": _return, "recall": _recall, "take-back": _take_back}


@audience(STAFF, "items.manage")
@require_POST
def decide(request: HttpRequest, code: str, number: int, verb: str) -> HttpResponse:
    """Publish, return, recall or take back; what is refused stands beside what was typed."""
    version = version_for(request.actor, code, number)  # type: ignore[attr-defined]
    if verb not in DONE:
        raise NotFound
    try:
        told = DONE[verb](request, version)
    except TongbanError as error:
        if error.status == 403:
            raise
        return _page(request, version, error)
    messages.success(request, told)
    return redirect("console-item", code)


@audience(STAFF, "items.see")
def guide(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """The guide of a version as people will see it; the answers to its questions are tried in the address."""
    version = version_for(request.actor, code, number)  # type: ignore[attr-defined]
    if version.status not in (Status.PUBLISHED, Status.IN_REVIEW):
        raise NotFound
    found = guide_of_content(version.content, request.GET.dict(), request.GET.get("as", ""))
    context = {
        "guide": found,
        "item": version.content,
        "chosen_kind": request.GET.get("as", ""),
        "result_types": code_tables()["result_type"],
        "preview": version,
        "here": request.path,
    }
    return render(request, "items/guide.html", context)


urlpatterns = [
    path("console/items/reviews/", reviews, name="console-item-reviews"),
    path("console/items/<slug:code>/versions/<int:number>/", version_page, name="console-item-version"),
    path("console/items/<slug:code>/versions/<int:number>/guide/", guide, name="console-item-version-guide"),
    path("console/items/<slug:code>/versions/<int:number>/<slug:verb>/", decide, name="console-item-decide"),
]
