"""A version is drafted, handed in, agreed to by another person or sent back, and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tongban.foundation.kernel.canonical import canonical, sm3

# Step → the state it is taken in.
FROM: Mapping[str, str] = {
    "hand_in": "draft",
    "agree": "in_review",
    "send_back": "in_review",
    "drop": "draft",
    "withdraw": "published",
}


def step_faults(step: str, *, status: str, is_own: bool, is_empty: bool, reason: str | None = None) -> list[str]:
    """Why a step cannot be taken. `is_own`: whoever takes it drafted the version. `is_empty`: a code set without a value. `reason`:
    what was said of it, None where nothing need be said."""
    faults = ["moved"] if status != FROM[step] else []
    faults += ["own"] if step == "agree" and is_own else []
    faults += ["empty"] if step in ("hand_in", "agree") and is_empty else []
    faults += ["reason"] if reason is not None and not reason.strip() else []
    return faults


def mark_of(content: Mapping[str, Any], effective_on: date) -> str:
    """Tells one state of a draft from another, so that of two who write the second is told."""
    return sm3(canonical({"content": dict(content), "on": str(effective_on)}))
