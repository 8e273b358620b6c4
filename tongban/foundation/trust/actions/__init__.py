"""Everything that can be done with keys and certificates."""

from .authority import ready_authority
from .desk import (
    apply_for_certificate,
    apply_for_renewal,
    approve_application,
    issue_certificate,
    refuse_application,
)
from .keys import key_for, sign, sign_record
from .lifecycle import restore_certificate, revoke_certificate, rotate, suspend_certificate
from .stamping import answer_stamp_request, time_stamp
from .states import answer_state_question

__all__ = [
    "answer_stamp_request",
    "answer_state_question",
    "apply_for_certificate",
    "apply_for_renewal",
    "approve_application",
    "issue_certificate",
    "key_for",
    "ready_authority",
    "refuse_application",
    "restore_certificate",
    "revoke_certificate",
    "rotate",
    "sign",
    "sign_record",
    "suspend_certificate",
    "time_stamp",
]
