"""Asking to use a seal, agreeing to it, and putting it on something (用印)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import may, permit, require_proof
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.foundation.seals.errors import (
    SENTENCES,
    NoSeal,
    NotApproved,
    NotInUse,
    NotWaiting,
    ReasonMissing,
    RequestRefused,
    SamePerson,
    reasons_of,
)
from tongban.foundation.seals.models import Edition, Opinion, Request, Seal, Standing, Use
from tongban.foundation.seals.queries import APPROVE, SEE, USE, request_for, seal_for_actor
from tongban.foundation.seals.rules import (
    APPROVAL_LASTS,
    Approved,
    approval_faults,
    is_approved,
    is_reason,
    key_name,
    needs_approval,
    request_faults,
    signature_of,
    to_sign,
)
from tongban.foundation.trust.actions import key_for, sign, time_stamp

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.trust.queries import Key

UNUSABLE = {
    Seal.State.SUSPENDED: "suspended",
    Seal.State.CANCELLED: "cancelled",
    Seal.State.APPROVED: "not_registered_yet",
    Seal.State.MADE: "not_registered_yet",
}


@transaction.atomic
def request_use(*, actor: Actor, seal_id: UUID, title: str, purpose: str, copies: int, digest: str) -> Request:
    """Ask to put a seal on so many copies of a document (`digest`: its SM3, hex). Another person answers."""
    seal = seal_for_actor(actor, seal_id, verb=USE)
    _usable(seal)
    faults = request_faults(title=title.strip(), purpose=purpose, copies=copies, digest=digest)
    if faults:
        raise RequestRefused(reasons=reasons_of(faults))
    asked = Request.objects.create(
        seal=seal,
        title=title.strip(),
        digest=digest,
        purpose=purpose.strip(),
        copies=copies,
        asked_at=now(),
        asked_by=actor.account_id,
    )
    record("seals.use_asked", actor=actor, subject=asked, data={"seal": str(seal.pk), "copies": copies})
    return asked


@transaction.atomic
def answer_request(*, actor: Actor, request_id: UUID, agrees: bool, words: str = "") -> Request:
    """One person's answer. One no ends it; enough different persons' yes approve it for seven days."""
    asked = request_for(actor, request_id, lock=True)
    permit(actor, APPROVE, department_id=asked.seal.department_id)
    require_proof(actor)
    if asked.state != Request.State.WAITING:
        raise NotWaiting
    agreed = set(asked.opinions.values_list("account_id", flat=True))
    if actor.account_id is None or asked.asked_by in actor.names or agreed & actor.names:
        raise SamePerson
    if not agrees and not is_reason(words):
        raise ReasonMissing(reasons=reasons_of([("words", "purpose")]))
    if agrees:
        _usable(asked.seal)
    at = now()
    Opinion.objects.create(request=asked, account_id=actor.account_id, agrees=agrees, words=words.strip()[:200], at=at)
    if not agrees:
        asked.state, asked.decided_at = Request.State.REFUSED, at
    elif is_approved(asked.seal.control, agreed | {actor.account_id}):
        asked.state, asked.decided_at, asked.valid_until = Request.State.APPROVED, at, at + APPROVAL_LASTS
    asked.save(update_fields=["state", "decided_at", "valid_until"])
    record("seals.use_answered", actor=actor, subject=asked, data={"agrees": agrees, "state": asked.state})
    return asked


@transaction.atomic
def withdraw_request(*, actor: Actor, request_id: UUID) -> Request:
    """Whoever asked takes it back, before the seal was used."""
    asked = request_for(actor, request_id, lock=True)
    if asked.asked_by not in actor.names:
        raise NotAllowed
    if asked.state not in (Request.State.WAITING, Request.State.APPROVED) or asked.used:
        raise NotWaiting
    asked.state = Request.State.WITHDRAWN
    asked.save(update_fields=["state"])
    record("seals.use_withdrawn", actor=actor, subject=asked)
    return asked


def use_seal(*, actor: Actor, request_id: UUID, digest: bytes) -> bytes:
    """Put the seal on the document that was agreed to: its keeper does it, or whoever asked. SES_Signature in DER."""
    asked = request_for(actor, request_id)
    if not {asked.asked_by, asked.seal.keeper_id} & actor.names:
        raise NotAllowed
    return stamp(
        actor=actor,
        seal_id=asked.seal_id,
        digest=digest,
        property_info="",
        subject=f"request:{asked.pk}",
        purpose=asked.purpose,
        approval_id=asked.pk,
    )


@transaction.atomic
def stamp(
    *,
    actor: Actor,
    seal_id: UUID,
    digest: bytes,
    property_info: str,
    subject: str,
    purpose: str,
    approval_id: UUID | None = None,
) -> bytes:
    """Sign `digest` (SM3) with a seal: SES_Signature of GB/T 38540 v4 in DER, with a time stamp over the signature's value. Each
    call is a use and a fact.

    A system actor stamps what a decision made (`control` of the seal permitting); an officer needs the approved request. `NotInUse`
    when the seal is suspended, cancelled or expired now, whatever was agreed before.
    """
    seal, edition = _taken(actor, seal_id, digest.hex(), approval_id)
    key = _key(seal, edition, "sm2")
    at = now()
    signed = to_sign(bytes(edition.der), at=at, digest=digest, property_info=property_info)
    value = sign(key, signed)
    proof = time_stamp(bytes.fromhex(sm3(value)), "sm2")
    der = signature_of(signed, certificate=key.certificate, signature=value, time_stamp=proof)
    _used(actor, seal, edition, "sm2", digest.hex(), subject, purpose, approval_id)
    return der


@transaction.atomic
def key_to_stamp(
    *, actor: Actor, seal_id: UUID, digest: str, subject: str, purpose: str, approval_id: UUID | None = None
) -> Key:
    """The seal's P-256 key, for a visible PDF signature (PAdES) that the caller makes with it at once. A use and a fact like `stamp`.

    `digest` (hex) names what will be signed; with an approval it is the SM3 of the document that was agreed to.
    """
    seal, edition = _taken(actor, seal_id, digest, approval_id)
    key = _key(seal, edition, "p256")
    _used(actor, seal, edition, "p256", digest, subject, purpose, approval_id)
    return key


def _taken(actor: Actor, seal_id: UUID, digest: str, approval_id: UUID | None) -> tuple[Seal, Edition]:
    """The seal and its making in force, held so that nobody stops it half-way, once all that must be asked was asked."""
    with connection.cursor() as cursor:  # shared: stamps go on beside each other, a suspension waits for them
        cursor.execute("select 1 from seals_seal where id = %s for share", [seal_id])
    seal = Seal.objects.select_related("department").filter(pk=seal_id).first()
    if seal is None:
        raise NoSeal
    permit(actor, USE, department_id=seal.department_id, division=seal.department.division_id)
    require_proof(actor)
    edition = _usable(seal)
    automatic = actor.kind == "system"
    if approval_id is not None or needs_approval(seal.control, automatic=automatic):
        _approved(seal, approval_id, digest)
    return seal, edition


def _usable(seal: Seal) -> Edition:
    """The making in force of a seal in use, or `NotInUse` with why not."""
    code = UNUSABLE.get(Seal.State(seal.state), "")
    if code:
        last = Standing.objects.filter(seal=seal, until=None).first()
        words = (
            SENTENCES[code] % {"reason": last.reason if last else ""} if code in ("suspended", "cancelled") else None
        )
        raise NotInUse(reasons=[Reason(f"seals.{code}", words or SENTENCES[code])])
    edition = (
        Edition.objects.defer("png", "svg").filter(seal=seal, in_force_until=None, in_force_from__isnull=False).first()
    )
    if edition is None or edition.valid_until <= now():
        raise NotInUse(reasons=[Reason("seals.expired", SENTENCES["expired"])])
    return edition


def _approved(seal: Seal, approval_id: UUID | None, digest: str) -> None:
    asked = Request.objects.select_for_update().filter(pk=approval_id, seal=seal).first() if approval_id else None
    known = Approved(asked.state, asked.copies, asked.used, asked.valid_until, asked.digest) if asked else None
    faults = approval_faults(known, at=now(), digest=digest)
    if faults:
        raise NotApproved(reasons=[Reason(f"seals.{code}", SENTENCES[code]) for code in faults])


def _key(seal: Seal, edition: Edition, algorithm: str) -> Key:
    """The key of this making. One whose certificate was renewed behind our back is not in the seal's list any more."""
    key = key_for(f"seal:{seal.pk}", key_name(edition.edition), algorithm, title=str(seal))
    if algorithm == "sm2" and key.certificate != bytes(edition.certificate):
        raise NotInUse(reasons=[Reason("seals.expired", SENTENCES["expired"])])
    return key


def _used(
    actor: Actor,
    seal: Seal,
    edition: Edition,
    algorithm: str,
    digest: str,
    subject: str,
    purpose: str,
    approval_id: UUID | None,
) -> None:
    use = Use.objects.create(
        seal=seal,
        edition_id=edition.pk,
        request_id=approval_id,
        at=now(),
        account_id=actor.account_id if actor.kind == "staff" else None,
        algorithm=algorithm,
        digest=digest,
        subject=subject[:80],
        purpose=purpose[:200],
    )
    if approval_id is not None:
        asked = Request.objects.get(pk=approval_id)
        asked.used, asked.state = asked.used + 1, Request.State.USED
        asked.save(update_fields=["used", "state"])
    data = {"seal": str(seal.pk), "subject": use.subject, "algorithm": algorithm}
    record("seals.used", actor=actor, subject=f"use:{use.pk}", data=data)


def may_answer(actor: Actor, asked: Request) -> bool:
    """Whether this actor is one of those who could answer the request."""
    answered = {opinion.account_id for opinion in asked.opinions.all()}
    return (
        asked.state == Request.State.WAITING
        and may(actor, APPROVE, department_id=asked.seal.department_id)
        and asked.asked_by not in actor.names
        and not answered & actor.names
    )


def note_export(*, actor: Actor, what: str) -> None:
    """Write down that a list was taken away: the `register` or the log of `uses`."""
    permit(actor, SEE, department_id=actor.department_id, division=actor.division)
    require_proof(actor)
    record("seals.exported", actor=actor, subject=f"account:{actor.account_id}", data={"what": what})
