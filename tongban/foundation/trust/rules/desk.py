"""What may be applied for, who decides, and what a certificate may go through (GM/T 0034: RA and CA apart)."""

from __future__ import annotations

from collections.abc import Collection
from unicodedata import category
from uuid import UUID

# What people may apply for; the rest the platform makes for itself.
APPLIED_FOR = {"person": "account", "device": "device", "software": "system"}  # kind → first part of the owner
AUTHORITY = frozenset({"root", "issuing"})
HOLD = "certificate_hold"
# Why a certificate is revoked (RFC 5280 5.3.1), those that fit an end certificate.
REASONS = ("key_compromise", "affiliation_changed", "superseded", "cessation_of_operation", "privilege_withdrawn")
LONGEST_TITLE = 64  # RFC 5280: ub-common-name
SHORTEST_WORDS, LONGEST_WORDS = 4, 200


def is_plain(text: str) -> bool:
    """No control characters and no marks that turn the direction of writing: a name must read as it is."""
    return not any(category(char) in ("Cc", "Cf", "Zl", "Zp") for char in text)


def words_fit(text: str) -> bool:
    return SHORTEST_WORDS <= len(text.strip()) <= LONGEST_WORDS and is_plain(text.replace("\n", ""))


def application_faults(*, kind: str, algorithm: str, title: str, purpose: str) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with an application."""
    faults = {
        ("kind", "kind"): kind not in APPLIED_FOR,
        ("algorithm", "algorithm"): algorithm not in ("sm2", "p256"),
        ("title", "title"): not (1 <= len(title) <= LONGEST_TITLE and is_plain(title)),
        ("purpose", "words"): not words_fit(purpose),
    }
    return [fault for fault, stands in faults.items() if stands]


def same_person(applied_by: UUID, deciding: Collection[UUID]) -> bool:
    """Whether whoever applied would decide himself, in his own name or through a deputy."""
    return applied_by in deciding


def may_become(kind: str, state: str, wanted: str) -> bool:
    """Whether a certificate may go from one state to another. Nothing comes back from `revoked`; authorities are not
    touched here: founding another one is a ceremony of its own."""
    if kind in AUTHORITY:
        return False
    return (state, wanted) in {
        ("valid", "suspended"), ("valid", "revoked"), ("suspended", "valid"), ("suspended", "revoked"),
    }  # fmt: skip
