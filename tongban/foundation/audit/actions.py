"""Writing down what happened."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models

from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.later import defer

from .models import Fact
from .rules import digest_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def stream_of(subject: models.Model | str) -> str:
    """`case:0190…` for a model instance; a ready-made stream name passes through."""
    return subject if isinstance(subject, str) else f"{subject._meta.model_name}:{subject.pk}"


def record(
    name: str,
    *,
    actor: Actor,
    subject: models.Model | str,
    person_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> Fact:
    """Write one fact in the caller's transaction, and ask for the tasks that react to it (`config/reactions.py`).

    Only writers of the same subject wait for each other.
    """
    stream = stream_of(subject)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s, %s)", [0x7A67, zlib.crc32(stream.encode()) - 2**31])
    last = Fact.objects.filter(stream=stream).order_by("-position").values_list("position", "digest").first()
    position, previous = (last[0] + 1, last[1]) if last else (1, "")
    fact = {
        "id": uuid7(),
        "name": name,
        "at": now(),
        "actor_kind": actor.kind,
        "actor_id": actor.account_id,
        "person_id": person_id,
        "department_id": actor.department_id,
        "stream": stream,
        "position": position,
        "data": data or {},
    }
    written = Fact.objects.create(**fact, previous=previous, digest=digest_of(fact, previous))
    for task in settings.REACTIONS.get(name, ()):
        defer(task, fact_id=written.pk, subject=stream)
    return written
