"""The worklist: by urgency, filtered, searched, acted upon in bulk, exported."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from tongban.foundation.identity.queries import deputising_for, staff_of
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Refused, TongbanError
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.services.cases.actions import accept, assign, claim, delete_view, export_cases, receive, save_view
from tongban.services.cases.models import Case
from tongban.services.cases.queries import case_numbers, saved_views, worklist

from .filters import TABS, current_tab, plain, work_filters
from .rows import LISTED, lines_of
from .sheet import workbook_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

PAGE_SIZE = 50
MOST_AT_ONCE = 50
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@audience(STAFF, "cases.see")
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    given = plain(request.GET)
    page = worklist(request.actor, work_filters(request.GET), request.GET.get("cursor", ""), PAGE_SIZE, columns=LISTED)
    here = current_tab(request.GET)
    context = {
        "page": page,
        "lines": lines_of(page.rows, today()),
        "given": given,
        "query": urlencode(given),
        "tabs": [(title, urlencode(filters), n == here) for n, (title, filters) in enumerate(TABS)],
        "narrowed": bool(set(given) - {"who", "asked", "closed", "handed"}),
        "states": Case.State.choices,
        "lamps": Case.Lamp.choices,
        "channels": Case.Channel.choices,
        "views": [(view, urlencode(view.filters)) for view in saved_views(request.actor)],
        "deputising": [] if request.actor.for_account_id else deputising_for(request.actor),
        "colleagues": _colleagues(request.actor),
        "can": {verb for verb in ("cases.receive", "cases.accept", "cases.export") if verb in request.actor.grants},
    }
    return render(request, "cases/console/worklist.html", context)


def _colleagues(actor: Actor) -> list[tuple[UUID, str]]:
    """Whom this actor may give cases to; nobody unless he decides or heads."""
    may_assign = {"cases.decide", "supervision.see"} & set(actor.grants)
    return staff_of(actor.department_id) if actor.department_id and may_assign else []


BULK: dict[str, tuple[Any, Callable[..., Any]]] = {
    "claim": (gettext_lazy("接办"), claim),
    "receive": (gettext_lazy("收件"), receive),
    "accept": (gettext_lazy("受理"), accept),
    "assign": (gettext_lazy("分派"), assign),
}


@audience(STAFF, "cases.see")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """One verb on several cases, each in a transaction of its own; what became of each is told."""
    verb, chosen = request.POST.get("verb", ""), _ids(request.POST.getlist("case"))
    back = f"{reverse('console-cases')}?{urlencode(plain(request.GET))}"
    if verb not in BULK or not chosen:
        messages.warning(request, _("请先勾选办件，再选择要办的事。"))
        return redirect(back)
    title, action = BULK[verb]
    extra: dict[str, Any] = {}
    if verb == "assign":
        extra["account_id"] = next(iter(_ids([request.POST.get("account_id", "")])), None)
    done = [(case_id, *_outcome(action, request.actor, case_id, extra)) for case_id in chosen[:MOST_AT_ONCE]]
    numbers = case_numbers(request.actor, [case_id for case_id, _ok, _why in done])
    context = {
        "title": title,
        "back": back,
        "results": [(case_id, numbers.get(case_id), ok, why) for case_id, ok, why in done],
        "succeeded": sum(ok for _case, ok, _why in done),
        "left": len(chosen) - len(done),
    }
    return render(request, "cases/console/bulk.html", context)


def _ids(texts: list[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def _outcome(action: Callable[..., Any], actor: Actor, case_id: UUID, extra: dict[str, Any]) -> tuple[bool, list[Any]]:
    """Whether it was done, and every reason why not."""
    try:
        action(actor=actor, case_id=case_id, **extra)
    except TongbanError as refusal:
        return False, [reason.text for reason in refusal.reasons] or [refusal.text]
    return True, []


@audience(STAFF, "cases.export")
@require_POST
def export(request: HttpRequest) -> HttpResponse:
    """The list as a spreadsheet, names masked; who took which list away is recorded."""
    taken = export_cases(actor=request.actor, filters=work_filters(request.GET), said=plain(request.GET))
    answer = HttpResponse(workbook_of(taken), content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="cases-{today():%Y%m%d}.xlsx"'
    answer["Cache-Control"] = "no-store"
    return answer


@audience(STAFF, "cases.see")
@require_POST
def keep_view(request: HttpRequest) -> HttpResponse:
    given = plain(request.GET)
    try:
        save_view(actor=request.actor, name=request.POST.get("name", ""), filters=given)
        messages.success(request, _("视图已保存。"))
    except Refused as refusal:
        for reason in refusal.reasons:
            messages.warning(request, reason.text)
    return redirect(f"{reverse('console-cases')}?{urlencode(given)}")


@audience(STAFF, "cases.see")
@require_POST
def drop_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    delete_view(actor=request.actor, view_id=view_id)
    messages.success(request, _("视图已删除。"))
    return redirect("console-cases")


urlpatterns = [
    path("console/cases/", cases, name="console-cases"),
    path("console/cases/bulk/", bulk, name="console-cases-bulk"),
    path("console/cases/export/", export, name="console-cases-export"),
    path("console/cases/views/", keep_view, name="console-cases-keep-view"),
    path("console/cases/views/<uuid:view_id>/delete/", drop_view, name="console-cases-drop-view"),
]
