"""How values are shown to people."""

from __future__ import annotations

from typing import Any

from tongban.data.registries.rules import COMPANY_KINDS, NATIONS, SEXES
from tongban.foundation.kernel.errors import Conflict, Refused, Unavailable
from tongban.foundation.organisations.queries import division_path

TOLD = (Refused, Conflict, Unavailable)
CODES: dict[str, dict[str, str]] = {"sex": SEXES, "nation": NATIONS, "kind": COMPANY_KINDS}


def shown(element: str, value: Any) -> str:
    """A value in words: a division by its names, money in yuan, a code by what it stands for."""
    if isinstance(value, dict):
        division = str(value.get("division", ""))
        place = "".join(one.name for one in division_path(division)) if division else ""
        return f"{place}{value.get('detail', '')}"
    if element == "capital" and isinstance(value, int):
        return f"¥{value / 100:,.2f}"
    return CODES.get(element, {}).get(str(value), str(value))
