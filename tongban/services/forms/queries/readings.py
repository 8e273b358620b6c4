"""Which fields of a form are filled from registers (told to the lineage when an item is published), and which one names a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tongban.services.forms.rules.elements import ELEMENTS, LEGAL_PERSONS, POPULATION, PROJECT


def readings_of(form: Mapping[str, Any], results: Iterable[Mapping[str, Any]] = ()) -> list[dict[str, Any]]:
    """`{field, label, register, element, on_licence}` of each field bound to an element that a register knows; `results` are the item's."""
    told: list[dict[str, Any]] = []
    shown = {
        name
        for result in results
        for names in (result.get("licence_fields"), result.get("licence_holder"))
        for name in (names or {}).values()
    }
    for field in [one for group in form.get("groups") or () for one in _within(group)]:
        for register, name in ELEMENTS.get(field.get("element") or "", ()):
            if register in (POPULATION, LEGAL_PERSONS):
                told.append(
                    {
                        "field": field["key"],
                        "label": str(field.get("label") or ""),
                        "register": register,
                        "element": name,
                        "on_licence": field["key"] in shown,
                    }
                )
    return told


def project_of(form: Mapping[str, Any], answers: Mapping[str, Any]) -> str:
    """The code of the investment project (投资项目代码) that an application says it belongs to; empty when its form asks for none."""
    for group in form.get("groups") or ():
        for field in group.get("fields") or ():
            if field.get("element") == PROJECT:
                return str(answers.get(field["key"]) or "").strip().upper()[:40]
    return ""


def _within(group: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The fields of a group, those of its tables and repeated parts too."""
    for field in group.get("fields") or ():
        yield field
        yield from _within(field)
