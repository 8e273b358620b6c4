"""我的地址簿: the entries from identity, drawn and read as a form, so that places are chosen as everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _

from tongban.foundation.identity.actions import keep_address, remove_address
from tongban.foundation.identity.errors import AddressRefused
from tongban.foundation.identity.queries import address_for, identity_card
from tongban.foundation.kernel.errors import Refused
from tongban.foundation.kernel.pages import CITIZEN, audience
from tongban.services.forms.queries import address_book, parse_post, refusal_of, settle
from tongban.services.forms.queries import render as rendered

if TYPE_CHECKING:
    from tongban.foundation.identity.models import Address


def _form() -> dict[str, Any]:
    """One address as a form; its words are in the reader's language."""
    fields: list[dict[str, Any]] = [
        {"key": "label", "label": _("叫什么"), "hint": _("如：家、公司、父母家"), "type": "text", "max": 10},
        {"key": "name", "label": _("收件人"), "type": "text", "max": 40},
        {"key": "phone", "label": _("收件人电话"), "type": "phone"},
        {"key": "place", "label": _("地址"), "type": "address"},
        {"key": "postcode", "label": _("邮政编码"), "hint": _("6位数字"), "type": "text", "max": 6, "required": False},
        {"key": "is_default", "label": _("设为默认地址"), "type": "boolean", "required": False},
    ]
    return {
        "groups": [{"key": "address", "title": _("地址"), "fields": [{"required": True, **field} for field in fields]}]
    }


def _answers_of(entry: Address) -> dict[str, Any]:
    place = {"division": entry.division, "detail": entry.detail}
    told = {name: getattr(entry, name) for name in ("label", "name", "phone", "postcode")}
    return {**told, "place": place, "is_default": entry.is_default or None}


@audience(CITIZEN)
def book(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/addresses.html", {"book": address_book(request.actor)})  # type: ignore[attr-defined]


@audience(CITIZEN)
def add(request: HttpRequest) -> HttpResponse:
    card = identity_card(request.actor)  # type: ignore[attr-defined]
    return _page(request, {name: card.get(name, "") for name in ("name", "phone")})


@audience(CITIZEN)
def change(request: HttpRequest, address_id: UUID) -> HttpResponse:
    entry = address_for(request.actor, address_id)  # type: ignore[attr-defined]
    return _page(request, _answers_of(entry), entry)


def _page(request: HttpRequest, answers: dict[str, Any], entry: Address | None = None) -> HttpResponse:
    """A button named `_do` draws the page anew with what was typed; the main one saves."""
    form, refusal = _form(), None
    if request.method == "POST":
        answers = parse_post(form, request.POST)
        refusal = None if request.POST.get("_do") else _saved(request, form, answers, entry)
        if refusal is None and not request.POST.get("_do"):
            messages.success(request, _("地址已保存。"))
            return redirect("my_addresses")
    reasons = refusal.reasons if refusal else []
    context = {"fields": rendered(form, answers, reasons), "entry": entry, "error": refusal}
    return render(request, "portal/address.html", context, status=refusal.status if refusal else 200)


def _saved(
    request: HttpRequest, form: dict[str, Any], answers: dict[str, Any], entry: Address | None
) -> Refused | None:
    """What is wrong with it; None once it is saved."""
    settled = settle(form, answers, {})
    if settled.faults:
        return refusal_of(settled.faults)
    kept = settled.answers
    try:
        keep_address(
            actor=request.actor,  # type: ignore[attr-defined]
            address_id=entry.pk if entry else None,
            division=kept["place"]["division"],
            detail=kept["place"]["detail"],
            is_default=bool(kept.get("is_default")),
            **{name: kept.get(name, "") for name in ("label", "name", "phone", "postcode")},
        )
    except AddressRefused as refusal:
        return refusal
    return None


@audience(CITIZEN)
def remove(request: HttpRequest, address_id: UUID) -> HttpResponse:
    """Asked once more before it is gone for good."""
    entry = address_for(request.actor, address_id)  # type: ignore[attr-defined]
    if request.method == "POST":
        remove_address(actor=request.actor, address_id=entry.pk)  # type: ignore[attr-defined]
        messages.success(request, _("“%(label)s”已从地址簿删去。") % {"label": entry.label})
        return redirect("my_addresses")
    return render(request, "portal/address_remove.html", {"entry": entry})


urlpatterns = [
    path("my/addresses/", book, name="my_addresses"),
    path("my/addresses/new/", add, name="add_address"),
    path("my/addresses/<uuid:address_id>/", change, name="change_address"),
    path("my/addresses/<uuid:address_id>/remove/", remove, name="remove_address"),
]
