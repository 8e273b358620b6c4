"""Time stamps: this digest was there now."""

from __future__ import annotations

import os

from asn1crypto import x509
from django.db import DatabaseError

from tongban.foundation.kernel.clock import now
from tongban.foundation.trust.errors import KeyStoreAway
from tongban.foundation.trust.gateways.keyring import Key
from tongban.foundation.trust.queries import chain_of
from tongban.foundation.trust.rules import Issuer
from tongban.foundation.trust.rules.stamps import OF_ALGORITHM, Stamp, granted, rejected, request_of, token

from .authority import STAMPS
from .keys import key_for

_above: dict[str, list[bytes]] = {}


def time_stamp(digest: bytes, algorithm: str) -> bytes:
    """An RFC 3161 token over an SM3 digest (`sm2`) or a SHA-256 digest (`p256`), with the certificates that lead to the root.

    No query once warm. Each token has a random number; tokens are not kept, whoever needs one keeps it.
    """
    key = key_for(STAMPS, "stamps", algorithm)
    return _token(Stamp(digest, OF_ALGORITHM[algorithm], now(), _number()), key)


def _number() -> int:
    return int.from_bytes(os.urandom(12), "big")


def _token(stamp: Stamp, key: Key) -> bytes:
    own = x509.Certificate.load(key.certificate)
    return token(stamp, Issuer(key.algorithm, own.subject, key.public, key.signer), key.certificate, _issuers(key))


def _issuers(key: Key) -> list[bytes]:
    """Certificates above that of a key; they never change, so they are looked up once."""
    if key.kid not in _above:
        _above[key.kid] = chain_of(key.certificate)[1:-1]
    return _above[key.kid]


def answer_stamp_request(data: bytes, *, algorithm: str) -> bytes:
    """A TimeStampResp to a TimeStampReq, whatever it holds: a token, or why there is none."""
    asked = request_of(data)
    if asked is None or asked.fault:
        return rejected(asked.fault if asked else "bad_request")
    try:
        key = key_for(STAMPS, "stamps", algorithm)
        stamp = Stamp(asked.digest, asked.method, now(), _number(), asked.nonce, asked.with_certificate)
        return granted(_token(stamp, key))
    except (KeyStoreAway, DatabaseError):
        return rejected("system_failure")
