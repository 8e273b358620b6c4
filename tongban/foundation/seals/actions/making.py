"""Making a seal (制作) and entering it in the register (备案)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from asn1crypto import x509
from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.clock import now
from tongban.foundation.seals.errors import CannotBeDrawn, WrongState
from tongban.foundation.seals.gateways import can_be_drawn, png_of, svg_of
from tongban.foundation.seals.models import Application, Edition, Seal
from tongban.foundation.seals.queries import REVIEW, seal_for_actor
from tongban.foundation.seals.rules import (
    STRUCTURE_TYPE,
    VALID_FOR_YEARS,
    Face,
    SealData,
    drawing_of,
    edition_number,
    key_name,
    seal_content,
    seal_of,
)
from tongban.foundation.trust.actions import key_for, sign

from .states import entered, whole_second

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

MAKER, MAKER_TITLE = "platform:seal-maker", "电子印章制作"
ALGORITHMS = ("sm2", "p256")  # SM2 for GB/T 38540; P-256 beside it for PDF readers


@transaction.atomic
def make_seal(*, actor: Actor, seal_id: UUID) -> Edition:
    """Draw the seal, give it keys and certificates, and have the seal's maker sign it all. It is not in force until registered."""
    seal = seal_for_actor(actor, seal_id, lock=True, verb=REVIEW)
    number = _next_edition(seal)
    edition = _made(actor, seal, number)
    if seal.state == Seal.State.APPROVED:
        seal.made_at = edition.made_at
        entered(actor, seal, Seal.State.MADE)
    record("seals.made", actor=actor, subject=seal, data={"edition": edition.number})
    return edition


def _next_edition(seal: Seal) -> int:
    """1 for a seal that was approved; one more where another making was, and is not made yet."""
    last = seal.editions.order_by("-edition").only("edition", "made_at").first()
    if last is None and seal.state == Seal.State.APPROVED:
        return 1
    wanted = seal.applications.filter(kind=Application.Kind.REPLACE, state=Application.State.APPROVED)
    if last is None or seal.state not in (Seal.State.IN_USE, Seal.State.SUSPENDED):
        raise WrongState
    if not wanted.filter(decided_at__gt=last.made_at).exists():
        raise WrongState
    return last.edition + 1


def _made(actor: Actor, seal: Seal, number: int) -> Edition:
    drawing = drawing_of(seal.kind, seal.name, seal.business)
    if not can_be_drawn(drawing):
        raise CannotBeDrawn
    keys = [key_for(f"seal:{seal.pk}", key_name(number), one, title=str(seal)) for one in ALGORITHMS]
    maker = key_for(MAKER, "seals", "sm2", title=MAKER_TITLE)
    made_at = whole_second()
    certificates = tuple(key.certificate for key in keys)
    data = SealData(
        number=edition_number(seal.number, number),
        type=STRUCTURE_TYPE[seal.kind],
        name=str(seal),
        certificates=certificates,
        made_at=made_at,
        valid_from=made_at,
        valid_until=min(made_at + timedelta(days=365 * VALID_FOR_YEARS), *map(_end_of, certificates)),
        face=Face("PNG", png_of(drawing), drawing.width, drawing.height),
    )
    content = seal_content(data)
    return Edition.objects.create(
        seal=seal,
        edition=number,
        number=data.number,
        png=data.face.data,
        svg=svg_of(drawing),
        width_mm=drawing.width,
        height_mm=drawing.height,
        der=seal_of(content, maker=maker.certificate, signature=sign(maker, content)),
        certificate=certificates[0],
        made_at=now(),
        made_by=actor.account_id,
        valid_until=data.valid_until,
    )


def _end_of(certificate: bytes) -> datetime:
    found: Any = x509.Certificate.load(certificate)
    end: datetime = found.not_valid_after
    return end


@transaction.atomic
def register_seal(*, actor: Actor, seal_id: UUID) -> Seal:
    """Enter the newest making in the register: from now on it is the one in use. An older making verifies what it signed."""
    seal = seal_for_actor(actor, seal_id, lock=True, verb=REVIEW)
    edition = seal.editions.defer("png", "svg", "der").order_by("-edition").first()
    if edition is None or edition.in_force_from is not None or seal.state == Seal.State.CANCELLED:
        raise WrongState
    if seal.state == Seal.State.MADE:
        since = whole_second()
        seal.registered_at = since
        entered(actor, seal, Seal.State.IN_USE)
    else:
        since = whole_second(after=True)
        seal.editions.filter(in_force_from__isnull=False, in_force_until=None).update(in_force_until=since)
    Edition.objects.filter(pk=edition.pk).update(in_force_from=since)
    record("seals.registered", actor=actor, subject=seal, data={"edition": edition.number})
    return seal
