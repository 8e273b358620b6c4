"""At the counter: compare a person with his identity card, so that his account is trusted more or opens again."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.foundation.identity.actions import confirm_at_counter
from tongban.foundation.identity.errors import RegistrationRefused
from tongban.foundation.kernel.pages import STAFF, audience


@audience(STAFF, "persons.verify")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """The new password, if one was asked for, is shown on this answer only."""
    values = {name: request.POST.get(name, "").strip() for name in ("name", "id_number")}
    context: dict[str, object] = {"values": values}
    status = 200
    if request.method == "POST":
        forgotten = "forgotten" in request.POST
        try:
            person, password = confirm_at_counter(actor=request.actor, forgotten=forgotten, **values)  # type: ignore[attr-defined]
        except RegistrationRefused as refusal:
            context["error"], status = refusal, refusal.status
        else:
            context = {
                "values": {},
                "person": person,
                "username": person.account and person.account.username,
                "password": password,
            }
    return render(request, "identity/console/counter.html", context, status=status)


urlpatterns = [path("", counter, name="console_counter_check")]
