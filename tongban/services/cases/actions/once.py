"""Doing something once for one sender's key: the same key again answers with what was made the first time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.foundation.kernel.canonical import canonical
from tongban.foundation.kernel.clock import now
from tongban.services.cases.errors import KeyReused
from tongban.services.cases.models import IntakeKey

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def fingerprint_of(actor: Actor, key: str) -> str:
    """Keys of different senders never meet."""
    return hashlib.sha256(f"{actor.kind}:{actor.account_id}:{actor.applicant_id}:{key}".encode()).hexdigest()


def digest_of(body: Any) -> str:
    return hashlib.sha256(canonical(body)).hexdigest()


def once(actor: Actor, key: str, body: Any, make: Callable[[], UUID]) -> UUID:
    """The id that `make` answers, or answered when this key came first; another body under the key raises `KeyReused`."""
    fingerprint, digest = fingerprint_of(actor, key), digest_of(body)
    if made := _before(fingerprint, digest):
        return made
    try:
        with transaction.atomic():
            made = make()
            IntakeKey.objects.create(fingerprint=fingerprint, digest=digest, made_id=made, made_at=now())
            return made
    except IntegrityError:
        # Another request with this key was faster: ours has been undone, its result is the answer.
        made = _before(fingerprint, digest)
        if made is None:
            raise
        return made


def _before(fingerprint: str, digest: str) -> UUID | None:
    known = IntakeKey.objects.filter(pk=fingerprint).first()
    if known is not None and known.digest != digest:
        raise KeyReused
    return known.made_id if known else None
