"""What every template may use about the frame it stands in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from .console.menu import menu_for

CARE_COOKIE = "tongban_care"


def frame(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {
        "actor": actor,
        "care": request.COOKIES.get(CARE_COOKIE) == "on",
        "city_name": _("广安区"),
        "search_text": request.GET.get("q", ""),
        "console_menu": SimpleLazyObject(lambda: menu_for(actor, request.path)),
        "post_name": _("岗位"),
        "unread": 0,
    }
