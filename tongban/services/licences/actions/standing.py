"""Licences that stand for the materials of a case (免提交): from the submission on, each use in the holder's ledger."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.lookup import find
from tongban.services.licences.errors import NotStanding
from tongban.services.licences.models import Licence, Use
from tongban.services.licences.queries.words import status_of
from tongban.services.licences.rules.states import VALID

from .using import LOOK, Looked, keys_of, note_use

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


@transaction.atomic
def stand_for_materials(*, actor: Actor, licence_ids: Collection[UUID], purpose: str, case_no: str) -> list[Use]:
    """Each licence stands for a material of a case: held still, and written into its holder's ledger for the department.

    `actor` is the department that gets the case, not whoever hands it in. `NotStanding` unless all are in force now.
    """
    rows = Licence.objects.select_for_update(of=("self",)).filter(pk__in=licence_ids).select_related("type")
    found = list(rows.defer("fields", "record", "signatures"))
    if len(found) < len(set(licence_ids)) or any(status_of(licence) != VALID for licence in found):
        raise NotStanding
    return [
        note_use(
            actor=actor, licence=licence, way=Use.Way.CASE, fields=keys_of(licence), purpose=purpose[:200],
            case_no=case_no,
        )
        for licence in found
    ]  # fmt: skip


@transaction.atomic
def look_in_case(*, actor: Actor, licence_id: UUID | str, purpose: str, case_no: str) -> Looked:
    """What a licence says that stands for a material: of that version, whatever became of it. The look is in the ledger.

    For a caller that has made sure that the actor may see the case and that the licence stands in it.
    """
    permit(actor, LOOK, department_id=actor.department_id)
    licence = find(Licence.objects.select_related("type").defer("record", "signatures"), pk=licence_id)
    note_use(
        actor=actor, licence=licence, way=Use.Way.CASE, fields=keys_of(licence), purpose=purpose[:200], case_no=case_no
    )
    return Looked(licence, Use.Way.CASE, "", dict(licence.fields))
