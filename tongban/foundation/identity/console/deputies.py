"""代理: an officer names who acts for him while he is away, and sees for whom he may act himself."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from tongban.foundation.identity import actions, queries
from tongban.foundation.identity.errors import DeputyRefused
from tongban.foundation.identity.rules import READING, lendable
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed, id_typed

# What may be lent, in the words of the desk, as it is read.
WORDS = {
    "cases.receive": gettext_lazy("收件"),
    "cases.accept": gettext_lazy("受理"),
    "cases.correct": gettext_lazy("告知补正"),
    "cases.refuse_acceptance": gettext_lazy("不予受理"),
    "cases.transfer": gettext_lazy("移送"),
    "cases.apply": gettext_lazy("窗口代为提交"),
    "cases.withdraw": gettext_lazy("代为撤回申请"),
    "cases.review": gettext_lazy("审查"),
    "cases.decide": gettext_lazy("作出决定"),
    "cases.suspend": gettext_lazy("特别程序"),
    "cases.extend": gettext_lazy("延长期限"),
    "cases.terminate": gettext_lazy("终止和作废"),
    "cases.certify": gettext_lazy("制证"),
    "cases.deliver": gettext_lazy("送达"),
    "cases.close": gettext_lazy("办结"),
    "cases.sign": gettext_lazy("会签和加签意见"),
    "cases.urge": gettext_lazy("催办"),
    "registries.look": gettext_lazy("查登记信息"),
}


def _lendable(request: HttpRequest) -> list[tuple[str, Any]]:
    """What the actor's own post may lend; reading goes along by itself."""
    role = next(iter(request.actor.roles), "")  # type: ignore[attr-defined]
    return [(verb, word) for verb, word in WORDS.items() if verb in lendable(role) and verb not in READING]


def _page(request: HttpRequest, error: DeputyRefused | None = None) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    may_name = "identity.depute" in actor.grants
    verbs = _lendable(request) if may_name else []
    context = {
        "may_name": may_name,
        "named": [(row, _words(row.verbs)) for row in queries.deputies_named(actor)],
        "acting": [(row, _words(row.verbs)) for row in queries.deputising_for(actor)],
        "colleagues": [one for one in queries.staff_of(actor.department_id) if one[0] != actor.account_id],
        "verbs": verbs,
        "chosen": request.POST.getlist("verbs") if error else [verb for verb, _word in verbs],
        "today": today(),
        "typed": request.POST,
        "error": error,
    }
    return render(request, "identity/console/deputies.html", context, status=error.status if error else 200)


def _words(verbs: list[str]) -> str:
    return listed(str(WORDS[verb]) for verb in WORDS if verb in verbs)


@audience(STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request)
    all_of_them = {verb for verb, _word in _lendable(request)}
    chosen = set(request.POST.getlist("verbs"))
    try:
        actions.name_deputy(
            actor=request.actor,  # type: ignore[attr-defined]
            account_id=id_typed(request.POST.get("account", "")),
            starts_on=day_typed(request.POST.get("starts_on", "")),
            until_on=day_typed(request.POST.get("until_on", "")),
            verbs=() if chosen == all_of_them else chosen or ("nothing",),
            reason=request.POST.get("reason", ""),
        )
    except DeputyRefused as refusal:
        return _page(request, refusal)
    messages.success(request, _("代理已保存，到期自动结束。代理人在“换一个岗位”里进入。"))
    return redirect("console_deputies")


@audience(STAFF)
@require_POST
def end(request: HttpRequest, deputy_id: UUID) -> HttpResponse:
    actions.end_deputising(actor=request.actor, deputy_id=deputy_id)  # type: ignore[attr-defined]
    messages.success(request, _("代理已结束。"))
    guard = "identity.manage_rights" in request.actor.grants  # type: ignore[attr-defined]
    return redirect("console_rights" if guard else "console_deputies")


urlpatterns = [
    path("", deputies, name="console_deputies"),
    path("<uuid:deputy_id>/end/", end, name="console_end_deputising"),
]
