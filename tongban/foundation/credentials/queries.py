"""What strangers need to check a credential: the key set, and which status lists there are."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Max

from tongban.foundation.kernel.clock import now
from tongban.foundation.organisations.queries import division_names
from tongban.foundation.trust.queries import public_keys

from .models import Credential, SigningKey
from .rules import Checked as Checked
from .rules import Claims as Claims
from .rules import KeySet, check, read_key_set
from .rules import Unreadable as Unreadable
from .rules import opened as opened
from .sentences import ANSWERS as ANSWERS
from .sentences import STEPS as STEPS
from .sentences import for_scripts as for_scripts
from .sentences import step_words as step_words


def address_of(digits: str) -> str:
    """What the code on paper holds. What stands behind `#` never leaves the phone that opens it."""
    return f"{settings.SITE_URL}/verify/#{digits}"


def lists() -> range:
    """The numbers of the status lists, from 0. There is always one. One query."""
    last = Credential.objects.aggregate(last=Max("list_no"))["last"]
    return range((last or 0) + 1)


def key_set() -> dict[str, Any]:
    """The published key set. Keys with `use` "credential" sign credentials and status lists; the others sign records."""
    kids = set(SigningKey.objects.values_list("kid", flat=True))
    return {
        "kind": "tongban.keys",
        "city": settings.CITY_DIVISION[:6],
        "name": division_names([settings.CITY_DIVISION]).get(settings.CITY_DIVISION, ""),
        "issued_at": now().replace(microsecond=0).isoformat(),
        "lists": list(lists()),
        "keys": [key | {"use": "credential" if key["kid"] in kids else "record"} for key in public_keys()],
    }


def believed() -> KeySet:
    """Whose signatures under credentials are believed here."""
    return read_key_set(key_set())


def checked(text: str) -> Checked:
    """A credential by our own keys and clock. How the licence stands is asked of the room that owns it, not of a list."""
    return check(text, believed(), None, now())
