"""Reading certificates, and judging what was signed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now

from .gateways import openssl
from .gateways.keyring import Key as Key
from .judging import Known, is_issued_by, judged
from .models import Certificate
from .rules import Step as Step
from .rules import stands as stands
from .rules.certificates import loaded

AUTHORITIES = (Certificate.Kind.ROOT, Certificate.Kind.ISSUING)
# Whose keys are published: whoever signs what strangers check. Persons' certificates go only where they signed.
PUBLISHED = (Certificate.Kind.PLATFORM, Certificate.Kind.DEPARTMENT, Certificate.Kind.SEAL, Certificate.Kind.SOFTWARE)


def kid_of(public: bytes) -> str:
    """The short name of a public key (SubjectPublicKeyInfo)."""
    return sm3(public)[:16]


def certificate_of(key: Key) -> bytes:
    """The certificate of a key, in DER."""
    return key.certificate


def pem_of(der: bytes, *, what: str = "CERTIFICATE") -> str:
    body = base64.encodebytes(der).decode().replace("\n", "")
    lines = [body[i : i + 64] for i in range(0, len(body), 64)]
    return "\n".join([f"-----BEGIN {what}-----", *lines, f"-----END {what}-----", ""])


def _authorities() -> list[bytes]:
    rows = Certificate.objects.filter(kind__in=AUTHORITIES).order_by("-valid_from")
    return [bytes(der) for der in rows.values_list("der", flat=True)]


def chain_of(der: bytes) -> list[bytes]:
    """The certificate, who issued it, who issued that, up to the root; only the first where we know no issuer. One query."""
    chain, known = [der], _authorities()
    while issuer := next((other for other in known if other not in chain and is_issued_by(chain[-1], other)), None):
        chain.append(issuer)
    return chain


def _known(ders: Iterable[bytes]) -> Known:
    """What we know of certificates: their states, and the authorities. One query."""
    certificates = [found for der in ders if (found := loaded(der))]
    serials = [f"{found.serial_number:x}" for found in certificates]
    rows = Certificate.objects.filter(Q(serial__in=serials) | Q(kind__in=AUTHORITIES))
    return Known({bytes(row.der): row for row in rows})


def judge_certificate(der: bytes, at: datetime | None = None) -> list[Step]:
    """Whether a certificate could be relied on at a moment: format, chain, validity, revocation, usage. One query."""
    return judged(der, at or now(), _known([der]))


def check_signature(certificate_der: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the holder of a certificate signed `data` (SM2 with SM3 or ECDSA with SHA-256, DER). No query."""
    certificate = loaded(certificate_der)
    return certificate is not None and openssl.is_signed(certificate.public_key.dump(), data, signature)


def check_record(text: bytes, signatures: list[dict[str, str]], at: datetime | None = None) -> list[Step]:
    """Every signature under a record, and the certificate behind each as it stood when it was signed (`at`). One query."""
    signatures = [one if isinstance(one, dict) else {} for one in signatures]
    kids = [str(one.get("kid", "")) for one in signatures]
    known = Known(
        {bytes(row.der): row for row in Certificate.objects.filter(Q(kid__in=kids) | Q(kind__in=AUTHORITIES))}
    )
    if not kids:
        return [Step(_("签名"), False, _("没有签名。"))]
    return [step for one in signatures for step in _signature_steps(text, one, at or now(), known)]


def _signature_steps(text: bytes, one: dict[str, str], at: datetime, known: Known) -> list[Step]:
    kid, algorithm = str(one.get("kid", "")), "SM2" if one.get("alg") == "sm2" else "P-256"
    name = _("%(algorithm)s 签名") % {"algorithm": algorithm}
    row = known.by_kid(kid, at)
    if row is None:
        return [Step(name, None, _("不认识签名所用的密钥 %(kid)s。") % {"kid": kid[:16]})]
    try:
        value = base64.b64decode(str(one.get("value", "")), validate=True)
    except (binascii.Error, ValueError):
        value = b""
    if one.get("alg") != row.algorithm or not check_signature(bytes(row.der), text, value):
        return [Step(name, False, _("签名与内容不符，内容可能被改动过。"))]
    signed = Step(name, True, _("由“%(subject)s”签名，内容没有改动。") % {"subject": row.subject})
    return [signed, *judged(bytes(row.der), at, known)[1:]]


def public_keys() -> list[dict[str, Any]]:
    """Every key that signs or ever signed what strangers check, with its certificate, the newest first. One query.

    `until` is when its signatures stop counting: the end of the certificate, or its revocation.
    """
    rows = Certificate.objects.filter(kind__in=PUBLISHED).select_related("key").order_by("-valid_from")
    return [
        {
            "kid": row.kid,
            "alg": row.algorithm,
            "subject": row.subject,
            "pem": pem_of(loaded_public(bytes(row.der)), what="PUBLIC KEY"),
            "certificate": pem_of(bytes(row.der)),
            "from": row.valid_from.isoformat(),
            "until": (row.state_at if row.state == Certificate.State.REVOKED else row.valid_until).isoformat(),
            "state": row.state,
        }
        for row in rows
    ]


def loaded_public(der: bytes) -> bytes:
    certificate = loaded(der)
    return certificate.public_key.dump() if certificate else b""


def anchors() -> list[dict[str, str]]:
    """The roots and issuing certificates, for whoever checks without us."""
    rows = Certificate.objects.filter(kind__in=AUTHORITIES).order_by("algorithm", "kind")
    return [
        {"alg": row.algorithm, "kind": row.kind, "subject": row.subject, "certificate": pem_of(bytes(row.der))}
        for row in rows
    ]
