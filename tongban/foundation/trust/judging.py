"""What is to be thought of a certificate, given all we know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto import x509
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from .gateways import openssl
from .models import Certificate
from .rules import Step
from .rules.certificates import loaded

_SIGNING = {"digital_signature", "non_repudiation"}
DEEPEST = 4


@dataclass(frozen=True)
class Known:
    """Rows of ours by their DER: the certificates in question and the authorities."""

    rows: dict[bytes, Certificate]

    def by_kid(self, kid: str, at: datetime) -> Certificate | None:
        """The certificate of a key that was in force at a moment, or the newest there is."""
        found = [row for row in self.rows.values() if row.kid == kid]
        return max(found, key=lambda row: (row.valid_from <= at <= row.valid_until, row.valid_from), default=None)

    def issuer_of(self, der: bytes) -> Certificate | None:
        authorities = (Certificate.Kind.ROOT, Certificate.Kind.ISSUING)
        return next((row for one, row in self.rows.items() if row.kind in authorities and is_issued_by(der, one)), None)


@lru_cache(maxsize=2048)
def is_issued_by(der: bytes, issuer_der: bytes) -> bool:
    """Whether one certificate was signed by the holder of another, who may issue. This never changes, so it is kept."""
    certificate, issuer = loaded(der), loaded(issuer_der)
    if certificate is None or issuer is None or certificate.issuer.dump() != issuer.subject.dump() or not issuer.ca:
        return False
    body, signature = certificate["tbs_certificate"].dump(), bytes(certificate["signature_value"].native)
    return openssl.is_signed(issuer.public_key.dump(), body, signature)


def judged(der: bytes, at: datetime, known: Known) -> list[Step]:
    """Format, chain, validity, revocation, usage; the first alone when it cannot be read."""
    certificate = loaded(der)
    if certificate is None:
        return [Step(_("证书格式"), False, _("不是能读取的 X.509 证书。"))]
    readable = Step(_("证书格式"), True, _("X.509 v3，主体“%(subject)s”。") % {"subject": _common_name(certificate)})
    steps: list[Callable[..., Step]] = [_chain, _validity, _revocation, _usage]
    return [readable, *(step(der, certificate, at, known) for step in steps)]


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.native.get("common_name", ""))[:64]


def _chain(der: bytes, certificate: x509.Certificate, at: datetime, known: Known) -> Step:
    name, here = _("证书链"), der
    for _depth in range(DEEPEST):
        issuer = known.issuer_of(here)
        if issuer is None:
            return Step(name, False, _("不是本市证书服务签发的证书。"))
        if not issuer.valid_from <= at <= issuer.valid_until or _was_revoked(issuer, at):
            return Step(name, False, _("签发证书“%(subject)s”当时无效。") % {"subject": issuer.subject})
        if issuer.kind == Certificate.Kind.ROOT:
            return Step(name, True, _("由本市证书服务签发，直到根证书“%(subject)s”。") % {"subject": issuer.subject})
        here = bytes(issuer.der)
    return Step(name, False, _("不是本市证书服务签发的证书。"))


def _validity(der: bytes, certificate: x509.Certificate, at: datetime, known: Known) -> Step:
    since, until = certificate.not_valid_before, certificate.not_valid_after
    words = _("有效期 %(since)s 至 %(until)s。") % {"since": _day(since), "until": _day(until)}
    return Step(_("有效期"), since <= at <= until, words)


def _day(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d}"


def _was_revoked(row: Certificate, at: datetime) -> bool:
    return row.state != Certificate.State.VALID and row.state_at <= at


def _revocation(der: bytes, certificate: x509.Certificate, at: datetime, known: Known) -> Step:
    """A revocation counts from its moment; a stolen key makes everything doubtful that no time stamp proves older."""
    name, row = _("吊销状态"), known.rows.get(der)
    if row is None:
        return Step(name, None, _("没有这张证书的登记，无法查询状态。"))
    if row.state == Certificate.State.VALID:
        return Step(name, True, _("没有被吊销。"))
    since = {"day": _day(row.state_at)}
    if row.state_at <= at:
        said = _("%(day)s 起已暂停。") if row.state == Certificate.State.SUSPENDED else _("%(day)s 已吊销。")
        return Step(name, False, said % since)
    if row.reason == "key_compromise":
        return Step(name, None, _("签名之后，密钥在 %(day)s 因泄露被吊销，签名时间需另有证明。") % since)
    return Step(name, True, _("签名时有效，之后在 %(day)s 停用。") % since)


def _usage(der: bytes, certificate: x509.Certificate, at: datetime, known: Known) -> Step:
    usage = certificate.key_usage_value
    good = bool(usage and _SIGNING & set(usage.native)) and not certificate.ca
    return Step(_("密钥用途"), good, _("可以用于签名。") if good else _("不是用于签名的证书。"))
