"""A file of items: taken in, looked at row by row, told of. Nothing is made of it yet."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.files.actions import attach, read, store
from tongban.foundation.files.errors import FileRefused
from tongban.foundation.kernel.actors import Actor, Scope, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find
from tongban.services.items.errors import ImportRefused
from tongban.services.items.models import ImportBatch, ImportRow
from tongban.services.items.queries.exchange import words
from tongban.services.items.queries.import_words import FILE_FAULTS
from tongban.services.items.rules.exchange import Read, Unusable, open_book, read_book, read_json, repeated

from .import_judge import Judge

if TYPE_CHECKING:
    from tongban.foundation.files.models import StoredFile

SMALL = 96 * 1024  # bytes: looked at while one waits
CHUNK = 100
State = ImportBatch.State


def begin_import(*, actor: Actor, upload: Any, name: str) -> ImportBatch:
    """Take a workbook or a JSON document in. Refused at once when it cannot be opened; a long one is looked at later."""
    permit(actor, "items.manage", department_id=actor.department_id)
    is_json = PurePath(name).suffix.lower() == ".json"
    file = _kept(actor, upload, name, is_json=is_json)
    if not is_json and not file.media_type.endswith("spreadsheetml.sheet"):
        raise refusal("not_allowed")
    batch = _begun(actor, file, name, is_json=is_json)
    if file.size <= SMALL:
        read_import(batch_id=batch.pk)
        batch.refresh_from_db()
    return batch


def _kept(actor: Actor, upload: Any, name: str, *, is_json: bool) -> StoredFile:
    stem = PurePath(name).stem[:80] or "items"
    # JSON is text to the file store. A workbook keeps its name, so that one with macros is seen for what it is.
    try:
        return store(actor=actor, upload=upload, name=f"{stem}.txt" if is_json else name, purpose="items-import")
    except FileRefused as refused:
        codes = [reason.code for reason in refused.reasons]
        if "active_content" in codes:
            codes = ["active_content"]  # that its suffix says so, too, need not be told
        raise ImportRefused(reasons=[Reason(code, _fault(code)) for code in codes]) from None


def _fault(code: str, word: str = "") -> str:
    return str(FILE_FAULTS.get(code, FILE_FAULTS["broken"])) % {"word": word}


def refusal(code: str, word: str = "") -> ImportRefused:
    return ImportRefused(reasons=[Reason(code, _fault(code, word))])


@transaction.atomic
def _begun(actor: Actor, file: StoredFile, name: str, *, is_json: bool) -> ImportBatch:
    batch = ImportBatch.objects.create(
        file=file.pk,
        name=PurePath(name).name[:120],
        is_json=is_json,
        department_id=actor.department_id,
        made_by=actor.account_id,
        made_at=now(),
    )
    attach(file.pk, f"import:{batch.pk}", department_ids=[actor.department_id] if actor.department_id else [])
    if file.size > SMALL:
        defer("items.read_import", batch_id=batch.pk)
    record("items.import_begun", actor=actor, subject=batch, data={"name": file.name, "bytes": file.size})
    return batch


def in_the_name_of(batch: ImportBatch) -> Actor:
    """Who brought the file, with the one right that was checked when he did: for what is done later in his name."""
    scope = Scope.DEPARTMENT if batch.department_id else Scope.ALL
    return Actor(
        kind="staff" if batch.department_id else "system",
        account_id=batch.made_by,
        department_id=batch.department_id,
        grants=MappingProxyType({"items.manage": scope}),
        level=4,
    )


def read_import(*, batch_id: UUID | str) -> None:
    """Look at every row of a file. Run again it begins anew; a batch already looked at is left as it is."""
    batch = find(ImportBatch.objects, pk=batch_id)
    if batch.state != State.READING:
        return
    actor = in_the_name_of(batch)
    data = read(actor=actor, file_id=batch.file)[1]
    try:
        reads, batch.notes = _read(data, is_json=batch.is_json)
    except Unusable as fault:
        batch.state, batch.notes = State.UNUSABLE, [{"code": fault.code, "word": fault.word}]
        batch.save(update_fields=["state", "notes"])
        return
    batch.rows.all().delete()
    batch.found, batch.done = len(reads), 0
    batch.save(update_fields=["found", "done", "notes"])
    judge, remarks = Judge(actor, reads), []
    for start in range(0, len(reads), CHUNK):
        chunk = reads[start : start + CHUNK]
        rows = [judge.row(read, position) for position, read in enumerate(chunk, start=start + 1)]
        with transaction.atomic():
            for row in rows:
                row.batch = batch
            ImportRow.objects.bulk_create(rows)
            ImportBatch.objects.filter(pk=batch.pk).update(done=start + len(chunk))
        remarks += [row.remarks for row in rows]
    ImportBatch.objects.filter(pk=batch.pk).update(state=State.READY, notes=batch.notes + repeated(remarks))


def _read(data: bytes, *, is_json: bool) -> tuple[list[Read], list[dict[str, Any]]]:
    reads, notes = (read_json(data), []) if is_json else read_book(open_book(data), words())
    if not reads:
        raise Unusable("no_rows")
    return reads, [asdict(note) for note in notes]
