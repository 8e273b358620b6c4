"""Who may call: a department's own system by its key, or a signed-in person by his session, with the CSRF check of the pages."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.errors import HttpError
from ninja.security import HttpBearer
from ninja.security.apikey import APIKeyCookie

from tongban.foundation.attempts.actions import note
from tongban.foundation.identity.queries import actor_of_key
from tongban.foundation.kernel.errors import NotAllowed, NotSignedIn

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

KEPT_SECONDS = 5.0  # a stopped key opens nothing after so long at the latest
MOST_KEPT = 1000
_kept: dict[str, tuple[float, Actor]] = {}


class WrongKey(NotSignedIn):
    code, title = "api.wrong_key", _("系统密钥无效或者已经停用。")


class ForgedRequest(NotAllowed):
    code, title = "api.csrf", _("请求缺少防伪校验（CSRF）。请从页面发起，或者改用系统密钥。")


def _actor_of(key: str) -> Actor:
    """The system behind a key. Known ones are kept for a few seconds, unknown ones never."""
    held = _kept.get(key)
    if held and held[0] > time.monotonic():
        return held[1]
    actor = actor_of_key(key)
    if not actor.signed_in:
        raise WrongKey
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[key] = (time.monotonic() + KEPT_SECONDS, actor)
    return actor


class SystemKey(HttpBearer):
    """`Authorization: Bearer <key>` of a department's own system."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        try:
            actor = _actor_of(token)
        except WrongKey:
            note("key", address=request.META.get("REMOTE_ADDR", ""))
            raise
        request.actor = actor  # type: ignore[attr-defined]
        return actor


class Session(APIKeyCookie):
    """The session of a signed-in citizen, company or officer; anything but a read needs the CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def __call__(self, request: HttpRequest) -> Any:
        if self.param_name not in request.COOKIES:
            return None
        try:
            return super().__call__(request)
        except HttpError:
            raise ForgedRequest from None

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        actor = request.actor  # type: ignore[attr-defined]
        return actor if actor.signed_in else None


LOCKS = [SystemKey(), Session()]
