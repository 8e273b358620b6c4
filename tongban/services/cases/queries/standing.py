"""Electronic licences that stand for materials of an application (免提交), as they stand now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.identity.queries import company, person
from tongban.services.cases.rules import types_asked
from tongban.services.licences.queries import standing_briefs

if TYPE_CHECKING:
    from tongban.services.cases.models import Draft
    from tongban.services.licences.queries import Brief

Materials = Sequence[Mapping[str, Any]]


def stand_ins(materials: Materials, *, owner_id: UUID | None, number: Callable[[], str]) -> dict[str, Brief]:
    """By the key of a material, the licence of the applicant that can stand for it. No query where no material names a type."""
    asked = types_asked(materials)
    if not asked:
        return {}
    codes = {code for types in asked.values() for code in types}
    standing = standing_briefs(type_codes=codes, owner_id=owner_id, number=number())
    found = {key: [standing[code] for code in types if code in standing] for key, types in asked.items()}
    return {key: briefs[0] for key, briefs in found.items() if briefs}


def stand_ins_of(draft: Draft, materials: Materials) -> dict[str, Brief]:
    """The same for whoever's draft it is; the caller has let the actor into the draft."""
    return stand_ins(materials, owner_id=draft.applicant_id, number=lambda: _number(draft))


def _number(draft: Draft) -> str:
    if draft.applicant_kind == "company":
        return str(company(draft.applicant_id).uscc)
    return str(person(draft.applicant_id).id_number)
