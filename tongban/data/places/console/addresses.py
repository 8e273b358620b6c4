"""Standard addresses: listed, found from what somebody wrote, one with where each value came from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.data.places import queries
from tongban.data.places.queries import SEE
from tongban.foundation.kernel.pages import STAFF, audience

STATES = {"in_use": (_("在用"), "green"), "ended": (_("注销"), ""), "gone": (_("已无来源"), "red")}
PART_NAMES = {
    "road": _("街路巷"), "number": _("门牌号"), "estate": _("小区或村组"), "building": _("楼栋"), "unit": _("单元"), "room": _("户室"),
}  # fmt: skip
LEVELS = {
    "address": (_("找到标准地址"), "green"), "door": (_("只到门牌"), "blue"),
    "division": (_("只到行政区划"), "yellow"), "none": (_("没有认出来"), "red"),
}  # fmt: skip


@audience(STAFF, SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def addresses(request: HttpRequest) -> HttpResponse:
    """The list; what somebody wrote is posted, so that it stands in no address and no log."""
    actor, division = request.actor, request.GET.get("division", "")[:12]  # type: ignore[attr-defined]
    words, text = request.GET.get("q", "").strip()[:100], request.POST.get("text", "").strip()[:200]
    page = queries.addresses_page(actor=actor, division=division, words=words, cursor=request.GET.get("cursor", ""))
    context = {
        "page": page,
        "rows": [(one, STATES[one.state]) for one in page],
        "above": queries.above(division, itself=True) if division else [],
        "division": division,
        "words": words,
        "text": text,
        "match": _match(text) if text else None,
    }
    return render(request, "places/addresses.html", context)


def _match(text: str) -> dict[str, object]:
    said, match = queries.find_address(text, county=queries.home())
    return {
        "level": LEVELS[match.level],
        "code": match.code,
        "matcher": match.matcher,
        "division": [one.name for one in queries.above(match.division, itself=True)] if match.division else [],
        "parts": [(PART_NAMES[part], getattr(said, part)) for part in PART_NAMES if getattr(said, part)],
        "unread": said.unread,
        "others": match.others,
    }


@audience(STAFF, SEE)
@require_safe
def address(request: HttpRequest, address_code: str) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    one = queries.address(actor=actor, code=address_code)
    context = {
        "one": one,
        "state": STATES[one.state],
        "text": queries.text_of(one),
        "above": queries.above(one.division, itself=True),
        "parts": [(name, getattr(one, part)) for part, name in PART_NAMES.items() if getattr(one, part)],
        "values": queries.origins_of(actor=actor, one=one),
    }
    return render(request, "places/address.html", context)


urlpatterns = [
    path("console/places/addresses/", addresses, name="console-addresses"),
    path("console/places/addresses/<str:address_code>/", address, name="console-address"),
]
