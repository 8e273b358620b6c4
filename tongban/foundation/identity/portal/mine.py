"""My space, as far as it is about who I am: the safety of my account, and who looked at my data."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.audit.queries import looks_at
from tongban.foundation.identity.actions import end_own_session
from tongban.foundation.identity.models import Account, Person
from tongban.foundation.identity.purposes import shown_looks
from tongban.foundation.identity.rules import device
from tongban.foundation.kernel.pages import ACCOUNT, CITIZEN, audience


@audience(ACCOUNT)
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factors, and where this account is signed in."""
    account: Account = request.user  # type: ignore[assignment]
    factors: dict[str, list[Authenticator]] = {kind: [] for kind in Authenticator.Type.values}
    for factor in Authenticator.objects.filter(user=account).order_by("created_at"):
        factors[factor.type].append(factor)
    recovery = factors["recovery_codes"]
    sessions = UserSession.objects.filter(user=account).order_by("-last_seen_at")[:50]
    context = {
        "account": account,
        "person": Person.objects.filter(account=account).first(),
        "totp": factors["totp"],
        "passkeys": factors["webauthn"],
        "codes_left": len(recovery[0].wrap().get_unused_codes()) if recovery else None,
        "sessions": [(session, device(session.user_agent)) for session in sessions],
        "current_key": request.session.session_key,
        "is_staff": account.appointments.exists(),
    }
    return render(request, "identity/security.html", context)


@audience(ACCOUNT)
@require_POST
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    end_own_session(account=request.user, session_id=session_id)  # type: ignore[arg-type]
    messages.success(request, _("那台设备已退出登录。"))
    return redirect("security")


@audience(CITIZEN)
def looks(request: HttpRequest) -> HttpResponse:
    """Which department looked at my data, what for and when. Names of officers are not shown."""
    page = looks_at(request.actor, cursor=request.GET.get("cursor", ""))  # type: ignore[attr-defined]
    return render(request, "identity/looks.html", {"looks": shown_looks(page.rows), "page": page})


urlpatterns = [
    path("security/", security, name="security"),
    path("security/sessions/<int:session_id>/end/", end_session, name="end_session"),
    path("looks/", looks, name="looks"),
]
