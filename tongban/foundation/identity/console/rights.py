"""The security administrator sees who may do what, ends sessions, unlocks accounts and hands out systems' keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tongban.foundation.identity import actions, queries
from tongban.foundation.identity.errors import AccountRefused, ClearanceRefused, ProofTermRefused
from tongban.foundation.identity.rules import SYSTEM_SCOPES, UNUSED_AFTER
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import TongbanError
from tongban.foundation.kernel.grades import GRADES, UNCLEARED, WORDS
from tongban.foundation.kernel.pages import STAFF, audience
from tongban.foundation.kernel.typed import day_typed, id_typed
from tongban.foundation.organisations.queries import departments_of, role_names

RIGHTS = "identity.manage_rights"
REACH = {
    "OWN": gettext_lazy("本人"),
    "DEPARTMENT": gettext_lazy("本部门"),
    "DIVISION": gettext_lazy("本区"),
    "ALL": gettext_lazy("全部"),
}


def _rows() -> list[tuple[str, list[str]]]:
    """The table with a cell for every role, applicants first."""
    roles = ["applicant", *role_names()]
    return [(verb, [REACH.get(held.get(role, ""), "") for role in roles]) for verb, held in queries.rights_table()]


def _rights_page(request: HttpRequest, **more: Any) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    text = (request.POST if "q" in request.POST else request.GET).get("q", "").strip()
    clashes, administrators = queries.separation(actor)
    context = {
        "clashes": clashes,
        "administrators": [(role_names()[role], seats) for role, seats in administrators.items()],
        "roles": role_names(),
        "rows": _rows(),
        "unused": queries.unused_accounts(actor),
        "unused_days": UNUSED_AFTER.days,
        "locked": queries.locked_accounts(actor),
        "accounts": [(one, WORDS[one.clearance]) for one in queries.accounts_found(actor, text)] if text else [],
        "text": text,
        "grades": WORDS,
        "uncleared": WORDS[UNCLEARED],
        "clearances": [(row, WORDS[row.grade]) for row in queries.clearances(actor)],
        "clients": queries.system_clients(actor),
        "proof_minutes": int(queries.proof_counts_for().total_seconds() // 60),
        "proof_terms": queries.proof_terms(actor)[:10],
        "deputies": queries.all_deputies(actor),
        "today": today(),
        "departments": departments_of(),
        "scopes": sorted(SYSTEM_SCOPES),
        **more,
    }
    error: TongbanError | None = more.get("error") or more.get("proof_error") or more.get("clearance_error")
    return render(request, "identity/console/rights.html", context, status=error.status if error else 200)


@audience(STAFF, RIGHTS)
def rights(request: HttpRequest) -> HttpResponse:
    return _rights_page(request)


@audience(STAFF, RIGHTS)
@require_POST
def unlock(request: HttpRequest, account_id: UUID) -> HttpResponse:
    actions.unlock(actor=request.actor, account_id=account_id)  # type: ignore[attr-defined]
    messages.success(request, _("账号已解锁，可以马上登录。"))
    return redirect("console_rights")


@audience(STAFF, RIGHTS)
@require_POST
def end_sessions(request: HttpRequest, account_id: UUID) -> HttpResponse:
    count = actions.end_sessions_of(actor=request.actor, account_id=account_id)  # type: ignore[attr-defined]
    messages.success(request, _("已让这个账号在%(count)s处退出登录。") % {"count": count})
    return redirect("console_rights")


@audience(STAFF, RIGHTS)
@require_POST
def issue_key(request: HttpRequest) -> HttpResponse:
    """The key is shown on this answer only."""
    department_id, name = id_typed(request.POST.get("department", "")), request.POST.get("name", "")
    try:
        client, key = actions.issue_system_key(
            actor=request.actor,
            department_id=department_id,
            name=name,
            scopes=request.POST.getlist("scopes"),  # type: ignore[attr-defined]
        )
    except AccountRefused as refusal:
        return _rights_page(request, error=refusal, typed=request.POST, chosen=request.POST.getlist("scopes"))
    return _rights_page(request, new_key=key, new_client=client)


@audience(STAFF, RIGHTS)
@require_POST
def set_proof_term(request: HttpRequest) -> HttpResponse:
    """For how long a proof counts, from a day on."""
    minutes, starts_on = request.POST.get("minutes", "").strip(), day_typed(request.POST.get("starts_on", ""))
    try:
        actions.set_proof_term(
            actor=request.actor,  # type: ignore[attr-defined]
            minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else None,
            starts_on=starts_on,
            reason=request.POST.get("reason", ""),
        )
    except ProofTermRefused as refusal:
        return _rights_page(request, proof_error=refusal, typed=request.POST)
    messages.success(request, _("再次验证的规定已保存。"))
    return redirect("console_rights")


@audience(STAFF, RIGHTS)
@require_POST
def set_clearance(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Up to which grade of data somebody may look."""
    grade = request.POST.get("grade", "")
    try:
        actions.set_clearance(
            actor=request.actor,  # type: ignore[attr-defined]
            account_id=account_id,
            grade=int(grade) if grade in {str(one) for one in GRADES} else None,
            reason=request.POST.get("reason", ""),
        )
    except ClearanceRefused as refusal:
        return _rights_page(request, clearance_error=refusal, typed=request.POST, asked=account_id)
    messages.success(request, _("数据访问级别已调整，马上生效。"))
    return redirect("console_rights")


@audience(STAFF, RIGHTS)
@require_POST
def stop_key(request: HttpRequest, client_id: UUID) -> HttpResponse:
    actions.stop_system_key(actor=request.actor, client_id=client_id)  # type: ignore[attr-defined]
    messages.success(request, _("密钥已停用。"))
    return redirect("console_rights")


urlpatterns = [
    path("", rights, name="console_rights"),
    path("accounts/<uuid:account_id>/unlock/", unlock, name="console_unlock"),
    path("accounts/<uuid:account_id>/sessions/end/", end_sessions, name="console_end_sessions"),
    path("accounts/<uuid:account_id>/clearance/", set_clearance, name="console_clearance"),
    path("proofs/", set_proof_term, name="console_proof_term"),
    path("keys/", issue_key, name="console_issue_key"),
    path("keys/<uuid:client_id>/stop/", stop_key, name="console_stop_key"),
]
