"""How long a failed job waits before it is tried again, and when it is given up."""

from __future__ import annotations

FIRST_WAITS = (5, 15, 60, 300, 900)  # seconds
HOUR = 3600
LAST_ATTEMPT = len(FIRST_WAITS) + 72  # three days of hourly attempts


def wait_before_retry(attempts: int) -> int | None:
    """Seconds to wait after so many earlier attempts; None when it is time to give up and tell an operator."""
    if attempts >= LAST_ATTEMPT:
        return None
    return FIRST_WAITS[attempts] if attempts < len(FIRST_WAITS) else HOUR
