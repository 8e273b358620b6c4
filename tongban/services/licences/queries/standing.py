"""Licences in a line, for pages about something else: what stands for a material, and what has become of it since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from tongban.foundation.kernel.secrets import blind_index
from tongban.services.licences.models import Grant, Licence
from tongban.services.licences.rules.states import VALID

from .licences import HEAVY, standing_for
from .using import live_grants
from .words import STATES, status_of

TAIL = 4
GRANTED = "持证人授权"  # as the ledger keeps it


@dataclass(frozen=True)
class Brief:
    """One version of a licence in a line. `tail` is the end of its number, `status` how it stands today.

    Where it stands for another's application, `ground` says by which consent, and `by_grant` that it is a permission (授权).
    """

    id: UUID
    family_id: UUID
    type_code: str
    name: str
    identifier: str
    version: int
    tail: str
    until: date | None
    status: str
    ground: str = ""
    by_grant: bool = False

    @property
    def stands(self) -> bool:
        return self.status == VALID

    @property
    def word(self) -> Any:
        """Its state as people read it."""
        return STATES[self.status]


def brief_of(licence: Licence) -> Brief:
    return Brief(
        licence.pk, licence.family_id, licence.type_code, licence.type_name, licence.identifier, licence.version,
        str(licence.number)[-TAIL:], licence.valid_until, status_of(licence),
    )  # fmt: skip


def standing_briefs(*, type_codes: Iterable[str], owner_id: UUID | None, number: str, ground: str = "") -> list[Brief]:
    """The licences somebody holds that can stand for a material today (免提交), the newest first. One query."""
    index = blind_index(number) if number else ""
    found = standing_for(type_codes=type_codes, owner_id=owner_id, holder_index=index)
    return [replace(brief_of(licence), ground=ground) for licence in found]


def lent_briefs(*, type_codes: Iterable[str], owner_id: UUID, number: str, department_id: UUID) -> list[Brief]:
    """Of those, the ones their holder lets a department see whole today (授权), for an application that is not his own."""
    found = standing_for(type_codes=type_codes, owner_id=owner_id, holder_index=blind_index(number))
    open_to = {grant.family_id: grant for grant in live_grants(department_id, [row.family_id for row in found])}
    return [
        replace(brief_of(row), ground=GRANTED, by_grant=True)
        for row in found
        if row.family_id in open_to and covers_whole(open_to[row.family_id], row)
    ]


def covers_whole(grant: Grant, licence: Licence) -> bool:
    """Whether a permission is for everything the licence says: less than that stands for no material."""
    return {field["key"] for field in licence.type.content["fields"]} <= set(grant.fields)


def briefs_of(licence_ids: Iterable[UUID | str | None]) -> dict[UUID | None, Brief]:
    """Those licences in a line, by id, for whoever may see the case they stand in. One query, or none for no licence."""
    wanted = {str(licence_id) for licence_id in licence_ids if licence_id}
    rows = Licence.objects.filter(pk__in=wanted).defer("fields", *HEAVY) if wanted else []
    return {licence.pk: brief_of(licence) for licence in rows}
