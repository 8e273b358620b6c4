"""What becomes of a certificate and its key: suspended, restored, revoked, replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit, require_proof
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.trust.errors import SENTENCES, CertificateNotFound, ReasonMissing, WrongState
from tongban.foundation.trust.gateways.keyring import Key, take_off
from tongban.foundation.trust.models import Certificate, StoredKey
from tongban.foundation.trust.rules.desk import HOLD, REASONS, may_become, words_fit

from .issuing import one_at_a_time
from .keys import new_key

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

State = Certificate.State


def suspend_certificate(*, actor: Actor, certificate_id: UUID, basis: str) -> Certificate:
    """From now on nobody relies on it, until it is restored (certificateHold)."""
    return _become(actor, certificate_id, State.SUSPENDED, reason=HOLD, basis=basis)


def restore_certificate(*, actor: Actor, certificate_id: UUID, basis: str) -> Certificate:
    return _become(actor, certificate_id, State.VALID, reason="", basis=basis)


def revoke_certificate(actor: Actor, certificate_id: UUID, reason: str, basis: str = "") -> Certificate:
    """For ever, from this moment. What was signed before stays good, unless the reason is `key_compromise`."""
    return _become(actor, certificate_id, State.REVOKED, reason=reason, basis=basis)


def _reason_faults(wanted: str, reason: str, basis: str) -> list[Reason]:
    faults = []
    if wanted == State.REVOKED and reason not in REASONS:
        faults.append(Reason("trust.reason", SENTENCES["reason"], "reason"))
    if not words_fit(basis):
        faults.append(Reason("trust.words", SENTENCES["words"], "basis"))
    return faults


@transaction.atomic
def _become(actor: Actor, certificate_id: UUID, wanted: str, *, reason: str, basis: str) -> Certificate:
    permit(actor, "trust.decide")
    require_proof(actor)
    row = Certificate.objects.select_for_update(of=("self",)).select_related("key").filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound
    if faults := _reason_faults(wanted, reason, basis):
        raise ReasonMissing(reasons=faults)
    if not may_become(row.kind, row.state, wanted):
        raise WrongState
    row.state, row.reason, row.basis, row.state_at = wanted, reason, basis.strip(), now()
    row.save(update_fields=["state", "reason", "basis", "state_at"])
    _forget(row.key)
    data = {"serial": row.serial, "state": row.state, "reason": row.reason}
    record("trust.state_changed", actor=actor, subject=f"certificate:{row.pk}", data=data)
    return row


def _forget(key: StoredKey | None) -> None:
    """This process at once (should the transaction fail, the key is simply read again), the others within seconds."""
    if key is not None:
        take_off(key.owner, key.name, key.algorithm)


@transaction.atomic
def rotate(*, actor: Actor, owner: str, name: str, algorithm: str) -> Key:
    """A new key and certificate from now on. The old ones sign no more; what they signed is checked as before."""
    permit(actor, "trust.decide")
    require_proof(actor)
    one_at_a_time(f"{owner} {name} {algorithm}")
    rows = StoredKey.objects.select_for_update().filter(owner=owner, name=name, algorithm=algorithm, retired_at=None)
    old = rows.first()
    if old is None:
        raise CertificateNotFound
    old.retired_at = now()
    old.save(update_fields=["retired_at"])
    title = old.certificates.order_by("-valid_from").values_list("subject", flat=True).first() or ""
    _forget(old)
    key = new_key(owner, name, algorithm, title)
    record("trust.key_replaced", actor=actor, subject=f"key:{old.pk}", data={"by": key.kid})
    return key
