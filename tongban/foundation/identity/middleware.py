"""Every request knows its actor: `request.actor`, from the capacity chosen in this session. Idle sessions end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import ANONYMOUS, Actor
from tongban.foundation.kernel.clock import now

from .actions import end_other_sessions, follow_session
from .errors import CapacityRefused, PasswordDue, SecondFactorNeeded
from .passwords import is_due
from .proving import proof_is_old
from .queries import actor_of
from .rules import SEPARATED
from .sign_in import factors_shown, second_factor_shown

CAPACITY, SEEN, BEGAN, ADMINISTRATOR = "capacity", "seen", "began", "administrator"
AT_A_POST = ("post:", "deputy:")  # one's own, or somebody else's while he is away
SEEN_EVERY = 60  # seconds; a session is not written to the database on each request


def enter(request: HttpRequest, capacity: str) -> Actor:
    """From now on this session acts in `capacity`. A post needs a second factor shown in this session."""
    actor = actor_of(cast("Any", request.user), capacity)
    if actor.kind == "staff" and not second_factor_shown(request):
        raise SecondFactorNeeded
    if actor.kind == "staff" and is_due(cast("Any", request.user)):
        raise PasswordDue
    if request.session.get(CAPACITY) != capacity:
        old_key = request.session.session_key or ""
        request.session.cycle_key()  # rights change, so does the key
        follow_session(request, old_key)
        request.session[CAPACITY] = capacity
        request.session[ADMINISTRATOR] = bool(actor.roles & SEPARATED)
        if actor.roles & SEPARATED:  # one session for each administrator
            end_other_sessions(account=cast("Any", request.user), but=request.session.session_key or "")
    request.actor = actor  # type: ignore[attr-defined]
    return actor


def _actor_behind(request: HttpRequest) -> Actor:
    """Nobody until a capacity has been chosen; a capacity that has ended is forgotten."""
    capacity = request.session.get(CAPACITY)
    if not capacity or not request.user.is_authenticated:
        return ANONYMOUS
    try:
        actor = actor_of(request.user, capacity)
    except CapacityRefused:
        del request.session[CAPACITY]
        return ANONYMOUS
    if actor.kind == "staff" and not second_factor_shown(request):
        return ANONYMOUS
    old = partial(proof_is_old, request, at_a_post=actor.kind == "staff")
    return replace(actor, factors=factors_shown(request), proof_is_old=old)


def _allowed_idle(request: HttpRequest) -> timedelta:
    if request.session.get(ADMINISTRATOR):
        return settings.IDLE_ADMINISTRATOR
    return settings.IDLE_STAFF if request.session.get(CAPACITY, "").startswith(AT_A_POST) else settings.IDLE_CITIZEN


def _end_if_idle(request: HttpRequest) -> None:
    """Sign out who has not been here for too long, or came too long ago; otherwise remember, now and then, that he was."""
    seen, moment = request.session.get(SEEN), int(now().timestamp())
    if seen is None:
        request.session[BEGAN] = moment
    elif moment - request.session.get(BEGAN, moment) > settings.SESSION_LONGEST.total_seconds():
        logout(request)
        messages.warning(request, _("这次登录已满12小时，请重新登录。已保存的草稿都在。"))
        return
    if seen is not None and moment - seen > _allowed_idle(request).total_seconds():
        logout(request)
        messages.warning(request, _("长时间没有操作，已为您退出登录。已保存的草稿都在，请重新登录。"))
    elif seen is None or moment - seen >= SEEN_EVERY:
        request.session[SEEN] = moment


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        if "_auth_user_id" in request.session:
            _end_if_idle(request)
        request.actor = SimpleLazyObject(lambda: _actor_behind(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
