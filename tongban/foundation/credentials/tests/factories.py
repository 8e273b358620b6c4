"""A city with a key of its own, for tests of the rules: no database, no key store."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tongban.foundation.credentials.rules import Claims, Key, KeySet, StatusList, compressed, expanded, sealed

IDENTIFIER = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
ISSUED_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@dataclass
class City:
    """Somebody who signs credentials."""

    code: str = "511602"
    kid: str = "00112233445566aa"
    secret: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def pem(self) -> str:
        return self.secret.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def keys(self) -> KeySet:
        return KeySet(self.code, "广安区", {self.kid: Key(self.kid, self.pem)})

    def signed(self, claims: Claims | None = None) -> str:
        return sealed(
            claims or make_claims(self.code), self.kid, lambda data: self.secret.sign(data, ec.ECDSA(SHA256()))
        )


def make_claims(city: str = "511602", **changes: Any) -> Claims:
    values: dict[str, Any] = {
        "city": city,
        "subject": IDENTIFIER,
        "issued_at": ISSUED_AT,
        "kind": "公共场所卫生许可证",
        "number": "川卫公证字〔2026〕第****12号",
        "holder": "广安区**理发店",
        "issuer": "广安市广安区卫生健康局",
        "valid_from": date(2026, 3, 2),
        "valid_until": date(2030, 3, 1),
        "list_no": 0,
        "place": 77_001,
    }
    return Claims(**values | changes)


def make_list(states: dict[int, int] | None = None, *, number: int = 0, issued_at: datetime = ISSUED_AT) -> StatusList:
    bits = expanded(compressed(states or {}))
    assert bits is not None
    return StatusList(number, issued_at, issued_at.replace(day=issued_at.day + 1), bits)
