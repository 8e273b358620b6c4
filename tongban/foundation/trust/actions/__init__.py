"""Everything that can be done with keys and certificates."""

from .authority import ready_authority
from .keys import key_for, sign, sign_record
from .stamping import answer_stamp_request, time_stamp
from .states import answer_state_question

__all__ = [
    "answer_stamp_request",
    "answer_state_question",
    "key_for",
    "ready_authority",
    "sign",
    "sign_record",
    "time_stamp",
]
