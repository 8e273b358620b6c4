"""History brought in (证照汇聚): the six steps, and the tables and scans that a department brings."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.files.actions import attach, store
from tongban.foundation.files.errors import FileRefused
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.workbook import Unusable
from tongban.services.licences.errors import BatchRefused, GatheringRefused
from tongban.services.licences.models import Batch, BatchRow, Gathering
from tongban.services.licences.queries.gathering import batch_for, gathering_for, standing_of_gathering, type_of
from tongban.services.licences.queries.gathering_words import FILE_FAULTS, STEP_FAULTS
from tongban.services.licences.queries.types import issuer, type_in_force
from tongban.services.licences.rules.gathering import step_faults
from tongban.services.licences.rules.tables import Table, table_of

from .gather_rows import gather_batch, match_scans

if TYPE_CHECKING:
    from tongban.foundation.files.models import StoredFile
    from tongban.foundation.kernel.actors import Actor
    from tongban.services.licences.models import LicenceType

GATHER = "licences.gather"
PURPOSE = "licence-gathering"
AT_ONCE = 50  # rows: gathered while one waits
MOST_SCANS = 500  # at a time
MOST_UNPACKED = 400 * 1024 * 1024
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError, EOFError, RuntimeError)


def refusal(code: str, word: str = "", field: str = "file") -> BatchRefused:
    return BatchRefused(reasons=[Reason(f"licences.batch_{code}", str(FILE_FAULTS[code]) % {"word": word}, field)])


@transaction.atomic
def begin_gathering(*, actor: Actor, type_code: str) -> Gathering:
    """Take up a type of licence of one's own department. Again answers with the one there is."""
    permit(actor, GATHER, department_id=actor.department_id)
    assert actor.department_id is not None
    kind, department = type_in_force(type_code), issuer(actor.department_id)
    issuers = kind.content["issuers"]
    if issuers and department.short_name not in issuers:
        raise GatheringRefused(
            reasons=[Reason("licences.gathering_not_issuer", STEP_FAULTS["not_issuer"], "type_code")]
        )
    gathering, made = Gathering.objects.get_or_create(
        department_id=department.pk, type_code=kind.code, defaults={"type_name": kind.name, "begun_at": now()}
    )
    if made:
        record("licences.gathering_begun", actor=actor, subject=gathering, data={"type": kind.code})
    return gathering


@transaction.atomic
def finish_step(*, actor: Actor, gathering_id: UUID | str, step: str, note: str) -> Gathering:
    """Say that a step is done, and how. What can be seen in the system (a seal, rows, live licences) is looked at."""
    gathering = gathering_for(actor, gathering_id, lock=True)
    permit(actor, GATHER, department_id=gathering.department_id)
    faults = step_faults(step, gathering.steps, note=note, **standing_of_gathering(gathering))
    if faults:
        raise GatheringRefused(
            reasons=[Reason(f"licences.gathering_{code}", STEP_FAULTS[code], f"note-{step}") for code in faults]
        )
    told = {"at": now().isoformat(), "by": str(actor.account_id), "note": note.strip()}
    gathering.steps = gathering.steps | {step: told}
    gathering.save(update_fields=["steps"])
    record("licences.gathering_step", actor=actor, subject=gathering, data={"step": step})
    return gathering


def gather(
    *, actor: Actor, gathering_id: UUID | str, upload: Any, name: str, scans: Sequence[tuple[str, Any]] = ()
) -> Batch:
    """Bring a table of old licences, with scans (files, or archives of files). Refused as a whole only when it is no table.

    A short one is gathered at once, a long one by a task that goes on where it was stopped.
    """
    gathering = gathering_for(actor, gathering_id)
    permit(actor, GATHER, department_id=gathering.department_id)
    if "confirm" not in gathering.steps:
        raise refusal("not_step")
    kind = type_of(gathering)
    file, data, table = _table(actor, kind, upload, name)
    kept, notes = _scans(actor, scans)
    batch = _brought(actor, gathering, PurePath(name).name[:120], file, data, table, kept, notes)
    if len(table.lines) <= AT_ONCE:
        gather_batch(batch_id=batch.pk)
        batch.refresh_from_db()
    return batch


def _table(actor: Actor, kind: LicenceType, upload: Any, name: str) -> tuple[StoredFile, bytes, Table]:
    suffix = PurePath(name).suffix.lower()
    data = upload if isinstance(upload, bytes) else bytes(upload.read(settings.FILE_MAX_BYTES + 1))
    if suffix not in (".xlsx", ".csv", ".txt", ".xlsm", ".xls"):
        raise refusal("name")
    is_csv = suffix in (".csv", ".txt")
    try:  # a list in plain text is text to the file store
        kept = store(actor=actor, upload=data, name=f"{PurePath(name).stem}.txt" if is_csv else name, purpose=PURPOSE)
    except FileRefused as refused:
        raise _file_refusal(refused) from None
    return kept, data, read_table(data, is_csv=is_csv, kind=kind)


def _file_refusal(refused: FileRefused) -> BatchRefused:
    codes = {reason.code: reason.text for reason in refused.reasons}
    if "active_content" in codes:  # that its suffix says so, too, need not be told
        codes = {"active_content": ""}
    return BatchRefused(
        reasons=[Reason(f"licences.batch_{code}", FILE_FAULTS.get(code, text), "file") for code, text in codes.items()]
    )


def read_table(data: bytes, *, is_csv: bool, kind: LicenceType) -> Table:
    """The table in a file, or `BatchRefused` with what people can do about it."""
    try:
        return table_of(data, is_csv=is_csv, definitions=kind.content["fields"])
    except Unusable as fault:
        raise refusal(fault.code if fault.code in FILE_FAULTS else "broken", fault.word) from None


def _scans(actor: Actor, uploads: Iterable[tuple[str, Any]]) -> tuple[list[StoredFile], list[dict[str, Any]]]:
    """Each scan kept; what cannot be kept is told by name and keeps nothing else out."""
    kept, notes = [], []
    for count, (name, data) in enumerate(_unpacked(uploads)):
        if count >= MOST_SCANS:
            raise refusal("too_many_scans", field="scans")
        try:
            kept.append(store(actor=actor, upload=data, name=name, purpose=PURPOSE))
        except FileRefused as refused:
            why = str(refused.reasons[0].text) if refused.reasons else str(refused)
            notes.append({"code": "scan_refused", "name": name[:120], "why": why})
    return kept, notes


def _unpacked(uploads: Iterable[tuple[str, Any]]) -> Iterator[tuple[str, bytes]]:
    for name, upload in uploads:
        if PurePath(name).suffix.lower() == ".zip":
            yield from _members(upload)
        else:
            yield name, upload if isinstance(upload, bytes) else bytes(upload.read(settings.FILE_MAX_BYTES + 1))


def _members(upload: Any) -> Iterator[tuple[str, bytes]]:
    """The files in an archive, unpacked one after another and never more of one than a file may have."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(upload) if isinstance(upload, bytes) else upload) as archive:
            for member in archive.infolist():
                if member.is_dir() or "__MACOSX" in member.filename:
                    continue
                with archive.open(member) as stream:
                    data = stream.read(settings.FILE_MAX_BYTES + 1)
                total += len(data)
                if total > MOST_UNPACKED:
                    raise refusal("zip", field="scans")
                yield PurePath(_named(member)).name, data
    except BROKEN_ZIP:
        raise refusal("zip", field="scans") from None


def _named(member: zipfile.ZipInfo) -> str:
    """Its name as people gave it: Windows packs Chinese names as GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return member.filename


@transaction.atomic
def _brought(
    actor: Actor,
    gathering: Gathering,
    name: str,
    file: StoredFile,
    data: bytes,
    table: Table,
    scans: list[StoredFile],
    notes: list[dict[str, Any]],
) -> Batch:
    batch = Batch.objects.create(
        gathering=gathering, name=name, rows_count=len(table.lines), scans_count=len(scans),
        brought_by=actor.account_id, brought_at=now(), file_id=file.pk, digest=hashlib.sha256(data).hexdigest(),
        notes=[*(asdict(note) for note in table.notes), *notes],
    )  # fmt: skip
    _hang(batch, [file, *scans])
    BatchRow.objects.bulk_create(
        [
            BatchRow(batch=batch, line=line, raw=[[cell.heading, cell.key, cell.text, cell.odd] for cell in cells])
            for line, cells in table.lines
        ],
        batch_size=500,
    )
    # A short one is gathered by whoever waits for it; the task finds work only if he was stopped.
    later = None if len(table.lines) > AT_ONCE else now() + timedelta(minutes=2)
    defer("licences.gather", batch_id=batch.pk, lock=f"gather:{batch.pk}", at=later)
    data_told = {"rows": len(table.lines), "scans": len(scans), "type": gathering.type_code}
    record("licences.batch_brought", actor=actor, subject=batch, data=data_told)
    return batch


def _hang(batch: Batch, files: Iterable[StoredFile]) -> None:
    for file in files:
        attach(file.pk, f"batch:{batch.pk}", department_ids=[batch.gathering.department_id])


def add_scans(*, actor: Actor, batch_id: UUID | str, scans: Sequence[tuple[str, Any]]) -> Batch:
    """More scans for a batch; those that fit are laid to their rows and licences."""
    batch = batch_for(actor, batch_id)
    permit(actor, GATHER, department_id=batch.gathering.department_id)
    kept, notes = _scans(actor, scans)
    with transaction.atomic():
        batch = batch_for(actor, batch_id, lock=True)
        _hang(batch, kept)
        batch.scans_count += len(kept)
        batch.notes = [*(note for note in batch.notes if note["code"] != "scan_unmatched"), *notes]
        batch.save(update_fields=["scans_count", "notes"])
        match_scans(batch)
        record("licences.scans_brought", actor=actor, subject=batch, data={"scans": len(kept)})
    return batch
