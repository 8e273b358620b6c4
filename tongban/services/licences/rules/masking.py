"""How the parts of a licence are hidden from who need not see them all (standards §28.1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tongban.foundation.kernel import masks

PUBLIC = "public"
MASKS: dict[str, Callable[[str], str]] = {
    "name": masks.mask_name,
    "id_number": masks.mask_id_number,
    "phone": masks.mask_phone,
    "address": lambda text: masks.mask_address(text, keep=6),
    "date": lambda day: f"{day[:4]}-**-**",
    "all": lambda text: "*" * min(len(text), 6),
}


def mask_number(number: str) -> str:
    """A licence's number as a stranger sees it: enough to compare with the paper in one's hand, never a whole ID number."""
    if len(number) <= 6:
        return "*" * len(number)
    ends = (3, 3) if re.search(r"\d{17}[\dXx]", number) else (4, 4)
    return (
        number[: ends[0]] + "*" * (len(number) - sum(ends)) + number[-ends[1] :]
        if len(number) > 8
        else "***" + number[-3:]
    )


def mask_holder(kind: str, name: str) -> str:
    """A company's name is public; a person's is not."""
    return name if kind == "company" else masks.mask_name(name)


def masked_fields(definitions: Iterable[Mapping[str, Any]], values: Mapping[str, Any]) -> dict[str, Any]:
    """Each value behind the mask its definition names; what is public stays. An unknown mask hides all."""
    hidden = {}
    for field in definitions:
        value, mask = values.get(field["key"]), field.get("mask") or ""
        if value in (None, ""):
            continue
        hidden[field["key"]] = MASKS.get(mask, MASKS["all"])(str(value)) if mask else value
    return hidden
