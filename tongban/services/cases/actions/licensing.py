"""The licence of the store (电子证照) that an item's result is, from what the applicant said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tongban.services.licences.actions import Holder
from tongban.services.licences.actions import issue as issue_licence

if TYPE_CHECKING:
    from tongban.services.licences.models import Licence

    from .turn import Turn


def licence_asked(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The result of an item that is a licence of the store, if one is."""
    return next((result for result in content.get("results") or () if result.get("licence_type")), None)


def licence_fields(result: Mapping[str, Any], answers: Mapping[str, Any], *, name: str, number: str) -> dict[str, Any]:
    """What stands on the licence: each field from the answer that the item names for it, or from the applicant himself."""
    said = {"applicant.name": name, "applicant.number": number, **answers}
    named = result.get("licence_fields") or {}
    return {field: said[source] for field, source in named.items() if source in said}


def license_case(turn: Turn) -> Licence | None:
    """Issue the licence that a granted case leads to, in the actor's name; None when its item makes none."""
    case = turn.case
    made = licence_asked(turn.content)
    if made is None or not case.applicant_number:
        return None
    return issue_licence(
        actor=turn.actor,
        type_code=made["licence_type"],
        department_id=case.department_id,
        holder=Holder(case.applicant_kind, case.applicant_number, case.applicant_name, case.applicant_id),
        fields=licence_fields(made, case.answers, name=case.applicant_name, number=case.applicant_number),
        valid_from=turn.on,
        case_id=case.pk,
        basis=case.project_no,
    )
