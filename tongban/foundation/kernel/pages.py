"""Every URL wears an audience: who may enter at all. Rights over things are checked in actions and queries."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme

from .errors import NotAllowed, NotSignedIn

PUBLIC = "public"  # anybody
CITIZEN = "citizen"  # a signed-in person, for himself or for a company
STAFF = "staff"  # a member of staff at a post
SYSTEM = "system"  # a department's own system, by key
SIGNED_IN = "signed_in"  # any of them
ACCOUNT = "account"  # whoever has signed in, before he has chosen in what capacity to act

View = Callable[..., HttpResponse]
LARGEST_BODY = 1_000_000  # bytes


def our_place(request: HttpRequest, wanted: str) -> str:
    """An address to go to next, as it is if it leads to a page of this house, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours and wanted.startswith(("/", "http://", "https://")) else ""


def admit(request: HttpRequest, audience: str, verb: str = "") -> None:
    """Raise `NotSignedIn` or `NotAllowed` unless the one who asks belongs to the audience (and holds `verb`)."""
    actor = request.actor  # type: ignore[attr-defined]
    if audience == PUBLIC or (audience == ACCOUNT and request.user.is_authenticated):
        return
    if audience == ACCOUNT or not actor.signed_in:
        raise NotSignedIn
    kinds = {CITIZEN: {"person", "company"}, STAFF: {"staff"}, SYSTEM: {"system"}}.get(audience)
    if (kinds and actor.kind not in kinds) or (verb and verb not in actor.grants):
        raise NotAllowed(verb=verb)


def audience(name: str, verb: str = "") -> Callable[[View], View]:
    """Mark a view with its audience and, for staff, the verb one must hold to enter."""

    def mark(view: View) -> View:
        @wraps(view)
        def entered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            admit(request, name, verb)
            return view(request, *args, **kwargs)

        entered.audience, entered.verb = name, verb  # type: ignore[attr-defined]
        return entered

    return mark


def json_body(request: HttpRequest, *, largest: int = LARGEST_BODY) -> dict[str, Any] | None:
    """The JSON object that was posted; None when it is no object, too large, or not JSON at all (a form, say)."""
    if request.content_type != "application/json" or len(request.body) > largest:
        return None
    try:
        body = json.loads(request.body or b"{}", parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _no_number(word: str) -> Any:
    raise ValueError(word)  # NaN and its like are not JSON
