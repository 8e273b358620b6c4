"""What every template may use about the frame it stands in."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import ANONYMOUS, Actor
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.notifications.queries import unread_count
from tongban.foundation.organisations.queries import division, post

from .console.menu import menu_for

CARE_COOKIE = "tongban_care"


@lru_cache(maxsize=1)
def _city(code: str) -> str:
    return division(code).name


def city_name() -> str:
    """The name of the place this installation serves; kept once it is known."""
    try:
        return _city(settings.CITY_DIVISION)
    except NotFound:
        return _("政务服务")


@lru_cache(maxsize=1024)
def _post(post_id: UUID) -> str:
    found = post(post_id)
    return f"{found.department.short_name} {found.name}"


def frame(request: HttpRequest) -> dict[str, Any]:
    actor: Actor = getattr(request, "actor", ANONYMOUS)
    return {
        "actor": actor,
        "care": request.COOKIES.get(CARE_COOKIE) == "on",
        "city_name": SimpleLazyObject(city_name),
        "search_text": request.GET.get("q", ""),
        "console_menu": SimpleLazyObject(lambda: menu_for(actor, request.path)),
        "post_name": SimpleLazyObject(lambda: _post(actor.post_id) if actor.post_id else ""),
        "unread": SimpleLazyObject(lambda: unread_count(actor)),
    }
