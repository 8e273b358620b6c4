"""Private keys in a hardware module (or SoftHSM2) behind PKCS#11: they are made there and never leave it. P-256 only.

Needs the extra `pkcs11`. One session a process, used by one thread at a time; after any fault the next call opens a new one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

import pkcs11
from django.conf import settings
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.util.ec import encode_ec_public_key, encode_ecdsa_signature, encode_named_curve_parameters

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.trust.errors import KeyStoreAway

from . import Signer

T = TypeVar("T")
CURVE = {"p256": "secp256r1"}
_EXTRACTABLE_NEVER = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.TOKEN: True}


class TokenStore:
    """Objects in the token carry the `kid` of their key as their id."""

    def __init__(self) -> None:
        self._session: Any = None
        self._lock = Lock()

    def make(self, algorithm: str) -> bytes:
        return self._with_session(lambda session: self._made(session, CURVE[algorithm]))

    def signer(self, *, kid: str, algorithm: str, public: bytes) -> Signer:
        """Asks whether the key is there before it answers."""
        self._with_session(lambda session: _private_key(session, kid))

        def sign(data: bytes) -> bytes:
            digest = hashlib.sha256(data).digest()
            raw = self._with_session(lambda session: _private_key(session, kid).sign(digest, mechanism=Mechanism.ECDSA))
            return bytes(encode_ecdsa_signature(raw))

        return sign

    def _made(self, session: Any, curve: str) -> bytes:
        named = {Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}
        parameters = session.create_domain_parameters(KeyType.EC, named, local=True)
        public, private = parameters.generate_keypair(
            mechanism=Mechanism.EC_KEY_PAIR_GEN, store=True, private_template=_EXTRACTABLE_NEVER
        )
        der = bytes(encode_ec_public_key(public))
        kid = sm3(der)[:16]
        for half in (public, private):
            half[Attribute.ID] = bytes.fromhex(kid)
            half[Attribute.LABEL] = kid
        return der

    def _with_session(self, call: Callable[[Any], T]) -> T:
        with self._lock:
            try:
                self._session = self._session or _opened()
                return call(self._session)
            except (pkcs11.PKCS11Error, OSError, RuntimeError) as fault:
                self._drop()
                raise KeyStoreAway(what=type(fault).__name__) from None

    def _drop(self) -> None:
        session, self._session = self._session, None
        try:
            if session is not None:
                session.close()
        except pkcs11.PKCS11Error:  # it was gone already
            pass


def _opened() -> Any:
    library = pkcs11.lib(settings.PKCS11_LIBRARY)
    token = library.get_token(token_label=settings.PKCS11_TOKEN)
    try:
        return token.open(rw=True, user_pin=settings.PKCS11_PIN)
    except pkcs11.UserAlreadyLoggedIn:  # the token knows this process, whose session before broke off
        return token.open(rw=True)


def _private_key(session: Any, kid: str) -> Any:
    return session.get_key(object_class=ObjectClass.PRIVATE_KEY, id=bytes.fromhex(kid))
