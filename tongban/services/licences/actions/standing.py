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
from tongban.services.licences.queries.standing import covers_whole
from tongban.services.licences.queries.words import status_of
from tongban.services.licences.rules.states import VALID

from .using import LOOK, Looked, keys_of, note_use, used_grant

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.licences.queries import Brief


@transaction.atomic
def stand_for_materials(*, actor: Actor, licences: Collection[Brief], purpose: str, case_no: str) -> list[Use]:
    """Each licence stands for a material of a case: held still, and written into its holder's ledger for the department.

    `actor` is the department that gets the case, not whoever hands it in. `NotStanding` unless all are in force now, and what
    is used by the holder's permission is still permitted.
    """
    asked = {brief.id: brief for brief in licences}
    rows = Licence.objects.select_for_update(of=("self",)).filter(pk__in=asked).select_related("type")
    found = list(rows.defer("fields", "record", "signatures"))
    if len(found) < len(asked):
        raise NotStanding
    return [_stands(actor, licence, asked[licence.pk], purpose, case_no) for licence in found]


def _stands(actor: Actor, licence: Licence, brief: Brief, purpose: str, case_no: str) -> Use:
    grant = used_grant(actor, licence) if brief.by_grant else None
    if status_of(licence) != VALID or (brief.by_grant and not (grant and covers_whole(grant, licence))):
        raise NotStanding
    return note_use(
        actor=actor, licence=licence, way=Use.Way.CASE, fields=keys_of(licence), purpose=purpose[:200], case_no=case_no,
        ground=brief.ground,
    )  # fmt: skip


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
