"""The companies one may act for, and whom one lets act for them: persons and mandates from identity, names of items from items."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.foundation.identity.actions import grant_mandate, revoke_mandate
from tongban.foundation.identity.errors import MandateRefused
from tongban.foundation.identity.queries import mandates_of
from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.foundation.kernel.typed import day_typed
from tongban.services.items.queries import in_force_items


def _choices() -> list[tuple[str, str]]:
    """(code, name) of every service item a company may apply for."""
    found = [row for row in in_force_items() if "company" in row.content.get("applicants", [])]
    return [(row.item.code, row.content.get("task_name", row.item.code)) for row in found]


def _page(request: HttpRequest, **more: Any) -> HttpResponse:
    choices = _choices()
    context = {"companies": mandates_of(request.actor), "choices": choices, "names": dict(choices), **more}  # type: ignore[attr-defined]
    error = more.get("error")
    return render(request, "portal/companies.html", context, status=error.status if error else 200)


@audience(CITIZEN)
def companies(request: HttpRequest) -> HttpResponse:
    return _page(request)


@audience(CITIZEN)
@require_POST
def grant(request: HttpRequest, company_id: UUID) -> HttpResponse:
    """Let somebody act for the company, for all items or for those ticked, until a day."""
    name, number = request.POST.get("name", ""), request.POST.get("id_number", "")
    limited = request.POST.get("reach") == "some"
    items = [code for code, _name in _choices() if code in request.POST.getlist("items")] if limited else []
    try:
        if limited and not items:
            raise MandateRefused(_("请勾选可以办的事项，或选“全部事项”。"))
        grant_mandate(
            actor=request.actor, company_id=company_id, name=name, id_number=number, items=items,  # type: ignore[attr-defined]
            until_on=day_typed(request.POST.get("until_on", "")),
        )  # fmt: skip
    except MandateRefused as refusal:
        return _page(request, error=refusal, typed=request.POST, typed_items=items, typed_for=company_id)
    messages.success(request, _("授权已生效。对方登录后可以选择这家公司的身份。"))
    return redirect("my_companies")


@audience(CITIZEN)
@require_POST
def revoke(request: HttpRequest, mandate_id: UUID) -> HttpResponse:
    revoke_mandate(actor=request.actor, mandate_id=mandate_id)  # type: ignore[attr-defined]
    messages.success(request, _("授权已撤销，即刻生效。"))
    return redirect("my_companies")


urlpatterns = [
    path("my/companies/", companies, name="my_companies"),
    path("my/companies/<uuid:company_id>/grant/", grant, name="grant_mandate"),
    path("my/companies/mandates/<uuid:mandate_id>/revoke/", revoke, name="revoke_mandate"),
]
