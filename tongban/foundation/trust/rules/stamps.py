"""Time stamps (RFC 3161, with RFC 5816's reference to the certificate): that something was there at a moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from tongban.foundation.kernel.canonical import sm3

from .certificates import Issuer, signature_algorithm

# Our policy, under the arc for which anybody may take a UUID (X.667): made at once, by the server's clock, exact to a second.
POLICY = "2.25.281142939948027275191544406094469175114"
SM3 = "1.2.156.10197.1.401"
DIGEST_SIZES = {"sha256": 32, "sha384": 48, "sha512": 64, SM3: 32}
OF_ALGORITHM = {"sm2": SM3, "p256": "sha256"}
LONGEST_REQUEST = 5_000  # bytes
EXACT_S = 1
_HASH = {SM3: lambda data: bytes.fromhex(sm3(data)), "sha256": lambda data: hashlib.sha256(data).digest()}


@dataclass(frozen=True)
class Stamp:
    """What is to be stamped: a digest made with `method`, when, under which number; `nonce` ties it to its request."""

    digest: bytes
    method: str
    at: datetime
    serial: int
    nonce: int | None = None
    with_certificate: bool = True


@dataclass(frozen=True)
class Request:
    """A request that can be read, and what is wrong with it (a name of PKIFailureInfo; empty: nothing)."""

    digest: bytes
    method: str
    nonce: int | None
    with_certificate: bool
    fault: str = ""


def request_of(data: bytes) -> Request | None:
    """A TimeStampReq; None when it cannot be read at all."""
    if len(data) > LONGEST_REQUEST:
        return None
    try:
        found = tsp.TimeStampReq.load(data, strict=True)
        imprint = found["message_imprint"]
        method, digest = imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native
        nonce, wanted = found["nonce"].native, bool(found["cert_req"].native)
        policy = found["req_policy"].native
        more = len(found["extensions"] or [])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    return Request(digest, method, nonce, wanted, _fault(method, digest, policy, more))


def _fault(method: str, digest: bytes, policy: str | None, extensions: int) -> str:
    if method not in DIGEST_SIZES:
        return "bad_alg"
    if len(digest) != DIGEST_SIZES[method]:
        return "bad_data_format"
    if policy not in (None, POLICY):
        return "unaccepted_policy"
    return "unaccepted_extensions" if extensions else ""


class _Refusal(core.Sequence):
    """A TimeStampResp without a token, which the library's own class does not allow."""

    _fields = [("status", tsp.PKIStatusInfo)]


def _method(name: str) -> algos.DigestAlgorithm:
    return algos.DigestAlgorithm({"algorithm": name})


def _stamped(stamp: Stamp) -> tsp.TSTInfo:
    content: dict[str, Any] = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": {"hash_algorithm": _method(stamp.method), "hashed_message": stamp.digest},
        "serial_number": stamp.serial,
        "gen_time": stamp.at.replace(microsecond=0),
        "accuracy": {"seconds": EXACT_S},
    }
    return tsp.TSTInfo(content | ({"nonce": stamp.nonce} if stamp.nonce is not None else {}))


def token(stamp: Stamp, issuer: Issuer, own: bytes, above: list[bytes]) -> bytes:
    """The TimeStampToken in DER; `own` is the authority's certificate, `above` those that lead to the root."""
    method = OF_ALGORITHM[issuer.algorithm]
    info = _stamped(stamp).dump()
    reference = tsp.ESSCertIDv2({"hash_algorithm": _method(method), "cert_hash": _HASH[method](own)})
    attributes = cms.CMSAttributes(
        [
            {"type": "content_type", "values": ["tst_info"]},
            {"type": "signing_time", "values": [cms.Time({"utc_time": stamp.at.replace(microsecond=0)})]},
            {"type": "message_digest", "values": [_HASH[method](info)]},
            {"type": "signing_certificate_v2", "values": [tsp.SigningCertificateV2({"certs": [reference]})]},
        ]
    )
    certificate = x509.Certificate.load(own)
    sender = cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number})
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", sender),
        "digest_algorithm": _method(method),
        "signed_attrs": attributes,
        "signature_algorithm": signature_algorithm(issuer.algorithm),
        "signature": issuer.sign(attributes.dump()),
    }
    signed: dict[str, Any] = {
        "version": "v3",
        "digest_algorithms": [_method(method)],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
        "signer_infos": [signer],
    }
    if stamp.with_certificate:
        signed["certificates"] = [x509.Certificate.load(der) for der in [own, *above]]
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)}).dump()


def granted(made: bytes) -> bytes:
    """The reply that carries a token."""
    reply = {"status": {"status": "granted"}, "time_stamp_token": cms.ContentInfo.load(made)}
    return tsp.TimeStampResp(reply).dump()


def rejected(fault: str) -> bytes:
    """The reply that carries none, and why (a name of PKIFailureInfo)."""
    return _Refusal({"status": {"status": "rejection", "fail_info": {fault}}}).dump()


@dataclass(frozen=True)
class Proof:
    """What a token says: the digest that was there, when, and who says so (certificate in DER, if it travels along)."""

    digest: bytes
    method: str
    at: datetime
    serial: int
    certificate: bytes | None
    signed: bytes  # what the signature covers
    signature: bytes
    whole: bool  # the inner digest and the reference to the certificate fit


def proof_of(data: bytes) -> Proof | None:
    """What a TimeStampToken in DER says, its signature not yet checked; None when it is none."""
    try:
        signed = cms.ContentInfo.load(data, strict=True)["content"]
        info = signed["encap_content_info"]["content"].parsed
        (signer,) = signed["signer_infos"]
        attributes = {one["type"].native: one["values"][0] for one in signer["signed_attrs"]}
        method = signer["digest_algorithm"]["algorithm"].native
        ours = [one.chosen for one in signed["certificates"] if one.name == "certificate"]
        own = next(
            (one.dump() for one in ours if one.serial_number == signer["sid"].chosen["serial_number"].native), None
        )
        reference = attributes["signing_certificate_v2"]["certs"][0]
        whole = (
            attributes["message_digest"].native == _HASH[method](signed["encap_content_info"]["content"].contents)
            and own is not None
            and reference["cert_hash"].native == _HASH[reference["hash_algorithm"]["algorithm"].native](own)
        )
        imprint = info["message_imprint"]
        return Proof(
            digest=imprint["hashed_message"].native,
            method=imprint["hash_algorithm"]["algorithm"].native,
            at=info["gen_time"].native,
            serial=info["serial_number"].native,
            certificate=own,
            signed=signer["signed_attrs"].untag().dump(),
            signature=signer["signature"].native,
            whole=whole,
        )
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, StopIteration):
        return None
