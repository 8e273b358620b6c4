"""How a value is shown to whoever has not given a reason to see more (standards §28.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tongban.foundation.kernel import masks
from tongban.foundation.kernel.identifiers import uscc_fault


def _day(day: str) -> str:
    return f"{day[:4]}-**-**"  # else it would give away what the number's mask hides


def _holder_name(name: str) -> str:
    """A person's name is masked; a body's is in public registers. Names of persons are short, or have a dot between."""
    return masks.mask_name(name) if len(name) <= 4 or "·" in name else name


def _holder_number(number: str) -> str:
    return masks.mask_id_number(number) if uscc_fault(number) else number


HIDES: Mapping[str, Callable[[str], str]] = {
    "": lambda text: text,
    "name": masks.mask_name,
    "id_number": masks.mask_id_number,
    "phone": masks.mask_phone,
    "day": _day,
    "number": lambda number: masks.mask_id_number(number) if len(number) == 18 else number,
    "holder_name": _holder_name,
    "holder_number": _holder_number,
    "last_part": lambda key: f"{key.rpartition('|')[0]}|***",  # of a key of several columns
    "address": masks.mask_address,
}
# Of the two registers that were there before a definition could say it.
MASKS = {
    "person.name": "name",
    "person.id_number": "id_number",
    "person.phone": "phone",
    "person.birth_on": "day",
    "company.phone": "phone",
    "company.legal_person_id": "id_number",
}


def mask_of(element: str, mask: str = "") -> str:
    """How an element is masked: as its definition says, else as is known of `person.…`, `company.…` and any address."""
    return mask or MASKS.get(element, "") or ("address" if element.endswith(".address") else "")


def masked(element: str, value: Any, mask: str = "") -> Any:
    """A value as an officer sees it before he has given a reason to see more. An address keeps its division only.

    `mask`: what the register's definition says; else what is known of `person.…` and `company.…`.
    """
    hide = mask_of(element, mask)
    if hide == "address" and isinstance(value, dict):
        return {"division": value.get("division", ""), "detail": "***"}
    return HIDES[hide](str(value)) if hide and value else value
