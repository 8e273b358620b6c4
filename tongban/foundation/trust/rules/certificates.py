"""X.509 version 3 (RFC 5280, GB/T 20518): an authority's and everybody's certificates, alike for SM2 and P-256."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, core, csr, keys, x509

from tongban.foundation.kernel.asn1 import settled

SM2_CURVE = "1.2.156.10197.1.301"
SIGNATURES = {"sm2": "1.2.156.10197.1.501", "p256": "1.2.840.10045.4.3.2"}
CURVES = {"sm2p256v1": "sm2", "secp256r1": "p256"}
keys.NamedCurve.register("sm2p256v1", SM2_CURVE, 32)

# What each kind of certificate is for: key usages, extended usages (critical or not), and how deep it may issue.
_AUTHORITY = {"key_cert_sign", "crl_sign"}
USAGES: dict[str, set[str]] = {
    "root": _AUTHORITY,
    "issuing": _AUTHORITY,
    "ocsp": {"digital_signature"},
    "tsa": {"digital_signature"},
}
_SIGNER = {"digital_signature", "non_repudiation"}
DEPTH: dict[str, int | None] = {"root": None, "issuing": 0}
EXTENDED = {"ocsp": ("ocsp_signing", False), "tsa": ("time_stamping", True)}
LONGEST_REQUEST = 20_000  # bytes of a request in PEM

Sign = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Terms:
    """What a certificate is to say. `kind` is root, issuing, ocsp, tsa, or an end kind; `public` a SubjectPublicKeyInfo."""

    kind: str
    subject: x509.Name
    public: bytes
    serial: int
    valid_from: datetime
    valid_until: datetime
    site: str = ""  # where lists and states are asked for; empty for a root


@dataclass(frozen=True)
class Issuer:
    """Who signs: his algorithm, name, public key, and how he signs."""

    algorithm: str
    name: x509.Name
    public: bytes
    sign: Sign


def name_of(*, organisation: str, unit: str, title: str) -> x509.Name:
    """A distinguished name in UTF-8; each part is cut where RFC 5280 ends it (64 characters)."""
    parts = {"country_name": "CN", "organization_name": organisation, "organizational_unit_name": unit}
    return settled(x509.Name.build({**{k: v[:64] for k, v in parts.items() if v}, "common_name": title[:64]}))


def signature_algorithm(algorithm: str) -> algos.SignedDigestAlgorithm:
    return algos.SignedDigestAlgorithm({"algorithm": SIGNATURES[algorithm]})


def key_identifier(public: bytes) -> bytes:
    """RFC 5280 4.2.1.2 (1): the SHA-1 of the key's bits, a name and no protection."""
    return bytes(keys.PublicKeyInfo.load(public).sha1)


def _extension(name: str, value: Any, *, critical: bool = False) -> dict[str, Any]:
    return {"extn_id": name, "critical": critical, "extn_value": value}


def _extensions(terms: Terms, issuer: Issuer) -> list[dict[str, Any]]:
    found = [
        _extension("key_identifier", key_identifier(terms.public)),
        _extension("authority_key_identifier", {"key_identifier": key_identifier(issuer.public)}),
        _extension("key_usage", x509.KeyUsage(USAGES.get(terms.kind, _SIGNER)), critical=True),
        _extension(
            "basic_constraints",
            {"ca": terms.kind in DEPTH, "path_len_constraint": DEPTH.get(terms.kind)},
            critical=True,
        ),
    ]
    if terms.kind in EXTENDED:
        usage, critical = EXTENDED[terms.kind]
        found.append(_extension("extended_key_usage", [usage], critical=critical))
    if terms.kind == "ocsp":
        found.append(_extension("ocsp_no_check", core.Null()))
    return found + (_places(terms, issuer) if terms.site else [])


def _places(terms: Terms, issuer: Issuer) -> list[dict[str, Any]]:
    """Where the list of revoked ones lies, and who answers for a single one."""
    whose = "-root" if terms.kind == "issuing" else ""
    crl = x509.GeneralName("uniform_resource_identifier", f"{terms.site}/trust/crl/{issuer.algorithm}{whose}.crl")
    ocsp = x509.GeneralName("uniform_resource_identifier", f"{terms.site}/trust/ocsp/")
    return [
        _extension("crl_distribution_points", [{"distribution_point": x509.DistributionPointName("full_name", [crl])}]),
        _extension("authority_information_access", [{"access_method": "ocsp", "access_location": ocsp}]),
    ]


def certificate(terms: Terms, issuer: Issuer) -> bytes:
    """The certificate in DER."""
    body = x509.TbsCertificate(
        {
            "version": "v3",
            "serial_number": terms.serial,
            "signature": signature_algorithm(issuer.algorithm),
            "issuer": issuer.name,
            "validity": {"not_before": moment(terms.valid_from), "not_after": moment(terms.valid_until)},
            "subject": terms.subject,
            "subject_public_key_info": keys.PublicKeyInfo.load(terms.public),
            "extensions": [settled(x509.Extension(one)) for one in _extensions(terms, issuer)],
        }
    )
    body = settled(body)
    return x509.Certificate(
        {
            "tbs_certificate": body,
            "signature_algorithm": signature_algorithm(issuer.algorithm),
            "signature_value": core.OctetBitString(issuer.sign(body.dump())),
        }
    ).dump()


def moment(at: datetime) -> x509.Time:
    """UTCTime until 2049, GeneralizedTime after (RFC 5280 4.1.2.5); whole seconds."""
    at = at.replace(microsecond=0)
    return x509.Time({"utc_time": at}) if at.year < 2050 else x509.Time({"general_time": at})


def loaded(der: bytes) -> x509.Certificate | None:
    """A certificate that can be read to its last field, or None."""
    try:
        found = x509.Certificate.load(der, strict=True)
        _ = found.native, found.public_key.dump()
    except (ValueError, TypeError, OverflowError, KeyError):
        return None
    return found


def curve_of(public: keys.PublicKeyInfo) -> str | None:
    """`sm2` or `p256`; None for any other key."""
    try:
        return CURVES.get(public.curve[1])
    except (ValueError, TypeError, KeyError):
        return None


def request_of(data: bytes) -> csr.CertificationRequest | None:
    """A PKCS#10 request in DER that can be read, or None."""
    try:
        request = csr.CertificationRequest.load(data, strict=True)
        _ = request.native
    except (ValueError, TypeError, OverflowError, KeyError):
        return None
    return request


def request_faults(data: bytes, *, is_signed: Callable[[bytes, bytes, bytes], bool]) -> list[str]:
    """What is wrong with a PKCS#10 request: `unreadable`, `curve`, or `not_signed` by the key it names."""
    request = request_of(data) if len(data) <= LONGEST_REQUEST else None
    if request is None:
        return ["unreadable"]
    content = request["certification_request_info"]
    public = content["subject_pk_info"]
    if curve_of(public) is None:
        return ["curve"]
    good = is_signed(public.dump(), content.dump(), bytes(request["signature"].native))
    return [] if good else ["not_signed"]
