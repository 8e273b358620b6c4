"""What was refused to whom is kept for those who watch over it (`foundation/attempts`)."""

from __future__ import annotations

from django.http import HttpRequest

from tongban.foundation.attempts.actions import note
from tongban.foundation.kernel.actors import ANONYMOUS
from tongban.foundation.kernel.errors import NotAllowed, NotFound, TongbanError

NAMES_A_THING = ("_id", "_no", "identifier")


def note_refusal(request: HttpRequest, error: TongbanError) -> None:
    """No right to it, or an id that is not there for him: of whoever is signed in. What strangers try tells nothing."""
    actor = getattr(request, "actor", ANONYMOUS)
    found = request.resolver_match
    if not actor.signed_in or found is None:
        return
    said = {"account_id": actor.account_id, "address": request.META.get("REMOTE_ADDR", ""), "route": found.route}
    asked = next((f"{name}:{value}" for name, value in found.kwargs.items() if name.endswith(NAMES_A_THING)), "")
    if isinstance(error, NotAllowed):
        thing = " ".join(str(error.details[name]) for name in ("verb", "grade") if name in error.details)
        note("refused", thing=thing or error.code, **said)
    elif isinstance(error, NotFound) and asked:
        note("others_id", thing=asked, **said)
