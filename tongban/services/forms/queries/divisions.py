"""Places people choose from: the divisions of an address, level by level."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _


def address_levels(code: str, count: int) -> list[dict[str, Any]]:
    """The dependent lists of an address, each with its options and the one chosen."""
    return []


def address_words(value: dict[str, Any]) -> str:
    """An address as it is written on a letter."""
    return _("%(division)s%(detail)s") % {"division": value.get("division", ""), "detail": value.get("detail", "")}
