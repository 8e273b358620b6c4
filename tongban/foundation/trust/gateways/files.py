"""Private keys as files, each closed with the installation's secret (PKCS#8, PBES2): the store of a first start."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.durable import write_once
from tongban.foundation.trust.errors import KeyStoreAway

from . import openssl


class FileStore:
    """`<kid>.pem` in a folder nobody else may enter. Several machines share the folder, or use a token."""

    def _folder(self) -> Path:
        folder = Path(settings.KEY_FOLDER)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def make(self, algorithm: str) -> bytes:
        key = openssl.new_key(algorithm)
        public = openssl.public_der(key)
        closed = openssl.closed(key, settings.KEY_SECRET)
        try:
            write_once(self._folder() / f"{sm3(public)[:16]}.pem", closed)
        except OSError as fault:
            raise KeyStoreAway(what=type(fault).__name__) from None
        return public

    def signer(self, *, kid: str, algorithm: str, public: bytes) -> openssl.Signer:
        try:
            closed = (Path(settings.KEY_FOLDER) / f"{kid}.pem").read_bytes()
        except OSError as fault:
            raise KeyStoreAway(what=type(fault).__name__) from None
        key = openssl.opened(closed, settings.KEY_SECRET)
        if openssl.public_der(key) != public:
            raise KeyStoreAway(what="another key")
        return openssl.signer_of(key, algorithm)
