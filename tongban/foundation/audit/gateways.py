"""Where the key that signs seals lies: a closed folder of files. A hardware module answers to the same three functions."""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from tongban.foundation.kernel.durable import whole_file, write_once

HEAD = "newest-seal"


def _folder() -> Path:
    folder = Path(settings.AUDIT_KEY_FOLDER)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _new_key() -> None:
    """A pair of its own for this installation: `<id>.key` stays here, `<id>.pub` is published."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    key_id = hashlib.sha256(public).hexdigest()[:16]
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_once(_folder() / f"{key_id}.key", secret)
    with whole_file(_folder() / f"{key_id}.pub") as part:
        part.write_bytes(public)


def sign(statement: bytes) -> tuple[str, bytes]:
    """(key id, signature) by the newest key, made on first use."""
    if not list(_folder().glob("*.key")):
        _new_key()
    path = max(_folder().glob("*.key"), key=lambda file: file.stat().st_mtime_ns)
    private = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(private, Ed25519PrivateKey)
    return path.stem, private.sign(statement)


def keep_head(number: int, root: str) -> None:
    """The newest seal, kept outside the database: what one start finds there the next one compares."""
    with whole_file(_folder() / HEAD) as part:
        part.write_text(f"{number} {root}\n")


def kept_head() -> tuple[int, str] | None:
    path = _folder() / HEAD
    if not path.exists():
        return None
    number, _space, root = path.read_text().strip().partition(" ")
    return int(number), root


def public_keys() -> dict[str, str]:
    """Every public key that ever signed here, PEM by id."""
    return {path.stem: path.read_text() for path in sorted(_folder().glob("*.pub"))}


def is_signed(statement: bytes, key_id: str, signature: bytes) -> bool:
    pem = public_keys().get(key_id)
    if pem is None:
        return False
    public = load_pem_public_key(pem.encode())
    assert isinstance(public, Ed25519PublicKey)
    try:
        public.verify(signature, statement)
    except InvalidSignature:
        return False
    return True
