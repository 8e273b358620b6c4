"""Licences as they are issued in a department's own system (实时汇聚): sent to us, and what is done to them there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.services.licences.errors import (
    FIELD_WORDS,
    AlreadyThere,
    LicenceRefused,
)
from tongban.services.licences.models import Licence
from tongban.services.licences.queries import licence_by_identifier
from tongban.services.licences.rules.states import DISCARDED, SUPERSEDED
from tongban.services.licences.rules.tables import HEADINGS

from . import acts
from .gather_rows import one_by_one
from .making import Place, composed
from .once import once

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.licences.rules.metadata import Holder

GATHER, MANAGE = "licences.gather", "licences.manage"
LONGEST_NUMBER = 60
ACTS: dict[str, Callable[..., Licence]] = {
    "change": acts.change, "renew": acts.renew, "check_yearly": acts.check_yearly, "suspend": acts.suspend,
    "restore": acts.restore, "cancel": acts.cancel, "revoke": acts.revoke, "annul": acts.annul,
    "declare_lost": acts.declare_lost,
}  # fmt: skip


def receive(
    *,
    actor: Actor,
    key: str,
    type_code: str,
    number: str,
    holder: Holder,
    issued_on: date,
    fields: Mapping[str, Any],
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> tuple[Licence, bool]:
    """Take in a licence that the actor's own department issued in its system; True when this key had brought it before.

    It gets its identifier here and is signed with the department's keys. Refused with every fault at once; `AlreadyThere`
    when there is one of this type and number.
    """
    permit(actor, GATHER, department_id=actor.department_id)
    asked = [
        type_code,
        number,
        holder.kind,
        holder.number,
        holder.name,
        issued_on,
        dict(fields),
        valid_from,
        valid_until,
    ]

    def make() -> UUID:
        assert actor.department_id is not None
        one_by_one(type_code)
        row = _row(actor, type_code, number.strip(), holder, issued_on, fields, valid_from, valid_until)
        there = Licence.objects.filter(type_code=type_code, number_index=row["number_index"])
        known = there.exclude(state__in=[SUPERSEDED, DISCARDED]).only("identifier", "issuer_id").first()
        if known is not None:
            raise AlreadyThere(known.identifier if known.issuer_id == actor.department_id else "")
        licence = Licence.objects.create(**row | {"source": Licence.Source.SYSTEM})
        record(
            "licences.received", actor=actor, subject=licence, data={"type": type_code, "type_name": row["type_name"]}
        )
        return licence.pk

    made, before = once(actor, key, ["licence", *asked], make)
    return Licence.objects.select_related("type").get(pk=made), before


def _row(
    actor: Actor,
    type_code: str,
    number: str,
    holder: Holder,
    issued_on: date,
    fields: Mapping[str, Any],
    valid_from: date | None,
    valid_until: date | None,
) -> dict[str, Any]:
    faults = {
        ("number", "missing"): not number,
        ("number", "long"): len(number) > LONGEST_NUMBER,
        ("issued_on", "later"): issued_on > today(),
    }
    names = {key: HEADINGS[key][0] for key in ("number", "issued_on")}
    reasons = [
        Reason(f"licences.{code}", FIELD_WORDS[code] % {"name": names[key]}, key)
        for (key, code), stands in faults.items()
        if stands
    ]
    place = Place(number=number or "-")
    try:
        assert actor.department_id is not None
        row = composed(
            type_code,
            actor.department_id,
            holder,
            fields,
            valid_from or issued_on,
            valid_until,
            now(),
            place,
            issued_on,
        )
    except LicenceRefused as refused:
        raise LicenceRefused(reasons=[*reasons, *refused.reasons]) from None
    if reasons:
        raise LicenceRefused(reasons=reasons)
    return row


def act_upon(*, actor: Actor, key: str, identifier: str, act: str, **given: Any) -> tuple[Licence, bool]:
    """What a department's system does to a licence of its own: one of `ACTS`, with what that one asks for.

    Answers with the version that stands afterwards; True when this key had done it before.
    """
    licence = licence_by_identifier(actor, identifier)
    permit(actor, MANAGE, department_id=licence.issuer_id)

    def make() -> UUID:
        return ACTS[act](actor=actor, licence_id=licence.pk, **given).pk

    made, before = once(actor, key, [act, identifier, given], make)
    return Licence.objects.select_related("type").get(pk=made), before
