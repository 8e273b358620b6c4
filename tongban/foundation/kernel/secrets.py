"""Columns that are ciphertext in the database, a keyed blind index to find them again by equality, and the key of each stored file.

Columns: AES-256-GCM or SM4-GCM by setting; each value says which key and cipher it was closed with, so that keys can be turned.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


@cache
def _key(key_id: str, purpose: bytes, length: int) -> bytes:
    """A key for one purpose from a master key (HKDF, RFC 5869)."""
    return HKDF(hashes.SHA256(), length, salt=None, info=purpose).derive(settings.DATA_KEYS[key_id])


@cache
def _column_cipher(key_id: str) -> AESGCM:
    """Made once for each key: it holds no state of a message."""
    return AESGCM(_key(key_id, b"column-aes", 32))


def close(plain: str) -> str:
    """Encrypt; the answer reads `<cipher>.<key>.<base64 of nonce, ciphertext and tag>`."""
    key_id, cipher, nonce = settings.DATA_KEY_CURRENT, settings.DATA_CIPHER, os.urandom(12)
    data = plain.encode()
    if cipher == "sm4":
        encryptor = Cipher(algorithms.SM4(_key(key_id, b"column-sm4", 16)), modes.GCM(nonce)).encryptor()
        sealed = encryptor.update(data) + encryptor.finalize() + encryptor.tag
    else:
        sealed = _column_cipher(key_id).encrypt(nonce, data, None)
    return f"{cipher}.{key_id}.{base64.b64encode(nonce + sealed).decode()}"


def open_(closed: str) -> str:
    """Decrypt what `close` made, whatever key was current then."""
    cipher, key_id, body = closed.split(".", 2)
    raw = base64.b64decode(body)
    nonce, sealed = raw[:12], raw[12:]
    if cipher == "sm4":
        mode = modes.GCM(nonce, sealed[-16:])
        decryptor = Cipher(algorithms.SM4(_key(key_id, b"column-sm4", 16)), mode).decryptor()
        return (decryptor.update(sealed[:-16]) + decryptor.finalize()).decode()
    return _column_cipher(key_id).decrypt(nonce, sealed, None).decode()


def file_cipher(key_id: str, salt: bytes, name: str) -> AESGCM:
    """For one stored file alone: the key follows from its name and the salt it was closed with. `KeyError`: no such master key."""
    derive = HKDF(hashes.SHA256(), 32, salt=salt, info=b"stored file " + name.encode())
    return AESGCM(derive.derive(_key(key_id, b"file", 32)))


def blind_index(value: str) -> str:
    """A keyed fingerprint (HMAC-SHA-256, 32 hex characters) for equality search over an encrypted column."""
    key = _key(settings.BLIND_INDEX_KEY, b"blind-index", 32)
    return hmac.new(key, value.strip().upper().encode(), hashlib.sha256).hexdigest()[:32]


def open_json(token: str) -> Any:
    """What an `EncryptedJSONField` holds, for those who read past the ORM."""
    return json.loads(open_(token)) if token else {}


class EncryptedTextField(models.TextField):
    """Text that is ciphertext in the database."""

    def get_prep_value(self, value: Any) -> Any:
        return close(str(value)) if value else ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return open_(value) if value else ""


class EncryptedJSONField(models.TextField):
    """JSON that is ciphertext in the database; lookups inside it are impossible, on purpose."""

    if TYPE_CHECKING:  # what the type checker believes of the attribute: not text, as its parent's is
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def get_prep_value(self, value: Any) -> Any:
        return close(json.dumps(value, ensure_ascii=False))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return open_json(value)

    def to_python(self, value: Any) -> Any:
        return value
