"""Reading licences: the holder his own, the issuer those it gave, others only through `look_up`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from tongban.foundation.identity.queries import identity_card
from tongban.foundation.kernel.actors import may, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound, NotSignedIn
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.secrets import blind_index
from tongban.foundation.kernel.statements import one_row
from tongban.services.licences.models import Licence, LicenceChange
from tongban.services.licences.rules.states import SUPERSEDED, UNCONFIRMED, VALID, called

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor

SEE = "licences.see"
WHO = {"person": "持证人", "company": "持证人", "system": "系统按期限"}
HEAVY = ("record", "signatures")  # what a list never shows


def own_index(actor: Actor) -> str:
    """The blind index of the number the actor himself holds licences under; empty when he has none."""
    card = identity_card(actor)
    number = card.get("uscc", "") if actor.company_id else card.get("id_number", "")
    return blind_index(number) if number else ""


def _own(actor: Actor) -> QuerySet[Licence]:
    """By the number, not only by the id: history is gathered of people who register later."""
    if not actor.signed_in:
        raise NotSignedIn
    index = own_index(actor)
    mine = Q(holder_id=actor.applicant_id) if actor.applicant_id else Q(pk=None)
    return Licence.objects.filter(mine | Q(holder_index=index) if index else mine)


def my_licences(actor: Actor) -> list[Licence]:
    """His own, the newest version of each, valid ones first; what a later version replaced is in its history."""
    rows = (
        _own(actor)
        .exclude(state__in=[SUPERSEDED, *UNCONFIRMED])
        .select_related("type")
        .defer(*HEAVY)
        .order_by("version")
    )
    newest = {row.family_id: row for row in rows}.values()
    return sorted(newest, key=lambda row: (row.state != VALID, row.type_name, -row.made_at.timestamp()))


def is_holder(actor: Actor, licence: Licence) -> bool:
    """Whether the actor is the one it belongs to, by id or by number."""
    if actor.kind not in ("person", "company"):
        return False
    if licence.holder_id and licence.holder_id == actor.applicant_id:
        return True
    return licence.holder_index == own_index(actor)


def licence_for(actor: Actor, licence_id: UUID | str, *, lock: bool = False) -> Licence:
    """One licence this actor may see: his own, or one his department issued (or that lies in his division's care)."""
    rows = Licence.objects.select_for_update(of=("self",)) if lock else Licence.objects.all()
    licence = find(rows.select_related("type"), pk=licence_id)
    if not is_holder(actor, licence) and not may(actor, SEE, department_id=licence.issuer_id):
        raise NotFound
    return licence


def licence_by_identifier(actor: Actor, identifier: str) -> Licence:
    """The version with this identifier (证照标识), when the actor may see it."""
    licence = find(Licence.objects.select_related("type"), identifier=identifier)
    if not is_holder(actor, licence) and not may(actor, SEE, department_id=licence.issuer_id):
        raise NotFound
    return licence


def _standing(day: date) -> QuerySet[Licence]:
    in_time = (Q(valid_from=None) | Q(valid_from__lte=day)) & (Q(valid_until=None) | Q(valid_until__gte=day))
    return Licence.objects.filter(in_time, state=VALID).exclude(record_digest="")


# As `_standing`, for those who wait for a decision.
TYPES_HELD = """
select array_agg(distinct type_code) from licences_licence
where holder_index = %(index)s and state = 'valid' and record_digest <> ''
    and coalesce(valid_from <= %(on)s, true) and coalesce(valid_until >= %(on)s, true)
"""


def types_held(*, holder_index: str, on: date, limit_ms: int = 0) -> set[str]:
    """Of which types a holder has a licence that can stand for something on the day. One round trip, no licence is loaded."""
    row = one_row(TYPES_HELD, {"index": holder_index, "on": on}, limit_ms=limit_ms)
    return set(row[0] or ()) if row else set()


def standing_for(
    *,
    type_codes: Iterable[str],
    on: date | None = None,
    owner_id: UUID | None = None,
    holder_index: str = "",
) -> list[Licence]:
    """The licences that can stand for a material (免提交): valid on the day, and signed. One query, newest first.

    For a caller that acts for the holder or may see his case; `owner_id` or `holder_index` says whose. What is encrypted and
    heavy is not loaded.
    """
    codes = list(type_codes)
    whose = Q(pk=None)
    if owner_id:
        whose |= Q(holder_id=owner_id)
    if holder_index:
        whose |= Q(holder_index=holder_index)
    rows = _standing(on or today()).filter(whose, type_code__in=codes)
    return list(rows.defer("fields", *HEAVY).order_by("-made_at")) if codes else []


def issued_by(actor: Actor, *, type_code: str = "", state: str = "", cursor: str = "", size: int = 50) -> Page:
    """What the actor's department issued, the newest first; of one type, in one state."""
    permit(actor, SEE, department_id=actor.department_id)
    rows = Licence.objects.filter(issuer_id=actor.department_id).select_related("type").defer("fields", *HEAVY)
    rows = rows.filter(type_code=type_code) if type_code else rows
    rows = rows.filter(state=state) if state else rows
    return page_of(rows, order=["-id"], cursor=cursor, size=size)


def has_licence(*, holder_index: str, type_code: str) -> bool:
    """Whether a number has a licence of a type, in whatever state; for loaders that must not give it twice."""
    return Licence.objects.filter(holder_index=holder_index, type_code=type_code).exists()


def versions_of(licence: Licence) -> list[Licence]:
    """Every version of a licence one may see, the first one first."""
    return list(Licence.objects.filter(family_id=licence.family_id).defer(*HEAVY).order_by("version"))


@dataclass(frozen=True)
class Chapter:
    """One thing that happened to a licence, as its story tells it. `act` is `issue` for the making of a version."""

    at: datetime
    act: str
    version: int
    state: str
    reason: str = ""
    document: str = ""
    file_id: UUID | None = None
    until_on: date | None = None
    by: str = ""


def story_of(licence: Licence) -> list[Chapter]:
    """All that happened to a licence one may see, through all its versions, the newest first. Two queries."""
    versions = {row.pk: row for row in versions_of(licence)}
    made = [
        Chapter(row.made_at, "issue", row.version, "valid", row.basis, by=row.issuer_name) for row in versions.values()
    ]
    done = [
        Chapter(
            change.at, called(change.act, change.from_state), versions[change.licence_id].version, change.to_state, change.reason,
            change.document, change.file_id, change.until_on, by=WHO.get(change.actor_kind, versions[change.licence_id].issuer_name),
        )
        for change in LicenceChange.objects.filter(licence__in=versions)
    ]  # fmt: skip
    return sorted([*made, *done], key=lambda chapter: (chapter.at, chapter.version), reverse=True)


def licence_of_case(case_id: UUID) -> list[Licence]:
    """What a case led to, for whoever may see the case."""
    return list(Licence.objects.filter(case_id=case_id).select_related("type").defer(*HEAVY).order_by("made_at"))
