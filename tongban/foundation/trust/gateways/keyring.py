"""Keys this process has opened, so that a signature costs neither a query nor a look into the store."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from . import Signer


@dataclass(frozen=True)
class Key:
    """A key that can sign, and its certificate in DER. `algorithm` is `sm2` or `p256`."""

    id: UUID
    owner: str
    name: str
    algorithm: str
    kid: str
    public: bytes = field(repr=False)
    certificate: bytes = field(repr=False)
    certificate_id: UUID
    valid_until: datetime
    signer: Signer = field(repr=False, compare=False)


Place = tuple[str, str, str]
_ring: dict[Place, tuple[Key, float]] = {}


@dataclass(frozen=True)
class _Hang:
    """Puts a key on the ring once the transaction that read or made it commits; before, it is found in that list itself."""

    key: Key

    @property
    def place(self) -> Place:
        return (self.key.owner, self.key.name, self.key.algorithm)

    def __call__(self) -> None:
        _ring.pop(self.place, None)
        _ring[self.place] = (self.key, time.monotonic() + settings.KEY_KEPT_S)
        while len(_ring) > settings.KEYS_KEPT:
            _ring.pop(next(iter(_ring)), None)  # the longest there; persons' keys come by the thousand


def hang(key: Key) -> None:
    """Keep a key: at once, or, inside a transaction, for that transaction and, if it commits, for everybody."""
    transaction.on_commit(_Hang(key))


def hanging(owner: str, name: str, algorithm: str) -> Key | None:
    """A key opened not long ago. A change made elsewhere (rotation, revocation) is seen when `KEY_KEPT_S` is over."""
    place = (owner, name, algorithm)
    for _savepoints, call, _robust in reversed(connection.run_on_commit):
        if isinstance(call, _Hang) and call.place == place:
            return call.key
    key, until = _ring.get(place, (None, 0.0))
    return key if until > time.monotonic() else None


def take_off(owner: str = "", name: str = "", algorithm: str = "") -> None:
    """Forget one key here, or all of them."""
    connection.run_on_commit[:] = [
        entry for entry in connection.run_on_commit
        if not isinstance(entry[1], _Hang) or (owner and entry[1].place != (owner, name, algorithm))
    ]  # fmt: skip
    if owner:
        _ring.pop((owner, name, algorithm), None)
    else:
        _ring.clear()
