"""Writing down what happened, and sealing what was written."""

from __future__ import annotations

import base64
import zlib
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction

from tongban.foundation.kernel.canonical import sm3
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.later import defer

from .gateways import keep_head, sign
from .models import Fact, Seal
from .queries import facts_between, heads_between, statement_of_seal
from .rules import digest_of, plain, root_of, statement_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

# Nothing written before this long ago is still uncommitted (the longest a transaction may take).
SETTLED = timedelta(minutes=5)
SEALING = 0x7A67_5EA1


def stream_of(subject: models.Model | str) -> str:
    """`case:0190…` for a model instance; a ready-made stream name passes through."""
    return subject if isinstance(subject, str) else f"{subject._meta.model_name}:{subject.pk}"


def prepared_fact(
    name: str,
    *,
    actor: Actor,
    subject: models.Model | str,
    person_id: UUID | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
    position: int = 1,
    previous: str = "",
) -> dict[str, Any]:
    """Column values of a fact, by column name, for a caller that inserts it inside a statement of its own.

    Only right for the first fact of a new stream: nobody else can be writing to it. Such a caller wakes the reactions
    (`settings.REACTIONS[name]`) in the same statement: `select tongban_defer(task, ids)`.
    """
    fact = {
        "id": uuid7(),
        "name": name,
        "at": at or now(),
        "actor_kind": actor.kind,
        "actor_id": actor.account_id,
        "person_id": person_id,
        "department_id": actor.department_id,
        "stream": stream_of(subject),
        "position": position,
        "data": plain(data) | ({"for": str(actor.for_account_id)} if actor.for_account_id else {}),
    }
    return fact | {"previous": previous, "digest": digest_of(fact, previous)}


def _in_transaction() -> AbstractContextManager[Any]:
    """The caller's, or one of our own: between reading the head of a stream and writing after it, nobody may come."""
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def record(
    name: str,
    *,
    actor: Actor,
    subject: models.Model | str,
    person_id: UUID | None = None,
    data: dict[str, Any] | None = None,
) -> Fact:
    """Write one fact in the caller's transaction and ask for the tasks that react to it (`config/reactions.py`).

    Two statements. Only writers of the same subject wait for each other, until the first of them commits.
    """
    stream = stream_of(subject)
    with _in_transaction():
        with connection.cursor() as cursor:
            cursor.execute("select * from audit_head_of(%s)", [stream])
            position, previous = cursor.fetchone() or (0, "")
        row = prepared_fact(
            name, actor=actor, subject=stream, person_id=person_id, data=data, position=position + 1, previous=previous
        )
        fact = Fact(**row)
        fact.save(force_insert=True)
        for task in settings.REACTIONS.get(name, ()):
            defer(task, fact_id=fact.pk, subject=stream)
    return fact


def look(*, actor: Actor, person_id: UUID | None, what: str, purpose: str, subject: models.Model | str) -> Fact | None:
    """Write down that an officer or a system saw a person's data; seeing one's own is nobody's business.

    `purpose` is a code of `rules.PURPOSES` or a sentence the person will read. The fact stands in the person's stream.
    """
    if person_id is None or person_id == actor.person_id:
        return None
    data = {"what": what, "purpose": purpose, "subject": stream_of(subject)}
    return record("persons.seen", actor=actor, subject=f"person:{person_id}", person_id=person_id, data=data)


@transaction.atomic
def seal(*, until: datetime | None = None) -> Seal | None:
    """Sign a root over everything written since the seal before, up to `until`; None when there is nothing new to cover.

    `until` is at least `SETTLED` ago, so that no transaction still open can write behind the seal.
    """
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [SEALING])
    latest = now() - SETTLED
    until = min(until or latest, latest)
    last = Seal.objects.first()
    since = last.until if last else None
    if since is not None and until <= since:
        return None
    heads = heads_between(since, until)
    facts = facts_between(since, until)
    root = root_of(head.line() for head in heads)
    previous = sm3(statement_of_seal(last)) if last else ""
    statement = statement_of(until=until.isoformat(), facts=facts, streams=len(heads), root=root, previous=previous)
    key_id, signature = sign(statement)
    made = Seal.objects.create(
        number=last.number + 1 if last else 1, until=until, facts=facts, streams=len(heads), root=root,
        previous=previous, key_id=key_id, signature=base64.b64encode(signature).decode(),
        heads=zlib.compress("\n".join(head.line() for head in heads).encode()),
    )  # fmt: skip
    transaction.on_commit(lambda: keep_head(made.number, made.root))
    return made
