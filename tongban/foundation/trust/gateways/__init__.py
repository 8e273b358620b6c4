"""Where private keys lie: one protocol, and the store the installation chose."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

Signer = Callable[[bytes], bytes]

STORES = {
    "file": "tongban.foundation.trust.gateways.files.FileStore",
    "pkcs11": "tongban.foundation.trust.gateways.pkcs11.TokenStore",
}


class KeyStore(Protocol):
    """A place for private keys. Whatever goes wrong in it is `KeyStoreAway`, and then nothing was made or signed."""

    def make(self, algorithm: str) -> bytes:
        """Make a pair; its public half (SubjectPublicKeyInfo) comes back, the private half never does."""

    def signer(self, *, kid: str, algorithm: str, public: bytes) -> Signer:
        """What signs with a key of this store: DER {r, s} of SM2 with SM3, or of ECDSA with SHA-256."""


@cache
def store_named(name: str) -> KeyStore:
    store: KeyStore = import_string(STORES[name])()
    return store


def store_for(algorithm: str) -> str:
    """Which store makes new keys: the token for the algorithms it is trusted with, else files."""
    return "pkcs11" if settings.KEY_STORE == "pkcs11" and algorithm in settings.PKCS11_ALGORITHMS else "file"
