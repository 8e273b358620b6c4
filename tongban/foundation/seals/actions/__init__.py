"""Everything that can be done with seals."""

from .applying import apply_for_seal, apply_to_change, decide_application, may_keep
from .keeping import hand_over, resume_seal, suspend_seal
from .making import make_seal, register_seal
from .using import answer_request, key_to_stamp, may_answer, note_export, request_use, stamp, use_seal, withdraw_request

__all__ = [
    "answer_request",
    "apply_for_seal",
    "apply_to_change",
    "decide_application",
    "hand_over",
    "key_to_stamp",
    "make_seal",
    "may_answer",
    "may_keep",
    "note_export",
    "register_seal",
    "request_use",
    "resume_seal",
    "stamp",
    "suspend_seal",
    "use_seal",
    "withdraw_request",
]
