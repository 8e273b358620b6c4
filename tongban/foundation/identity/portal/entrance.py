"""In and out: sign-in, sign-out, and the choice of the capacity to act in."""

from __future__ import annotations

from allauth.account import views as library
from allauth.mfa.base import views as library_mfa
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.foundation.identity.middleware import enter
from tongban.foundation.identity.queries import Capacity, capacities_of
from tongban.foundation.kernel.pages import ACCOUNT, PUBLIC, audience


def safe_next(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a place of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else ""


def home_of(capacity: str) -> str:
    return "/console/" if capacity.startswith("post:") else "/my/"


@audience(PUBLIC)
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    """Password first; whoever has a second factor is asked for it before he is in."""
    if request.user.is_authenticated:
        wanted = safe_next(request)
        return redirect(reverse("choose_capacity") + (f"?{urlencode({'next': wanted})}" if wanted else ""))
    return library.login(request)


@audience(ACCOUNT)
@require_http_methods(["GET", "POST"])
def choose_capacity(request: HttpRequest) -> HttpResponse:
    """本人 / 公司 / 岗位. With one choice only there is nothing to ask."""
    choices = capacities_of(request.user)  # type: ignore[arg-type]
    wanted = safe_next(request)
    chosen = request.POST.get("capacity", "")
    if request.method == "GET" and len(choices) == 1 and "stay" not in request.GET:
        chosen = choices[0].key
    if chosen:
        enter(request, chosen)
        return redirect(wanted or home_of(chosen))
    groups: dict[str, list[Capacity]] = {}
    for choice in choices:
        groups.setdefault(choice.kind, []).append(choice)
    context = {"groups": groups, "next": wanted, "current": request.session.get("capacity", "")}
    return render(request, "identity/choose_capacity.html", context)


urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path("logout/", audience(PUBLIC)(library.logout), name="account_logout"),
    path("enter/", choose_capacity, name="choose_capacity"),
    path("2fa/authenticate/", audience(PUBLIC)(library_mfa.authenticate), name="mfa_authenticate"),
]
