"""The threat board: `/console/threats/`, one alert with what stands behind it, the numbers of the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.pages import STAFF, audience

from . import actions, queries
from .errors import AlertRefused, RuleRefused
from .models import Alert
from .rules import WATCHES
from .words import NAMES, UNITS

if TYPE_CHECKING:
    from collections.abc import Iterable

SEE, HANDLE, TUNE, VERIFY = "threats.see", "threats.handle", "threats.tune", "threats.verify"
ALL = "all"
VERBS = ("take", "handle", "close", "send_back")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else None


def _names(alerts: Iterable[Alert]) -> dict[str, str]:
    """Who alerts are about, in words, by what they hold."""
    rows = list(alerts)
    accounts = staff_names(UUID(one.who) for one in rows if WATCHES[one.kind].by == "account")
    shown = {"account": _("账号"), "address": _("网络地址"), "house": _("审计链")}
    return {
        one.who: accounts.get(UUID(one.who), shown["account"]) if (by := WATCHES[one.kind].by) == "account"
        else f"{shown[by]} {one.who[:8] if by == 'address' else ''}".strip()
        for one in rows
    }  # fmt: skip


def _line(alert: Alert, who: dict[str, str]) -> dict[str, Any]:
    return {
        "alert": alert, "name": NAMES[alert.kind], "who": who[alert.who], "is_grave": WATCHES[alert.kind].grave,
        "unit": _("次") if alert.kind not in ("export_size",) else UNITS[alert.kind],
    }  # fmt: skip


@audience(STAFF, SEE)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Alerts that want somebody first; how many came by kind and by day."""
    state, kind = request.GET.get("state", "open"), request.GET.get("kind", "")
    page = queries.alerts(
        request.actor,
        state="" if state == ALL else state,
        kind=kind if kind in NAMES else "",
        cursor=request.GET.get("cursor", ""),
    )
    by_kind, by_day, by_state = queries.counts(request.actor)
    who = _names(page.rows)
    context = {
        "page": page,
        "lines": [_line(alert, who) for alert in page.rows],
        "kinds": NAMES,
        "states": Alert.State.choices,
        "typed": {"state": state, "kind": kind},
        "query": urlencode({"state": state, "kind": kind}),
        "by_kind": sorted(((NAMES[k], n) for k, n in by_kind.items()), key=lambda pair: -pair[1]),
        "by_day": by_day.items(),
        "most": max(by_day.values(), default=0),
        "by_state": [(label, by_state.get(value, 0)) for value, label in Alert.State.choices],
    }
    return render(request, "threats/board.html", context)


def _shown(request: HttpRequest, alert: Alert, error: AlertRefused | None = None) -> HttpResponse:
    grants, mine = request.actor.grants, alert.handled_by in request.actor.names
    behind = queries.evidence(request.actor, alert)
    officers = [one for one in (alert.taken_by, alert.handled_by, alert.verified_by) if one]
    context = {
        **_line(alert, _names([alert])),
        "behind": behind,
        "source": WATCHES[alert.kind].source,
        "officers": staff_names(officers),
        "may_take": HANDLE in grants and alert.state == Alert.State.NEW,
        "may_handle": HANDLE in grants and alert.state in (Alert.State.NEW, Alert.State.TAKEN),
        "may_verify": VERIFY in grants and alert.state == Alert.State.HANDLED and not mine,
        "is_own": mine and alert.state == Alert.State.HANDLED,
        "may_audit": "audit.see" in grants,
        "error": error,
        "typed": request.POST,
    }
    return render(request, "threats/alert.html", context, status=error.status if error else 200)


@audience(STAFF, SEE)
@require_safe
def one_alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    return _shown(request, queries.alert_for(request.actor, alert_id))


@audience(STAFF, SEE)
@require_POST
def move(request: HttpRequest, alert_id: UUID, verb: str) -> HttpResponse:
    """Take it, handle it, close it or send it back."""
    if verb not in VERBS:
        raise NotFound
    given: dict[str, Any] = {"actor": request.actor, "alert_id": alert_id}
    words = request.POST.get("words", "")
    try:
        if verb == "take":
            actions.take(**given)
        elif verb == "handle":
            actions.handle(**given, finding=words)
        else:
            actions.verify(**given, opinion=words, agreed=verb == "close")
    except AlertRefused as refusal:
        return _shown(request, queries.alert_for(request.actor, alert_id), refusal)
    messages.success(request, _("已保存。"))
    return redirect("console-threat", alert_id)


@audience(STAFF, SEE)
@require_safe
def all_rules(request: HttpRequest) -> HttpResponse:
    lines = [(NAMES[kind], UNITS.get(kind, _("次")), one) for kind, one in queries.rules_in_force().items()]
    return render(request, "threats/rules.html", {"lines": lines, "may_tune": TUNE in request.actor.grants})


@audience(STAFF, SEE)
@require_http_methods(["GET", "POST"])
def one_rule(request: HttpRequest, kind: str) -> HttpResponse:
    """The numbers of a rule, and every version before."""
    if kind not in WATCHES:
        raise NotFound
    error = None
    if request.method == "POST":
        most, minutes = (_number(request.POST.get(name, "")) for name in ("most", "minutes"))
        try:
            actions.tune(
                actor=request.actor, kind=kind, most=most, minutes=minutes,
                is_active=request.POST.get("is_active") == "1", reason=request.POST.get("reason", ""),
            )  # fmt: skip
            messages.success(request, _("规则已保存，从现在起按新的次数和时段监测。"))
            return redirect("console-threat-rule", kind)
        except RuleRefused as refusal:
            error = refusal
    versions = queries.changes_of(request.actor, kind)
    context = {
        "name": NAMES[kind], "unit": UNITS.get(kind, _("次")), "rule": queries.rules_in_force()[kind], "versions": versions,
        "officers": staff_names(one.changed_by for one in versions), "may_tune": TUNE in request.actor.grants,
        "error": error, "typed": request.POST, "shipped": WATCHES[kind],
    }  # fmt: skip
    return render(request, "threats/rule.html", context, status=error.status if error else 200)


urlpatterns = [
    path("console/threats/", board, name="console-threats"),
    path("console/threats/rules/", all_rules, name="console-threat-rules"),
    path("console/threats/rules/<slug:kind>/", one_rule, name="console-threat-rule"),
    path("console/threats/<uuid:alert_id>/", one_alert, name="console-threat"),
    path("console/threats/<uuid:alert_id>/<slug:verb>/", move, name="console-threat-move"),
]
