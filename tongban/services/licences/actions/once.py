"""What another system sends, done once a key however often it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.foundation.kernel.canonical import canonical
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.services.licences.errors import AlreadyThere, CodeSpent, KeyMissing, KeyReused
from tongban.services.licences.models import Sent

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

LONGEST_KEY = 200


def once(actor: Actor, key: str, asked: Any, make: Callable[[], UUID]) -> tuple[UUID, bool]:
    """What `make` answers, or answered when this key came first, and whether it had. `KeyReused` when it meant something else."""
    if not 1 <= len(key) <= LONGEST_KEY:
        raise KeyMissing(reasons=[Reason("licences.key_missing", KeyMissing.title, "Idempotency-Key")])
    fingerprint = hashlib.sha256(f"{actor.kind}:{actor.account_id}:{actor.department_id}:{key}".encode()).hexdigest()
    digest = hashlib.sha256(canonical(asked)).hexdigest()
    if made := _before(fingerprint, digest):
        return made, True
    try:
        with transaction.atomic():
            made = make()
            Sent.objects.create(fingerprint=fingerprint, digest=digest, made_id=made, at=now())
            return made, False
    except (IntegrityError, AlreadyThere, CodeSpent):
        # Another request with this key was faster: ours has been undone, its result is the answer.
        made = _before(fingerprint, digest)
        if made is None:
            raise
        return made, True


def _before(fingerprint: str, digest: str) -> UUID | None:
    known = Sent.objects.filter(pk=fingerprint).first()
    if known is not None and known.digest != digest:
        raise KeyReused
    return known.made_id if known else None
