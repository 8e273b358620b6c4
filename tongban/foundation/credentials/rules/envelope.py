"""The signed envelope: COSE_Sign1 with ES256 (RFC 9052, RFC 9053), written in digits so that a code on paper stays small.

A code stores ten bits in three digits, so digits cost it almost nothing more than bytes; and digits can stand in an address
behind `#`, which no browser sends to a server. So one code serves the camera of any phone and our own readers alike.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from fido2 import cbor

from .claims import Claims, Unreadable, decoded, packed, unpacked

ES256 = -7  # RFC 9053, section 2.1
ALGORITHM, KEY_ID = 1, 4  # RFC 9052, section 3.1
LARGEST = 1024  # bytes
DIGITS = re.compile(r"(?:.{0,300}#)?([1-9][0-9]{100,2466})", re.ASCII)


@dataclass(frozen=True)
class Envelope:
    """A credential taken apart. Nothing in it is believed before `is_signed_by` says so."""

    claims: Claims
    kid: str  # 16 hex characters
    signed: bytes
    signature: bytes  # r and s, 32 bytes each

    def is_signed_by(self, pem: str) -> bool:
        """Whether this P-256 key made the signature. A key of another kind made none of ours."""
        try:
            key = load_pem_public_key(pem.encode())
            if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
                return False
            r, s = (int.from_bytes(half, "big") for half in (self.signature[:32], self.signature[32:]))
            key.verify(encode_dss_signature(r, s), self.signed, ECDSA(SHA256()))
        except (InvalidSignature, ValueError, UnsupportedAlgorithm):
            return False
        return True


def sealed(claims: Claims, kid: str, sign: Callable[[bytes], bytes]) -> str:
    """The digits of a credential; `sign` answers with an ECDSA signature in DER."""
    protected = cbor.encode({ALGORITHM: ES256, KEY_ID: bytes.fromhex(kid)})
    payload = packed(claims)
    r, s = decode_dss_signature(sign(_signed(protected, payload)))
    signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return str(int.from_bytes(cbor.encode([protected, {}, payload, signature]), "big"))


def opened(text: str) -> Envelope:
    """Take a credential apart: its digits alone, or an address with them behind `#`. `Unreadable` for all else."""
    match = DIGITS.fullmatch("".join(text[:4000].split())) if len(text) < 4000 else None
    if not match:
        raise Unreadable
    number = int(match[1])
    body = decoded(number.to_bytes((number.bit_length() + 7) // 8, "big"))
    if not isinstance(body, list) or len(body) != 4 or body[1] != {}:
        raise Unreadable
    protected, _unprotected, payload, signature = body
    if not all(isinstance(part, bytes) for part in (protected, payload, signature)) or len(signature) != 64:
        raise Unreadable
    return Envelope(unpacked(payload), _kid(decoded(protected)), _signed(protected, payload), signature)


def _kid(header: Any) -> str:
    """The key's name. Another algorithm than ours, "none" above all, makes the text unreadable."""
    if not isinstance(header, dict) or set(header) != {ALGORITHM, KEY_ID} or header[ALGORITHM] != ES256:
        raise Unreadable
    kid = header[KEY_ID]
    if not isinstance(kid, bytes) or len(kid) != 8:
        raise Unreadable
    return kid.hex()


def _signed(protected: bytes, payload: bytes) -> bytes:
    """The bytes under the signature (RFC 9052, section 4.4)."""
    return cbor.encode(["Signature1", protected, b"", payload])
