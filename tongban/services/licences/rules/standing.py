"""How a licence's state is told to those who check its code without us: four words, whatever the reason was."""

from __future__ import annotations

from .states import DRAFT, EXPIRED, SUPERSEDED, SUSPENDED, VALID

# An expired licence tells so by its own last day.
WORDS = {VALID: "valid", EXPIRED: "valid", SUSPENDED: "suspended", SUPERSEDED: "superseded", DRAFT: "suspended"}


def word_of(state: str) -> str:
    """`valid`, `suspended`, `superseded`, or `revoked` for every other end."""
    return WORDS.get(state, "revoked")
