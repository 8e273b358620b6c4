"""Which fields of a form are filled from registers: told to the lineage when an item is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tongban.services.forms.rules.elements import ELEMENTS, LEGAL_PERSONS, POPULATION


def readings_of(form: Mapping[str, Any]) -> list[dict[str, str]]:
    """`{field, label, register, element}` of each field bound to an element that a register knows."""
    told = []
    for field in [one for group in form.get("groups") or () for one in _within(group)]:
        for register, name in ELEMENTS.get(field.get("element") or "", ()):
            if register in (POPULATION, LEGAL_PERSONS):
                told.append(
                    {
                        "field": field["key"],
                        "label": str(field.get("label") or ""),
                        "register": register,
                        "element": name,
                    }
                )
    return told


def _within(group: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The fields of a group, those of its tables and repeated parts too."""
    for field in group.get("fields") or ():
        yield field
        yield from _within(field)
