"""The room's acting door."""

from tongban.services.licences.rules.metadata import Holder

from .acts import annul, cancel, change, check_yearly, declare_lost, expire_due, renew, restore, revoke, suspend
from .coding import credential_of
from .drawing import copy_for, copy_number, layout_of, make_copy
from .making import issue, issued_fact, prepared_licence
from .standing import look_in_case, stand_for_materials
from .types import load_type
from .using import Looked, allow, look_up, note_use, show_code, take_back

__all__ = [
    "Holder",
    "Looked",
    "allow",
    "annul",
    "cancel",
    "change",
    "check_yearly",
    "copy_for",
    "copy_number",
    "credential_of",
    "declare_lost",
    "expire_due",
    "issue",
    "issued_fact",
    "layout_of",
    "load_type",
    "look_in_case",
    "look_up",
    "make_copy",
    "note_use",
    "prepared_licence",
    "renew",
    "restore",
    "revoke",
    "show_code",
    "stand_for_materials",
    "suspend",
    "take_back",
]
