"""Telling people something, seeing it out of the house, and wording it."""

from .accounts import send_code, tell_password_changed, tell_phone_changed
from .notices import (
    begin_notice,
    hand_in_notice,
    publish_notice,
    recall_notice,
    return_notice,
    roll_back_notice,
    use_standard_notice,
)
from .prepared import prepared_message, send_waiting
from .sending import choose_ways, notify, read_all, read_message, send_again, send_out
from .shipped import load_templates
from .writers import tell_reviewers, tell_writer

__all__ = [
    "begin_notice",
    "choose_ways",
    "hand_in_notice",
    "load_templates",
    "notify",
    "prepared_message",
    "publish_notice",
    "read_all",
    "read_message",
    "recall_notice",
    "return_notice",
    "roll_back_notice",
    "send_again",
    "send_code",
    "send_out",
    "send_waiting",
    "tell_password_changed",
    "tell_phone_changed",
    "tell_reviewers",
    "tell_writer",
    "use_standard_notice",
]
