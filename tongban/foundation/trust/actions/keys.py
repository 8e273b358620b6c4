"""Keys that sign: found, made when there is none, replaced."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import installer
from tongban.foundation.kernel.canonical import canonical
from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.errors import KeyOutOfUse
from tongban.foundation.trust.gateways.keyring import Key, hang, hanging
from tongban.foundation.trust.gateways.signing import signer_of
from tongban.foundation.trust.models import Certificate, StoredKey

from .issuing import authority, issued, new_pair, one_at_a_time


@dataclass(frozen=True)
class SignedRecord:
    """The very bytes that were signed, and the signatures beside each other: {alg, kid, value (base64 of DER)}."""

    text: bytes
    signatures: list[dict[str, str]]


def key_for(owner: str, name: str, algorithm: str, *, title: str = "") -> Key:
    """The key an owner signs with, made with its certificate when there is none (`title` is whom that names).

    Kept by the process: no query while it is warm. `KeyOutOfUse` when its certificate is suspended or revoked.
    """
    return hanging(owner, name, algorithm) or _found(owner, name, algorithm) or _made(owner, name, algorithm, title)


def _found(owner: str, name: str, algorithm: str) -> Key | None:
    rows = Certificate.objects.filter(key__owner=owner, key__name=name, key__algorithm=algorithm, key__retired_at=None)
    row = rows.select_related("key").order_by("-valid_from", "-id").first()
    if row is None:
        return None
    if row.state != Certificate.State.VALID:
        raise KeyOutOfUse
    return opened(row if row.valid_until > now() else _renewed(row))


@transaction.atomic
def _renewed(row: Certificate) -> Certificate:
    """The same key, a new certificate: the old one has come to its end."""
    assert row.key is not None
    fresh = issued(key=row.key, issuer=authority(row.algorithm), title=row.subject, renews=row)
    record("trust.certificate_renewed", actor=installer(), subject=f"key:{row.key_id}", data={"serial": fresh.serial})
    return fresh


@transaction.atomic
def _made(owner: str, name: str, algorithm: str, title: str) -> Key:
    one_at_a_time(f"{owner} {name} {algorithm}")
    if there := _found(owner, name, algorithm):
        return there
    return new_key(owner, name, algorithm, title)


def new_key(owner: str, name: str, algorithm: str, title: str) -> Key:
    """Call inside a transaction that waits for others who make the same."""
    issuer = authority(algorithm)
    stored = new_pair(owner, name, algorithm)
    row = issued(key=stored, issuer=issuer, title=title)
    data = {"owner": owner, "algorithm": algorithm, "kid": stored.kid, "store": stored.store, "serial": row.serial}
    record("trust.key_made", actor=installer(), subject=f"key:{stored.pk}", data=data)
    return opened(row)


def opened(row: Certificate) -> Key:
    """The key of a certificate, ready to sign, kept by the process."""
    stored = row.key
    assert isinstance(stored, StoredKey)
    key = Key(
        id=stored.pk, owner=stored.owner, name=stored.name, algorithm=stored.algorithm, kid=stored.kid,
        public=bytes(stored.public), certificate=bytes(row.der), certificate_id=row.pk, valid_until=row.valid_until,
        signer=signer_of(stored),
    )  # fmt: skip
    hang(key)
    return key


def sign(key: Key, data: bytes) -> bytes:
    """A signature over `data`: SM2 with SM3 (identity 1234567812345678) or ECDSA with SHA-256, in DER."""
    return key.signer(data)


def sign_record(
    owner: str, name: str, record: dict[str, Any], *, title: str = "", algorithms: tuple[str, ...] = ("sm2", "p256")
) -> SignedRecord:
    """A record as canonical JSON, signed with SM2 and with P-256 (or what is asked for). No query once the keys are warm."""
    text = canonical(record)
    keys = [key_for(owner, name, algorithm, title=title) for algorithm in algorithms]
    signatures = [
        {"alg": key.algorithm, "kid": key.kid, "value": base64.b64encode(key.signer(text)).decode()} for key in keys
    ]
    return SignedRecord(text, signatures)
