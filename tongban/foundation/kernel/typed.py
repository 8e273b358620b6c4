"""What people type into fields and addresses, read; None for what is none of it, so that an action can refuse it in words."""

from __future__ import annotations

from datetime import date
from uuid import UUID


def day_typed(text: str) -> date | None:
    """The day a date field gives (ISO 8601); None when it is empty or no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def id_typed(text: str) -> UUID | None:
    """The id that a choice or an address gives; None when it is empty or none."""
    try:
        return UUID(text)
    except ValueError:
        return None
