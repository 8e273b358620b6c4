"""Which answers of a form are personal, and how they look to somebody who need not see them whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tongban.foundation.kernel.masks import mask_address, mask_email, mask_id_number, mask_name, mask_phone

BY_TYPE: Mapping[str, Callable[[str], str]] = {"id_number": mask_id_number, "phone": mask_phone, "email": mask_email}
BY_ELEMENT: Mapping[str, Callable[[str], str]] = {
    "person.name": mask_name,
    "company.legal_person": mask_name,
    "person.id_number": mask_id_number,
    "company.legal_person_id": mask_id_number,
    "person.phone": mask_phone,
    "company.phone": mask_phone,
    "person.address": mask_address,
    "person.birth_on": lambda text: text[:4] + "-**-**" if len(text) == 10 else "*" * len(text),
}
INSIDE = ("repeat", "table")


def masked(form: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of the answers with the personal ones masked; repeated groups too. What no field knows stays out."""
    fields = [field for group in form.get("groups") or () for field in group.get("fields") or ()]
    return _masked(fields, answers)


def _masked(fields: list[Mapping[str, Any]], answers: Mapping[str, Any]) -> dict[str, Any]:
    return {field["key"]: _value(field, answers[field["key"]]) for field in fields if field["key"] in answers}


def _value(field: Mapping[str, Any], value: Any) -> Any:
    if field["type"] in INSIDE and isinstance(value, list):
        return [_masked(field.get("fields") or [], row) for row in value if isinstance(row, Mapping)]
    if field["type"] == "address" and isinstance(value, Mapping):
        # The division tells where; the house number is nobody's business until somebody says why.
        return {**value, "detail": mask_address(str(value.get("detail") or ""), keep=0)}
    hide = BY_TYPE.get(field["type"]) or BY_ELEMENT.get(field.get("element") or "") or _by_label(field)
    return hide(value) if hide and isinstance(value, str) else value


def _by_label(field: Mapping[str, Any]) -> Callable[[str], str] | None:
    """A field that nobody bound to an element but whose label asks for somebody's name."""
    unbound = field["type"] == "text" and not field.get("element")
    return mask_name if unbound and "姓名" in str(field.get("label") or "") else None
