"""Opening the key behind a row."""

from __future__ import annotations

from asn1crypto import x509

from tongban.foundation.trust.models import Certificate, StoredKey
from tongban.foundation.trust.rules import Issuer

from . import Signer, store_named


def signer_of(key: StoredKey) -> Signer:
    return store_named(key.store).signer(kid=key.kid, algorithm=key.algorithm, public=bytes(key.public))


def issuer_by(row: Certificate) -> Issuer:
    """Whoever holds a certificate of ours, ready to issue."""
    assert row.key is not None
    subject = x509.Certificate.load(bytes(row.der)).subject
    return Issuer(row.algorithm, subject, bytes(row.key.public), signer_of(row.key))
