"""What anybody who holds a licence may have confirmed: no more than the paper in his hand shows, masked (standards §11.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import F

from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.foundation.kernel.secrets import blind_index
from tongban.services.licences.models import Copy, Licence
from tongban.services.licences.rules.masking import mask_holder, mask_number
from tongban.services.licences.rules.standing import word_of
from tongban.services.licences.rules.states import SUPERSEDED, UNCONFIRMED, state_on

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 20  # licences under one number that are told apart
SHOWN = (
    "identifier", "family_id", "version", "type_name", "number", "holder_kind", "holder_name", "issuer_name", "issuer_id", "valid_from",
    "valid_until", "state",
)  # fmt: skip


@dataclass(frozen=True)
class PublicFace:
    """One version of a licence as a stranger sees it. `status` is a word of `rules.states`, as of today."""

    identifier: str
    name: str
    number: str
    holder: str
    issuer: str
    issuer_id: UUID
    valid_from: date | None
    valid_until: date | None
    status: str
    version: int
    superseded_by: int | None = None  # the newest version of it
    superseded_on: date | None = None  # the day that one was given


def _face(row: Licence, newest: tuple[int, date] | None = None) -> PublicFace:
    return PublicFace(
        identifier=row.identifier,
        name=row.type_name,
        number=mask_number(str(row.number)),
        holder=mask_holder(row.holder_kind, str(row.holder_name)),
        issuer=row.issuer_name,
        issuer_id=row.issuer_id,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        status=state_on(row.state, row.valid_from, row.valid_until, today()),
        version=row.version,
        superseded_by=newest[0] if newest else None,
        superseded_on=newest[1] if newest else None,
    )


@dataclass(frozen=True)
class CopyFace:
    """A copy for one use (加注件) as whoever has it in his hand reads it. `over`: its last day has passed."""

    number: str
    purpose: str
    user_name: str
    made_on: date
    until_on: date | None
    over: bool


def public_copy(identifier: str, number: str) -> CopyFace | None:
    """The copy of this number, made of the version with this identifier. One query."""
    copies = Copy.objects.filter(licence__identifier=identifier)
    copy = next((copy for copy in copies if copy.number == number), None)
    if copy is None:
        return None
    made_on, until = copy.made_at.astimezone(SHANGHAI).date(), copy.until_on
    return CopyFace(number, copy.purpose, str(copy.user_name), made_on, until, until is not None and until < today())


def _shown() -> QuerySet[Licence]:
    """History that its issuer has not signed yet is shown to nobody outside."""
    return Licence.objects.exclude(record_digest="").only(*SHOWN)


def public_face(identifier: str) -> PublicFace | None:
    """The version with this identifier (证照标识). One query; two when a later version has taken its place."""
    row = _shown().filter(identifier=identifier).first()
    if row is None:
        return None
    newest = None
    if row.state == SUPERSEDED:
        versions = Licence.objects.filter(family_id=row.family_id).exclude(state__in=UNCONFIRMED)
        newest = versions.order_by("-version").values_list("version", "issued_on").first()
    return _face(row, newest)


def public_faces(number: str) -> list[PublicFace]:
    """The licences that bear a number (证照编号), the whole of it typed, each in its newest version. One query.

    Not those whose number is a person's own ID number: who knows that need not have the licence in his hand.
    """
    rows = _shown().filter(number_index=blind_index(number)).exclude(state__in=UNCONFIRMED)
    rows = rows.exclude(holder_kind="person", number_index=F("holder_index"))
    newest = rows.order_by("family_id", "-version").distinct("family_id")[:MOST]
    return sorted(map(_face, newest), key=lambda face: (face.status != "valid", face.name, face.identifier))


def standing_of_family(licence_id: UUID) -> dict[str, str]:
    """Identifier → the word its code is checked by, for every version of the licence this version belongs to. One query."""
    family = Licence.objects.filter(pk=licence_id).values("family_id")
    rows = Licence.objects.filter(family_id__in=family).values_list("identifier", "state")
    return {identifier: word_of(state) for identifier, state in rows}
