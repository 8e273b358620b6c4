"""Putting a file's rows in as drafts: all of them, or none."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.drafting.actions import begin
from tongban.foundation.drafting.errors import DraftUnderWay
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import department_by_name
from tongban.services.items.errors import ImportRefused
from tongban.services.items.models import ImportBatch, ImportRow, ItemVersion
from tongban.services.items.queries.exchange import import_counts
from tongban.services.items.queries.import_words import CONFIRM_FAULTS

from .import_file import in_the_name_of

FEW = 30  # rows put in while one waits
State, Outcome = ImportBatch.State, ImportRow.Outcome
SOUND = (Outcome.NEW, Outcome.CHANGED)


def confirm_import(*, actor: Actor, batch_id: UUID | str, only_sound: bool = False) -> ImportBatch:
    """Put every new and changed row in as a draft. While a row is refused nothing is, unless `only_sound` says to go on."""
    batch = _confirmed(actor, batch_id, only_sound=only_sound)
    if batch.found <= FEW:
        put_in(batch_id=batch.pk)
    batch.refresh_from_db()
    return batch


@transaction.atomic
def _confirmed(actor: Actor, batch_id: UUID | str, *, only_sound: bool) -> ImportBatch:
    batch = _locked(batch_id)
    permit(actor, "items.manage", department_id=batch.department_id)
    if batch.state != State.READY:
        raise _refusal("not_ready")
    counts = import_counts(batch)
    if not any(counts[outcome] for outcome in SOUND):
        raise _refusal("nothing")
    if counts[Outcome.REFUSED] and not only_sound:
        raise _refusal("some_refused", count=str(counts[Outcome.REFUSED]))
    batch.state, batch.only_sound, batch.confirmed_at = State.IMPORTING, only_sound, now()
    batch.save(update_fields=["state", "only_sound", "confirmed_at"])
    record("items.import_confirmed", actor=actor, subject=batch, data=counts | {"only_sound": only_sound})
    if batch.found > FEW:
        defer("items.put_in_import", batch_id=batch.pk)
    return batch


def put_in(*, batch_id: UUID | str) -> None:
    """Make the drafts of a confirmed file in one transaction. What stands against it puts the file back to be confirmed."""
    try:
        _put_in(batch_id)
    except ImportRefused as refused:
        told = [{"code": reason.code, "text": str(reason.text)} for reason in refused.reasons]
        ImportBatch.objects.filter(pk=batch_id, state=State.IMPORTING).update(state=State.UNUSABLE, notes=told)


@transaction.atomic
def _put_in(batch_id: UUID | str) -> None:
    batch = _locked(batch_id)
    if batch.state != State.IMPORTING:
        return
    actor = in_the_name_of(batch)
    bases = _bases(batch)
    for row in batch.rows.filter(outcome__in=SOUND).order_by("position").iterator(chunk_size=200):
        row.draft = _drafted(actor, row, bases.get(row.base) if row.base else None)
        row.save(update_fields=["draft"])
    batch.state = State.IMPORTED
    batch.save(update_fields=["state"])
    record("items.imported", actor=actor, subject=batch, data=import_counts(batch))


def _drafted(actor: Actor, row: ImportRow, base: ItemVersion | None) -> UUID:
    office = department_by_name(row.content["department"])
    assert office is not None  # looked up when the row was judged; departments are never deleted
    try:
        draft = begin(
            actor=actor,
            kind="item",
            key=row.code,
            title=row.name,
            department_id=office.pk,
            verb="items.manage",
            content=row.content,
            base={name: value for name, value in base.content.items() if name != "dept_code"} if base else None,
            base_ref=f"{row.code}@{base.version}" if base else f"import:{row.batch_id}",
        )
    except DraftUnderWay:
        raise _refusal("under_way") from None
    return draft.pk


def _bases(batch: ImportBatch) -> dict[UUID, ItemVersion]:
    """The versions the rows were compared with. Refused when one of them is no longer the newest."""
    rows = batch.rows.filter(outcome__in=SOUND, base__isnull=False)
    bases = ItemVersion.objects.select_related("item").in_bulk(
        [base for base in rows.values_list("base", flat=True) if base]
    )
    published = ItemVersion.objects.filter(
        item__in=[base.item_id for base in bases.values()], status=ItemVersion.Status.PUBLISHED
    )
    newest = {
        version.item_id: version
        for version in published.order_by("item_id", "-effective_on", "-version").distinct("item_id").only("item_id")
    }
    stale = [base.content.get("task_name", "") for base in bases.values() if newest[base.item_id].pk != base.pk]
    if stale:
        raise _refusal("changed_since", names=listed(stale[:5]))
    return bases


@transaction.atomic
def drop_import(*, actor: Actor, batch_id: UUID | str) -> ImportBatch:
    """Give a file up; its rows stay to be read."""
    batch = _locked(batch_id)
    permit(actor, "items.manage", department_id=batch.department_id)
    if batch.state != State.READY:
        raise _refusal("not_ready")
    batch.state = State.DROPPED
    batch.save(update_fields=["state"])
    record("items.import_dropped", actor=actor, subject=batch)
    return batch


def _locked(batch_id: UUID | str) -> ImportBatch:
    return find(ImportBatch.objects.select_for_update(), pk=batch_id)


def _refusal(code: str, **words: str) -> ImportRefused:
    return ImportRefused(reasons=[Reason(code, str(CONFIRM_FAULTS[code]) % words)])
