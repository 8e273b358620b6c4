"""Every request knows its actor: `request.actor`, from the capacity chosen in this session."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from tongban.foundation.kernel.actors import ANONYMOUS, Actor

from .errors import CapacityRefused, SecondFactorNeeded
from .queries import actor_of
from .sign_in import second_factor_shown

CAPACITY = "capacity"


def enter(request: HttpRequest, capacity: str) -> Actor:
    """From now on this session acts in `capacity`. A post needs a second factor shown in this session."""
    actor = actor_of(request.user, capacity)  # type: ignore[arg-type]
    if actor.kind == "staff" and not second_factor_shown(request):
        raise SecondFactorNeeded
    if request.session.get(CAPACITY) != capacity:
        request.session.cycle_key()  # rights change, so does the key
        request.session[CAPACITY] = capacity
    request.actor = actor  # type: ignore[attr-defined]
    return actor


def _actor_behind(request: HttpRequest) -> Actor:
    """Nobody until a capacity has been chosen; a capacity that has ended is forgotten."""
    capacity = request.session.get(CAPACITY)
    if not capacity or not request.user.is_authenticated:
        return ANONYMOUS
    try:
        actor = actor_of(request.user, capacity)  # type: ignore[arg-type]
    except CapacityRefused:
        del request.session[CAPACITY]
        return ANONYMOUS
    return ANONYMOUS if actor.kind == "staff" and not second_factor_shown(request) else actor


def actor(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor_behind(request))  # type: ignore[attr-defined]
        return get_response(request)

    return middleware
