"""One way to write a value as bytes (RFC 8785 in spirit: sorted keys, no spaces, UTF-8), and its SM3 (GB/T 32905)."""

from __future__ import annotations

import json
from typing import Any

from cryptography.hazmat.primitives import hashes


def canonical(value: Any) -> bytes:
    """Equal values give equal bytes. UUIDs, dates and times are written as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode()


def sm3(data: bytes) -> str:
    """The SM3 digest, 64 hex characters."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize().hex()
