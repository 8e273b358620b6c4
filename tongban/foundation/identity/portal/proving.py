"""The one page on which somebody proves again who he is, and from which he goes on where he was, with what he had typed."""

from __future__ import annotations

from collections.abc import Sequence
from secrets import token_hex

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.foundation.identity.proving import TYPED, prove
from tongban.foundation.kernel.pages import ACCOUNT, audience, our_place

from .entrance import with_next

AGAIN = "proof-again"  # what was typed elsewhere comes along and goes back there; its value is this one going-on's
BACK = "proof-back"  # the page one came from: where a file leaves one
NOT_TYPED_ELSEWHERE = {*TYPED, AGAIN, BACK, "csrfmiddlewaretoken"}


class GoOn(HttpResponseRedirect):
    """The browser sends the same form once more, to where it was meant for."""

    status_code = 307


def ask_to_prove(request: HttpRequest, typed: Sequence[tuple[str, str]]) -> HttpResponse:
    """In the place of a page that needs a new proof: he proves it, and the page goes on as if nothing had been asked."""
    wanted = request.get_full_path()
    if request.method in ("GET", "HEAD"):
        return redirect(with_next(reverse("prove"), wanted))
    left_behind = request.POST.keys() - {name for name, _value in typed} - NOT_TYPED_ELSEWHERE
    lost, back = bool(request.FILES or left_behind), our_place(request, request.headers.get("Referer", ""))
    return _page(request, wanted, typed, again=token_hex(8), back=back, lost=lost, status=403)


def _page(
    request: HttpRequest,
    wanted: str,
    typed: Sequence[tuple[str, str]],
    *,
    again: str,
    back: str = "",
    lost: bool = False,
    faults: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    account = request.user
    held = set(Authenticator.objects.filter(user_id=account.pk).values_list("type", flat=True))
    at_a_post = request.actor.kind == "staff"  # type: ignore[attr-defined]
    context = {
        "address": with_next(reverse("prove"), wanted),
        "typed": typed,
        "again": again,
        "back": back,
        "lost": lost,
        "faults": faults,
        "by_code": bool(held - {Authenticator.Type.WEBAUTHN}),
        "by_password": not at_a_post,
        "passkey_options": begin_authentication(account) if Authenticator.Type.WEBAUTHN in held else None,
    }
    return render(request, "identity/prove.html", context, status=status)


@audience(ACCOUNT)
@sensitive_post_parameters(*TYPED)
@require_http_methods(["GET", "HEAD", "POST"])
def prove_again(request: HttpRequest) -> HttpResponse:
    """A program sends `proof-code` or `proof-password` with `Accept: application/json` and is answered 204, or 422 with why not."""
    wanted = our_place(request, request.GET.get("next", ""))
    if request.method != "POST":
        return _page(request, wanted, (), again="")
    again, back = request.POST.get(AGAIN, ""), our_place(request, request.POST.get(BACK, ""))
    if faults := prove(request):
        typed = [(n, str(v)) for n, values in request.POST.lists() if n not in NOT_TYPED_ELSEWHERE for v in values]
        return _page(request, wanted, typed, again=again, back=back, faults=faults, status=422)
    if request.headers.get("Accept") == "application/json":
        return HttpResponse(status=204)
    return GoOn(wanted) if again and wanted else redirect(wanted or "security")


urlpatterns = [path("prove/", prove_again, name="prove")]
