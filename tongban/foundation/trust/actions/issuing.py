"""Making certificates: by whom, for what, until when. Called inside an action that has permitted its actor."""

from __future__ import annotations

import os
from datetime import datetime, timedelta

from asn1crypto import x509
from django.conf import settings
from django.db import connection

from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.errors import KeyStoreAway
from tongban.foundation.trust.gateways import store_for, store_named
from tongban.foundation.trust.gateways.signing import issuer_by, signer_of
from tongban.foundation.trust.models import Certificate, StoredKey
from tongban.foundation.trust.queries import kid_of
from tongban.foundation.trust.rules import Issuer, Terms, certificate, name_of

# kind of owner → kind of certificate.
KINDS = {
    "platform": Certificate.Kind.PLATFORM,
    "department": Certificate.Kind.DEPARTMENT,
    "seal": Certificate.Kind.SEAL,
    "account": Certificate.Kind.PERSON,
    "person": Certificate.Kind.PERSON,
    "device": Certificate.Kind.DEVICE,
    "system": Certificate.Kind.SOFTWARE,
}
TITLES = {"root": "根证书", "issuing": "签发证书", "ocsp": "证书状态查询", "tsa": "时间戳"}
_MAKING = 0x7A67_7275
# A certificate begins a little earlier than it is made: clocks differ, and a first signature may carry a moment before it.
BEFORE = timedelta(minutes=10)


def one_at_a_time(what: str) -> None:
    """Whoever makes the same thing waits until the first one's transaction is over."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, hashtext(%s))", [_MAKING, what])


def kind_of(owner: str) -> Certificate.Kind:
    kind, _sep, rest = owner.partition(":")
    return Certificate.Kind(rest) if kind == "authority" else KINDS[kind]


def new_pair(owner: str, name: str, algorithm: str) -> StoredKey:
    """A pair in the store that makes keys of this algorithm, and the row of its public half."""
    store = store_for(algorithm)
    public = store_named(store).make(algorithm)
    return StoredKey.objects.create(
        owner=owner, name=name, algorithm=algorithm, kid=kid_of(public), store=store, public=public, made_at=now()
    )


def authority(algorithm: str, kind: str = "issuing") -> Certificate:
    """The certificate that issues, made with the root above it on first use. Call inside a transaction."""
    found = Certificate.objects.filter(kind=kind, algorithm=algorithm, state="valid").select_related("key").first()
    if found is None:
        one_at_a_time(f"authority {algorithm}")
        found = Certificate.objects.filter(kind=kind, algorithm=algorithm, state="valid").select_related("key").first()
    return found or _new_authority(algorithm, kind)


def _new_authority(algorithm: str, kind: str) -> Certificate:
    above = authority(algorithm, "root") if kind == "issuing" else None
    key = new_pair(f"authority:{kind}", "certificates", algorithm)
    return issued(key=key, issuer=above)


def issued(
    *,
    key: StoredKey,
    issuer: Certificate | None,
    title: str = "",
    renews: Certificate | None = None,
) -> Certificate:
    """A certificate for a key of ours; without an issuer it is a root, signed by itself."""
    kind = kind_of(key.owner)
    words = title or (TITLES[kind] + f" {key.get_algorithm_display()}" if kind in TITLES else key.owner)
    public = bytes(key.public)
    return issued_for(
        public=public,
        algorithm=key.algorithm,
        kind=kind,
        owner=key.owner,
        title=words,
        issuer=issuer,
        key=key,
        renews=renews,
    )


def issued_for(
    *,
    public: bytes,
    algorithm: str,
    kind: Certificate.Kind,
    owner: str,
    title: str,
    issuer: Certificate | None,
    key: StoredKey | None = None,
    renews: Certificate | None = None,
) -> Certificate:
    """A certificate for any public key, ours or one that came in a request."""
    since = now().replace(microsecond=0) - BEFORE
    subject = name_of(organisation=settings.TRUST_NAME, unit=kind.value, title=title)
    terms = Terms(
        kind=kind.value,
        subject=subject,
        public=public,
        serial=int.from_bytes(os.urandom(16), "big") >> 1 | 1 << 120,
        valid_from=since,
        valid_until=_end(kind, since, issuer),
        site=settings.SITE_URL if issuer else "",
    )
    by = issuer_by(issuer) if issuer else _itself(key, subject)
    return Certificate.objects.create(
        kind=kind, algorithm=algorithm, serial=f"{terms.serial:x}", subject=title[:64], owner=owner, kid=kid_of(public),
        key=key, issuer=issuer, renews=renews, der=certificate(terms, by), valid_from=since,
        valid_until=terms.valid_until, state_at=now(),
    )  # fmt: skip


def _end(kind: Certificate.Kind, since: datetime, issuer: Certificate | None) -> datetime:
    """Never after the issuer's own."""
    days = settings.CERTIFICATE_DAYS.get(kind.value, settings.CERTIFICATE_DAYS_END)
    until = since + timedelta(days=days)
    return min(until, issuer.valid_until) if issuer else until


def _itself(key: StoredKey | None, subject: x509.Name) -> Issuer:
    if key is None:
        raise KeyStoreAway(what="root")
    return Issuer(key.algorithm, subject, bytes(key.public), signer_of(key))
