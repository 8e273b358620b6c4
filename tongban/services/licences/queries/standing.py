"""Licences in a line, for pages about something else: what stands for a material, and what has become of it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tongban.foundation.kernel.secrets import blind_index
from tongban.services.licences.models import Licence
from tongban.services.licences.rules.states import VALID

from .licences import HEAVY, standing_for
from .words import STATES, status_of

TAIL = 4


@dataclass(frozen=True)
class Brief:
    """One version of a licence in a line. `tail` is the end of its number, `status` how it stands today."""

    id: UUID
    type_code: str
    name: str
    identifier: str
    version: int
    tail: str
    until: date | None
    status: str

    @property
    def stands(self) -> bool:
        return self.status == VALID

    @property
    def word(self) -> Any:
        """Its state as people read it."""
        return STATES[self.status]


def brief_of(licence: Licence) -> Brief:
    return Brief(
        licence.pk, licence.type_code, licence.type_name, licence.identifier, licence.version,
        str(licence.number)[-TAIL:], licence.valid_until, status_of(licence),
    )  # fmt: skip


def standing_briefs(*, type_codes: Iterable[str], owner_id: UUID | None, number: str) -> dict[str, Brief]:
    """By type code, the newest licence somebody holds that can stand for a material today (免提交). One query."""
    index = blind_index(number) if number else ""
    found = standing_for(type_codes=type_codes, owner_id=owner_id, holder_index=index)
    return {licence.type_code: brief_of(licence) for licence in reversed(found)}


def briefs_of(licence_ids: Iterable[UUID | str | None]) -> dict[UUID | None, Brief]:
    """Those licences in a line, by id, for whoever may see the case they stand in. One query, or none for no licence."""
    wanted = {str(licence_id) for licence_id in licence_ids if licence_id}
    rows = Licence.objects.filter(pk__in=wanted).defer("fields", *HEAVY) if wanted else []
    return {licence.pk: brief_of(licence) for licence in rows}
