"""Licences of the store (电子证照): the one that an item's result is, and those that stand for materials (免提交)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tongban.foundation.identity.queries import person_id_by_number
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotFound
from tongban.services.cases.queries import case_for
from tongban.services.forms.queries import plain
from tongban.services.licences.actions import Holder, look_in_case, stand_for_materials
from tongban.services.licences.actions import issue as issue_licence

if TYPE_CHECKING:
    from uuid import UUID

    from tongban.services.cases.models import Case, CaseMaterial
    from tongban.services.licences.actions import Looked
    from tongban.services.licences.models import Licence

    from .intake import Checked
    from .turn import Turn


def licence_asked(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """The result of an item that is a licence of the store, if one is."""
    return next((result for result in content.get("results") or () if result.get("licence_type")), None)


def licence_fields(
    result: Mapping[str, Any], answers: Mapping[str, Any], form: Mapping[str, Any] | None, *, name: str, number: str
) -> dict[str, Any]:
    """What stands on the licence: each field from the answer that the item names for it, or from the applicant himself."""
    named = result.get("licence_fields") or {}
    wanted = {key: value for key, value in answers.items() if key in named.values()}
    said = {"applicant.name": name, "applicant.number": number, **plain(form or {}, wanted)}
    return {field: said[source] for field, source in named.items() if source in said}


def licence_holder(result: Mapping[str, Any], answers: Mapping[str, Any], applicant: Holder) -> Holder:
    """Whose licence it is: the applicant's, or that of the person the form names (an old man whose daughter applies)."""
    named = result.get("licence_holder")
    if not named:
        return applicant
    number = str(answers.get(named["number"]) or "").strip().upper()
    if number == applicant.number.upper():
        return applicant
    return Holder("person", number, str(answers.get(named["name"]) or ""), person_id_by_number(number))


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
        holder=licence_holder(
            made,
            case.answers,
            Holder(case.applicant_kind, case.applicant_number, case.applicant_name, case.applicant_id),
        ),
        fields=licence_fields(
            made, case.answers, turn.content.get("form"), name=case.applicant_name, number=case.applicant_number
        ),
        valid_from=turn.on,
        case_id=case.pk,
        basis=case.project_no,
    )


def use_licences(ready: Checked, project_no: str) -> None:
    """The department of the case uses the licences that stand for its materials; their holder reads it in his ledger.

    Refused, and the application with it, when one of them was suspended since it was found a moment ago.
    """
    item = ready.item
    stand_for_materials(
        actor=Actor(kind="system", department_id=item.department_id, division=item.division),
        licences=ready.licences,
        purpose=str(item.content["task_name"]),
        case_no=project_no,
    )


def look_at_licence(*, actor: Actor, case_id: UUID, material_id: UUID) -> tuple[Case, CaseMaterial, Looked]:
    """What the licence says that stands for a material of a case one may see. The look is in the holder's ledger."""
    case = case_for(actor, case_id)
    material = case.materials.filter(pk=material_id).exclude(licence_id=None).first()
    if material is None or material.licence_id is None:
        raise NotFound
    looked = look_in_case(actor=actor, licence_id=material.licence_id, purpose=case.task_name, case_no=case.project_no)
    return case, material, looked
