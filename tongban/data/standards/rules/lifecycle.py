"""A version is drafted, handed in, agreed to by another person or sent back, and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping

# Step → the state it is taken in.
FROM: Mapping[str, str] = {
    "hand_in": "draft",
    "agree": "in_review",
    "send_back": "in_review",
    "drop": "draft",
    "withdraw": "published",
}


def step_faults(step: str, *, status: str, is_own: bool, is_empty: bool) -> list[str]:
    """Why a step cannot be taken. `is_own`: whoever takes it drafted the version. `is_empty`: a code set without a value."""
    faults = ["moved"] if status != FROM[step] else []
    faults += ["own"] if step == "agree" and is_own else []
    faults += ["empty"] if step in ("hand_in", "agree") and is_empty else []
    return faults
