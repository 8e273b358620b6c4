"""The room's acting door."""

from tongban.services.licences.rules.metadata import Holder

from .acts import annul, cancel, change, check_yearly, declare_lost, expire_due, renew, restore, revoke, suspend
from .coding import credential_of
from .making import issue, issued_fact, prepared_licence
from .types import load_type

__all__ = [
    "Holder",
    "annul",
    "cancel",
    "change",
    "check_yearly",
    "credential_of",
    "declare_lost",
    "expire_due",
    "issue",
    "issued_fact",
    "load_type",
    "prepared_licence",
    "renew",
    "restore",
    "revoke",
    "suspend",
]
