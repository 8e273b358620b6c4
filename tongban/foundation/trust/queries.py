"""Reading certificates, and judging what was signed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.paging import Page, page_of

from .errors import ApplicationNotFound, CertificateNotFound
from .gateways import openssl
from .gateways.keyring import Key as Key
from .gateways.signing import issuer_by
from .judging import Known, is_issued_by, judged
from .models import Application, Certificate
from .rules import Step as Step
from .rules import stands as stands
from .rules.certificates import loaded
from .rules.revocation import Gone, revocation_list
from .rules.stamps import proof_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

NEAR = "near"
AUTHORITIES = (Certificate.Kind.ROOT, Certificate.Kind.ISSUING)
INFRASTRUCTURE = (*AUTHORITIES, Certificate.Kind.OCSP, Certificate.Kind.TSA)
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


def key_behind(der: bytes) -> tuple[str, str]:
    """Whose key a certificate of ours is for (`seal:…`), and the key's name; empty for one we never issued. One query."""
    certificate = loaded(der)
    if certificate is None:
        return "", ""
    row = Certificate.objects.filter(serial=f"{certificate.serial_number:x}").select_related("key").first()
    if row is None or bytes(row.der) != der:
        return "", ""
    return row.owner, row.key.name if row.key else ""


def check_signature(certificate_der: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the holder of a certificate signed `data` (SM2 with SM3 or ECDSA with SHA-256, DER). No query."""
    certificate = loaded(certificate_der)
    return certificate is not None and openssl.is_signed(certificate.public_key.dump(), data, signature)


def check_record(text: bytes, signatures: list[dict[str, str]], at: datetime | None = None) -> list[Step]:
    """Every signature under a record, and the certificate behind each as it stood when it was signed (`at`). One query."""
    return check_records([(text, signatures, at)])[0]


def check_records(records: Sequence[tuple[bytes, list[dict[str, str]], datetime | None]]) -> list[list[Step]]:
    """The same of several records. One query."""
    given = [[one if isinstance(one, dict) else {} for one in signatures] for _text, signatures, _at in records]
    kids = {str(one.get("kid", "")) for signatures in given for one in signatures}
    rows = Certificate.objects.filter(Q(kid__in=kids) | Q(kind__in=AUTHORITIES))
    known = Known({bytes(row.der): row for row in rows})
    return [
        [step for one in signatures for step in _signature_steps(text, one, at or now(), known)]
        or [Step(_("签名"), False, _("没有签名。"))]
        for (text, _signatures, at), signatures in zip(records, given, strict=True)
    ]


def certificates_behind(kids: Iterable[str]) -> list[dict[str, Any]]:
    """Certificates of keys, the newest last: whose, and the PEM, for whoever may see what those keys signed. One query."""
    return [
        {
            "kid": row.kid, "alg": row.algorithm, "owner": row.owner, "subject": row.subject, "serial": row.serial,
            "certificate": pem_of(bytes(row.der)),
        }
        for row in Certificate.objects.filter(kid__in=set(kids)).order_by("valid_from", "id")
    ]  # fmt: skip


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


def gone_of(row: Certificate) -> Gone:
    return Gone(int(row.serial, 16), row.state_at, row.reason)


def crl(algorithm: str, kind: str = "issuing") -> bytes:
    """The list of what the issuing certificate (or the root) no longer stands for, in DER; good for a day, signed anew each hour.

    Two queries; a third and a signature when something changed or the hour is over.
    """
    issuer = Certificate.objects.filter(kind=kind, algorithm=algorithm, state="valid").select_related("key").first()
    if issuer is None:
        raise CertificateNotFound
    gone = Certificate.objects.filter(issuer=issuer).exclude(state=Certificate.State.VALID)
    known = Certificate.objects.filter(issuer=issuer).aggregate(changed=Max("state_at"))
    count = gone.aggregate(count=Count("pk"))["count"]
    return _list_of(issuer.pk, f"{known['changed']} {count}", now().replace(minute=0, second=0, microsecond=0))


@lru_cache(maxsize=16)
def _list_of(issuer_id: UUID, change: str, hour: datetime) -> bytes:
    """`change` tells one state of the register from another."""
    issuer = Certificate.objects.select_related("key").get(pk=issuer_id)
    rows = Certificate.objects.filter(issuer=issuer, valid_until__gt=hour).exclude(state=Certificate.State.VALID)
    number, at = int(now().timestamp() * 1000), now()
    gone = [gone_of(row) for row in rows.order_by("state_at")]
    return revocation_list(issuer_by(issuer), gone, number=number, at=at, until=at + timedelta(days=1))


def judge_stamp(token: bytes, digest: bytes) -> tuple[list[Step], datetime | None]:
    """Whether a time stamp of ours proves that `digest` was there, and when. One query."""
    name, proof = _("时间戳"), proof_of(token)
    if proof is None or proof.certificate is None:
        return [Step(name, False, _("不是能读取的时间戳。"))], None
    if proof.digest != digest:
        return [Step(name, False, _("时间戳不是为这份内容加盖的。"))], None
    if not (proof.whole and check_signature(proof.certificate, proof.signed, proof.signature)):
        return [Step(name, False, _("时间戳的签名不正确。"))], None
    steps = judged(proof.certificate, proof.at, _known([proof.certificate]))
    certificate = loaded(proof.certificate)
    usage = certificate and certificate.extended_key_usage_value
    if not usage or usage.native != ["time_stamping"]:
        steps.append(Step(name, False, _("这张证书不能用于时间戳。")))
    words = _("%(at)s 加盖。") % {"at": f"{localtime(proof.at):%Y-%m-%d %H:%M:%S}"}
    return [Step(name, True, words), *steps], proof.at


# -- the desk ------------------------------------------------------------------------------------------------------------


def certificates_listed(actor: Actor, *, filters: dict[str, str], cursor: str = "", size: int = 30) -> Page:
    """Certificates, the newest first. Filters: `text` (subject or serial), `kind`, `state`, or `near` (ends soon)."""
    permit(actor, "trust.see")
    rows = Certificate.objects.defer("der")
    if text := filters.get("text", "").strip():
        rows = rows.filter(Q(subject__icontains=text) | Q(serial__startswith=text.lower()) | Q(kid=text.lower()))
    if kind := filters.get("kind"):
        rows = rows.filter(kind=kind)
    if filters.get("state") == NEAR:
        rows = rows.filter(state=Certificate.State.VALID, valid_until__lte=nearly_over(), valid_until__gt=now())
    elif state := filters.get("state"):
        rows = rows.filter(state=state)
    return page_of(rows, order=["-valid_from", "-id"], cursor=cursor, size=size)


def nearly_over() -> datetime:
    """A certificate that ends before this moment is marked, and may be renewed."""
    return now() + timedelta(days=settings.CERTIFICATE_NEAR_DAYS)


def count_near_end(actor: Actor) -> int:
    permit(actor, "trust.see")
    return Certificate.objects.filter(state="valid", valid_until__lte=nearly_over(), valid_until__gt=now()).count()


def next_to_end() -> list[Certificate]:
    """Of each kind the house itself signs with, and algorithm: the valid certificate that ends first and was not renewed."""
    rows = Certificate.objects.filter(state="valid", kind__in=[*INFRASTRUCTURE, *PUBLISHED], renewals=None)
    current = rows.filter(Q(key=None) | Q(key__retired_at=None), valid_until__gt=now())
    return list(current.defer("der").order_by("kind", "algorithm", "valid_until").distinct("kind", "algorithm"))


def certificate_for(actor: Actor, certificate_id: UUID) -> Certificate:
    permit(actor, "trust.see")
    row = Certificate.objects.select_related("key", "issuer", "renews").filter(pk=certificate_id).first()
    if row is None:
        raise CertificateNotFound
    return row


def applications_waiting(actor: Actor, *, cursor: str = "", done: bool = False) -> Page:
    """Applications to be decided, or, with `done`, those decided; the newest first."""
    permit(actor, "trust.see")
    rows = Application.objects.defer("request")
    rows = rows.exclude(state="waiting") if done else rows.filter(state="waiting")
    return page_of(rows, order=["-id"], cursor=cursor, size=20)


def application_for(actor: Actor, application_id: UUID) -> Application:
    permit(actor, "trust.see")
    row = Application.objects.select_related("certificate", "renews").filter(pk=application_id).first()
    if row is None:
        raise ApplicationNotFound
    return row
