"""What a credential is, how it is signed, and when it is to be believed. Nothing here asks a database or a network."""

from .checking import ANSWERS, Checked, Found, Key, KeySet, StatusList, check, read_key_set, read_status_list
from .claims import Claims, Unreadable
from .envelope import opened, sealed
from .statuses import (
    BITS,
    FULL,
    LENGTH,
    MESSAGES,
    REVOKED,
    SUPERSEDED,
    SUSPENDED,
    VALID,
    compressed,
    expanded,
    state_at,
)

__all__ = [
    "ANSWERS", "BITS", "FULL", "LENGTH", "MESSAGES", "REVOKED", "SUPERSEDED", "SUSPENDED", "VALID", "Checked", "Claims",
    "Found", "Key", "KeySet", "StatusList", "Unreadable", "check", "compressed", "expanded", "opened", "read_key_set",
    "read_status_list", "sealed", "state_at",
]  # fmt: skip
