"""In and out: registering, sign-in, sign-out, and the choice of the capacity to act in."""

from __future__ import annotations

from allauth.account import views as library
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.foundation.attempts.actions import allow
from tongban.foundation.identity.actions import sign_up
from tongban.foundation.identity.errors import PasswordDue, RegistrationRefused, SecondFactorNeeded
from tongban.foundation.identity.middleware import AT_A_POST, enter
from tongban.foundation.identity.models import Account
from tongban.foundation.identity.queries import Capacity, capacities_of
from tongban.foundation.identity.sign_in import has_second_factor
from tongban.foundation.kernel.errors import TooMany, Unavailable
from tongban.foundation.kernel.pages import ACCOUNT, PUBLIC, audience, our_place

TYPED = ("username", "name", "id_number", "phone")


def safe_next(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a place of ours."""
    return our_place(request, request.POST.get("next") or request.GET.get("next") or "")


def with_next(url: str, wanted: str) -> str:
    return f"{url}?{urlencode({'next': wanted})}" if wanted else url


def home_of(capacity: str) -> str:
    return "/console/" if capacity.startswith(AT_A_POST) else "/my/"


@audience(PUBLIC)
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password first; whoever has a second factor is asked for it before he is in."""
    if request.user.is_authenticated:
        return redirect(with_next(reverse("choose_capacity"), safe_next(request)))
    return library.login(request)


@audience(PUBLIC)
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    """A citizen opens his own account."""
    values, error = {name: request.POST.get(name, "") for name in TYPED}, None
    if request.method == "POST":
        secret = {name: request.POST.get(name, "") for name in ("password", "again")}
        try:
            allow("registration", request.META.get("REMOTE_ADDR", ""))
            sign_up(**values, **secret)
        except (RegistrationRefused, TooMany, Unavailable) as refusal:
            error = refusal
        else:
            messages.success(request, _("注册成功，请用刚才设置的登录名和密码登录。"))
            return redirect(with_next(reverse("account_login"), safe_next(request)))
    context = {"values": values, "error": error, "next": safe_next(request)}
    return render(request, "identity/register.html", context, status=error.status if error else 200)


@audience(ACCOUNT)
@require_http_methods(["GET", "POST"])
def choose_capacity(request: HttpRequest) -> HttpResponse:
    """本人 / 公司 / 岗位. With one choice only there is nothing to ask."""
    account: Account = request.user  # type: ignore[assignment]
    choices, wanted = capacities_of(account), safe_next(request)
    chosen = request.POST.get("capacity", "")
    if request.method == "GET" and len(choices) == 1 and "stay" not in request.GET:
        chosen = choices[0].key
    if chosen:
        try:
            enter(request, chosen)
        except SecondFactorNeeded:
            return _ask_for_second_factor(request, account, wanted)
        except PasswordDue as due:
            messages.warning(request, str(due.text))
            return redirect("account_change_password")
        return redirect(wanted or home_of(chosen))
    groups: dict[str, list[Capacity]] = {}
    for choice in choices:
        groups.setdefault(choice.kind, []).append(choice)
    context = {"groups": groups, "next": wanted, "current": request.session.get("capacity", "")}
    return render(request, "identity/choose_capacity.html", context)


def _ask_for_second_factor(request: HttpRequest, account: Account, wanted: str) -> HttpResponse:
    """Who has one shows it now; who has none is told how to set one up."""
    back = with_next(reverse("choose_capacity"), wanted)
    if has_second_factor(account):
        return redirect(with_next(reverse("mfa_reauthenticate"), back))
    return render(request, "identity/second_factor_needed.html", {"back": back}, status=403)


@audience(ACCOUNT)
def account_home(request: HttpRequest) -> HttpResponse:
    return redirect("security")


urlpatterns = [
    path("", account_home, name="account_home"),
    path("login/", sign_in, name="account_login"),
    path("logout/", audience(PUBLIC)(library.logout), name="account_logout"),
    path("register/", register, name="account_signup"),
    path("enter/", choose_capacity, name="choose_capacity"),
    path("reauthenticate/", audience(ACCOUNT)(library.reauthenticate), name="account_reauthenticate"),
    path("password/", audience(ACCOUNT)(library.password_change), name="account_change_password"),
]
