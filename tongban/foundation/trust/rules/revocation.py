"""Which certificates no longer count: the list for everybody (CRL, RFC 5280) and the answer about one (OCSP, RFC 6960)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import core, crl, ocsp, x509

from .certificates import Issuer, key_identifier, moment, signature_algorithm

LONGEST_QUESTION = 10_000  # bytes
MOST_ASKED = 50  # certificates in one question
LONGEST_NONCE = 128


@dataclass(frozen=True)
class Gone:
    """A certificate that is suspended or revoked, since when and why (a name of CRLReason)."""

    serial: int
    since: datetime
    reason: str


def revocation_list(issuer: Issuer, gone: Iterable[Gone], *, number: int, at: datetime, until: datetime) -> bytes:
    """The signed list in DER."""
    entries = [
        {
            "user_certificate": one.serial,
            "revocation_date": moment(one.since),
            "crl_entry_extensions": [{"extn_id": "crl_reason", "extn_value": crl.CRLReason(one.reason)}],
        }
        for one in gone
    ]
    body = crl.TbsCertList(
        {
            "version": "v2",
            "signature": signature_algorithm(issuer.algorithm),
            "issuer": issuer.name,
            "this_update": moment(at),
            "next_update": moment(until),
            **({"revoked_certificates": entries} if entries else {}),
            "crl_extensions": [
                {
                    "extn_id": "authority_key_identifier",
                    "extn_value": x509.AuthorityKeyIdentifier({"key_identifier": key_identifier(issuer.public)}),
                },
                {"extn_id": "crl_number", "extn_value": core.Integer(number)},
            ],
        }
    )
    return crl.CertificateList(
        {
            "tbs_cert_list": body,
            "signature_algorithm": signature_algorithm(issuer.algorithm),
            "signature": core.OctetBitString(issuer.sign(body.dump())),
        }
    ).dump()


@dataclass(frozen=True)
class Question:
    """What is asked about each certificate (RFC 6960 4.1), and the number that ties the answer to it."""

    asked: list[ocsp.CertId]
    nonce: bytes


def question_of(data: bytes) -> Question | None:
    """The question in a DER request; None when it cannot be read or asks about too many."""
    if len(data) > LONGEST_QUESTION:
        return None
    try:
        request = ocsp.OCSPRequest.load(data, strict=True)
        asked = [one["req_cert"] for one in request["tbs_request"]["request_list"]]
        nonce = request.nonce_value.native if request.nonce_value is not None else b""
        _ = [one.native for one in asked]
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        return None
    return Question(asked, nonce) if 1 <= len(asked) <= MOST_ASKED and len(nonce) <= LONGEST_NONCE else None


def asks_about(asked: ocsp.CertId, issuer: x509.Certificate) -> bool:
    """Whether a certificate of this issuer is meant: name and key are named by their SHA-1 or SHA-256."""
    method = asked["hash_algorithm"]["algorithm"].native
    if method not in ("sha1", "sha256"):
        return False
    name, key = getattr(issuer.subject, method), getattr(issuer.public_key, method)
    return bool(asked["issuer_name_hash"].native == name and asked["issuer_key_hash"].native == key)


def state_of(found: Gone | bool) -> ocsp.CertStatus:
    """`True` good, `False` never issued, else gone."""
    if isinstance(found, Gone):
        gone = {"revocation_time": found.since.replace(microsecond=0), "revocation_reason": found.reason}
        return ocsp.CertStatus("revoked", ocsp.RevokedInfo(gone))
    return ocsp.CertStatus("good", ocsp.StatusGood()) if found else ocsp.CertStatus("unknown", ocsp.StatusUnknown())


def answer(
    responder: Issuer,
    own: bytes,
    states: list[tuple[ocsp.CertId, Gone | bool]],
    *,
    nonce: bytes,
    at: datetime,
    until: datetime,
) -> bytes:
    """The signed answer, in the order asked; `own` is the responder's certificate, which travels with it."""
    at, until = at.replace(microsecond=0), until.replace(microsecond=0)
    body: dict[str, Any] = {
        "responder_id": ocsp.ResponderId("by_key", core.OctetString(key_identifier(responder.public))),
        "produced_at": at,
        "responses": [
            {"cert_id": asked, "cert_status": state_of(found), "this_update": at, "next_update": until}
            for asked, found in states
        ],
    }
    if nonce:
        body["response_extensions"] = [{"extn_id": "nonce", "extn_value": core.OctetString(nonce)}]
    data = ocsp.ResponseData(body)
    basic = ocsp.BasicOCSPResponse(
        {
            "tbs_response_data": data,
            "signature_algorithm": signature_algorithm(responder.algorithm),
            "signature": core.OctetBitString(responder.sign(data.dump())),
            "certs": [x509.Certificate.load(own)],
        }
    )
    return ocsp.OCSPResponse(
        {
            "response_status": "successful",
            "response_bytes": {"response_type": "basic_ocsp_response", "response": basic},
        }
    ).dump()


def no_answer(why: str) -> bytes:
    """`malformed_request`, `try_later` or `unauthorized`: unsigned, as the standard has it."""
    return ocsp.OCSPResponse({"response_status": why}).dump()
