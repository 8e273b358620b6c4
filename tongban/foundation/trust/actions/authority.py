"""Founding the certificate service."""

from __future__ import annotations

from django.db import transaction

from .issuing import authority
from .keys import key_for

STAMPS, STATES = "authority:tsa", "authority:ocsp"


@transaction.atomic
def ready_authority() -> None:
    """Root and issuing certificate of each algorithm, and those for time stamps and states; what is there stays."""
    for algorithm in ("sm2", "p256"):
        authority(algorithm)
        key_for(STAMPS, "stamps", algorithm)
        key_for(STATES, "states", algorithm)
