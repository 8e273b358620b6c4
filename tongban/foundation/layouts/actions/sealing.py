"""Sealing: a department's seal seen on the page, and a signature over the whole file behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.layouts.errors import NotSealable
from tongban.foundation.layouts.gateways import ofd_sealing, pdf_signing
from tongban.foundation.seals.actions import key_to_stamp, stamp
from tongban.foundation.seals.queries import picture_of
from tongban.foundation.trust.actions import sign, time_stamp
from tongban.foundation.trust.queries import chain_of, crl

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def _by(actor: Actor | None) -> Actor:
    """A machine stamps what a decision made; an officer stamps with the approval he has."""
    return actor or installer("seals.use")


@transaction.atomic
def sealed_pdf(
    *,
    pdf: bytes,
    seal_id: UUID,
    page: int,
    x: float,
    y: float,
    reason: str,
    subject: str,
    actor: Actor | None = None,
    approval_id: UUID | None = None,
) -> bytes:
    """The PDF with the seal seen on a page (from 0; mm from the top left), PAdES B-LT: time stamp, certificates, revocation lists.

    `subject` is what the use of the seal is logged under. Signatures already there stay valid. `NotInUse`, `NotApproved` of seals,
    `KeyStoreAway` of trust and `NotSealable`: nothing was signed.
    """
    face = picture_of(seal_id)
    place = pdf_signing.Place(page, x, y, face.width_mm, face.height_mm)
    key = key_to_stamp(
        actor=_by(actor), seal_id=seal_id, digest=sm3(pdf), subject=subject, purpose=reason, approval_id=approval_id
    )
    chain = chain_of(key.certificate)
    hand = pdf_signing.Hand(
        key.certificate, chain[1:-1], lambda data: sign(key, data), lambda digest: time_stamp(digest, "p256")
    )
    try:
        signed = pdf_signing.sealed(pdf, place=place, png=face.png, hand=hand, reason=reason)
    except pdf_signing.Unsealable:
        raise NotSealable from None
    return pdf_signing.with_proofs(signed, certificates=chain, revoked=[crl("p256"), crl("p256", "root")])


@transaction.atomic
def sealed_ofd(
    *,
    ofd: bytes,
    seal_id: UUID,
    places: Sequence[tuple[int, float, float]],
    subject: str,
    reason: str = "",
    straddle: float | None = None,
    actor: Actor | None = None,
    approval_id: UUID | None = None,
) -> bytes:
    """The OFD with the seal at `places` (page from 0, mm from the top left), signed as GB/T 38540 v4 with a time of ours.

    `straddle` adds 骑缝章: a strip of the seal at the right edge of every page, so many mm from its top. Every file of the package
    is protected; signatures already there stay valid. Refusals are those of `sealed_pdf`.
    """
    face = picture_of(seal_id)

    def signed(digest: bytes, path: str) -> bytes:
        return stamp(
            actor=_by(actor),
            seal_id=seal_id,
            digest=digest,
            property_info=path,
            subject=subject,
            purpose=reason,
            approval_id=approval_id,
        )

    try:
        return ofd_sealing.sealed(
            ofd,
            places=places,
            size=(face.width_mm, face.height_mm),
            straddle=straddle,
            at=f"{localtime(now()):%Y%m%d%H%M%S}",
            sign=signed,
        )
    except ofd_sealing.Unsealable:
        raise NotSealable from None
