"""The work of gathering: a hundred rows in one transaction, so that whoever is stopped goes on where he was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import PurePath
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.files.queries import files_of
from tongban.foundation.kernel.actors import Actor, Scope
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.secrets import blind_index
from tongban.services.licences.models import Batch, BatchRow, Licence
from tongban.services.licences.queries.gathering import drafts_of_batch, texts_of
from tongban.services.licences.queries.types import issuer, type_in_force
from tongban.services.licences.rules import identifiers
from tongban.services.licences.rules.gathering import Finding, Old, Reader
from tongban.services.licences.rules.metadata import gathered_record
from tongban.services.licences.rules.states import DISCARDED, DRAFT, SUPERSEDED

from .making import Written, elements_of, fresh_serial, row_of
from .signing import signed_as_gathered
from .telling import tell_of_batch

CHUNK = 100
State = BatchRow.State
SAME = ("same_in_store", "same_in_file")
ONE_BY_ONE = "select pg_advisory_xact_lock(hashtextextended(%s, 0))"  # two batches of one type never meet at one number


def in_the_name_of(account_id: UUID | None, department_id: UUID, *verbs: str) -> Actor:
    """Who brought or confirmed a batch, with the rights that were checked when he did: for what is done later in his name."""
    return Actor(
        kind="staff", account_id=account_id, department_id=department_id,
        grants=MappingProxyType(dict.fromkeys(verbs, Scope.DEPARTMENT)), level=4,
    )  # fmt: skip


def one_by_one(type_code: str) -> None:
    """Until the end of this transaction nobody else adds licences of this type by their own numbers."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_BY_ONE, [f"licences:{type_code}"])


def gather_batch(*, batch_id: UUID | str) -> None:
    """Judge every row that waits and make licences of the sound ones. Run again it does what is left."""
    batch = find(Batch.objects.select_related("gathering"), pk=batch_id)
    if not batch.rows.filter(state=State.WAITING).exists() and batch.ended_at:
        return
    Batch.objects.filter(pk=batch.pk, state=Batch.State.WAITING).update(state=Batch.State.RUNNING)
    work = Gatherer(batch)
    while work.next_rows():
        pass
    _ended(batch)


@transaction.atomic
def _ended(batch: Batch) -> None:
    batch = Batch.objects.select_for_update(of=("self",)).select_related("gathering").get(pk=batch.pk)
    if batch.ended_at is None:
        match_scans(batch)
        actor = in_the_name_of(batch.brought_by, batch.gathering.department_id)
        record("licences.batch_gathered", actor=actor, subject=batch, data={"rows": batch.rows_count})
        tell_of_batch(batch)
    batch.ended_at = now()
    if batch.state in (Batch.State.WAITING, Batch.State.RUNNING, Batch.State.CONFIRMED):
        waiting = drafts_of_batch(batch).exists()
        batch.state = Batch.State.DONE if waiting or not batch.confirmed_at else Batch.State.CONFIRMED
    batch.save(update_fields=["ended_at", "state"])


def scans_of(batch: Batch) -> dict[str, UUID]:
    """The scans of a batch by their names without suffix."""
    actor = in_the_name_of(batch.brought_by, batch.gathering.department_id, "files.see")
    files = files_of(actor, f"batch:{batch.pk}") if batch.scans_count else []
    return {PurePath(file.name).stem.casefold(): file.pk for file in files if file.pk != batch.file_id}


def _scan(scans: dict[str, UUID], *names: str) -> UUID | None:
    stems = (PurePath(name.replace("\\", "/")).stem if "." in name else name for name in names if name)
    return next((scans[stem.casefold()] for stem in stems if stem.casefold() in scans), None)


def match_scans(batch: Batch) -> None:
    """Lay scans that came later to their rows and licences, and tell of those that fit no row."""
    scans = scans_of(batch)
    for row in batch.rows.filter(scan_id=None, state__in=[State.KEPT, State.FLAGGED]) if scans else ():
        texts = texts_of(row)
        row.scan_id = _scan(scans, texts.get("scan", ""), texts.get("number", ""))
        if row.scan_id:
            row.flags = [flag for flag in row.flags if flag["code"] not in ("no_scan", "scan_missing")]
            row.state = State.FLAGGED if row.flags else State.KEPT
            row.save(update_fields=["scan_id", "flags", "state"])
            codes = sorted({flag["code"] for flag in row.flags})
            Licence.objects.filter(pk=row.licence_id).update(scan_id=row.scan_id, flags=codes)
    used = set(batch.rows.exclude(scan_id=None).values_list("scan_id", flat=True))
    lonely = sorted(name for name, file_id in scans.items() if file_id not in used)
    notes = [note for note in batch.notes if note["code"] != "scan_unmatched"]
    if lonely:
        notes.append({"code": "scan_unmatched", "count": len(lonely), "places": lonely[:20]})
    batch.notes = notes
    batch.save(update_fields=["notes"])


class Gatherer:
    """Judges the rows of one batch: what its type asks for, whom it is gathered for, which scans came with it."""

    def __init__(self, batch: Batch) -> None:
        self.batch, self.gathering = batch, batch.gathering
        self.kind, self.department = type_in_force(self.gathering.type_code), issuer(self.gathering.department_id)
        content = self.kind.content
        self.reader = Reader(content["fields"], content["holders"], content["validity"], today())
        self.scans = scans_of(batch)
        self.actor = in_the_name_of(batch.brought_by, self.gathering.department_id)

    @transaction.atomic
    def next_rows(self) -> bool:
        """One chunk of what waits; False when nothing does."""
        one_by_one(self.kind.code)
        waiting = self.batch.rows.select_for_update().filter(state=State.WAITING).order_by("line")
        rows = list(waiting[:CHUNK])
        if rows:
            self.judge(rows)
        return bool(rows)

    def judge(self, rows: list[BatchRow]) -> None:
        """Decide on rows that the caller has locked, and write what comes of them. `one_by_one` is held."""
        at = now()
        reads = [(row, *self._read(row)) for row in rows]
        there = _There(self.kind.code, [old for _row, old, _found in reads])
        made: list[Licence] = []
        for row, old, found in reads:
            found += there.findings(old)
            thrown_out = row.licence or there.thrown_out(old)
            row.licence_id, row.becomes = there.licence_of(old) or row.licence_id, old.state
            row.state = _state(found)
            if row.state in (State.KEPT, State.FLAGGED):
                licence = self._licence(row, old, found, at, thrown_out)
                made.append(licence)
                there.add(licence)
                row.licence_id, row.scan_id, row.state = licence.pk, licence.scan_id, _state(found)
            row.flags = [asdict(finding) for finding in found if row.state != State.SAME or finding.code in SAME]
        Licence.objects.bulk_create(made)
        BatchRow.objects.bulk_update(rows, ["state", "flags", "licence", "scan_id", "becomes"])
        told = {
            "type": self.kind.code,
            "type_name": self.kind.name,
            "department": str(self.department.pk),
            "batch": str(self.batch.pk),
        }
        for licence in made:
            record("licences.gathered", actor=self.actor, subject=licence, data=told)

    def _read(self, row: BatchRow) -> tuple[Old, list[Finding]]:
        texts = texts_of(row)
        old, found = self.reader.read(texts)
        found += [
            Finding(odd, key) for _heading, key, _text, odd in row.raw if odd and key and key not in row.corrected
        ]
        if self.scans and not _scan(self.scans, old.scan, old.number):
            found.append(Finding("no_scan", "scan", stop=False) if not old.scan else _no_such_scan())
        elif old.scan and not self.scans:
            found.append(_no_such_scan())
        return old, found

    def _licence(
        self, row: BatchRow, old: Old, found: list[Finding], at: datetime, thrown_out: Licence | None
    ) -> Licence:
        """The licence of a row, signed as gathered, waiting for its issuer; the next version of one thrown out before."""
        written = self._written(old, found, thrown_out)
        elements = elements_of(self.kind, self.department, written, at)
        told = gathered_record(
            elements, batch=str(self.batch.pk), line=row.line, table=self.batch.digest, on=self.reader.today
        )
        text, signatures = signed_as_gathered(told)
        values = row_of(self.kind, self.department, written, at, text, signatures)
        return Licence(
            **values
            | ({"family_id": thrown_out.family_id} if thrown_out else {})
            | {
                "state": DRAFT,
                "source": Licence.Source.BACKFILL,
                "flags": sorted({finding.code for finding in found}),
                "scan_id": _scan(self.scans, old.scan, old.number),
                "made_by": self.batch.brought_by,
                "basis": f"{self.batch.name} {row.line}"[:500],
            }
        )

    def _written(self, old: Old, found: list[Finding], thrown_out: Licence | None) -> Written:
        known, day = old.identifier, old.issued_on
        assert day is not None  # a row without a day is held
        own = known and (known.type_code, known.issuer_code) == (self.kind.code, self.department.code)
        if thrown_out:
            serial, version = thrown_out.serial, _newest_version(thrown_out) + 1
        elif known and own:
            serial, version = known.serial, known.version
        else:
            serial, version = fresh_serial(day), 1
        if known and thrown_out:
            found.append(Finding("identifier_next", "identifier", stop=False))
        elif known and not own:
            found.append(Finding("identifier_other", "identifier", stop=False))
        composed = identifiers.compose(self.kind.code, self.department.code, serial, version)
        return Written(
            identifier=old.identifier_text if known and not thrown_out else composed, serial=serial, version=version, number=old.number,
            holder=old.holder, fields=old.fields, issued_on=day, valid_from=old.valid_from,
            valid_until=old.valid_until,
        )  # fmt: skip


def _newest_version(licence: Licence) -> int:
    return max(Licence.objects.filter(family_id=licence.family_id).values_list("version", flat=True))


def _no_such_scan() -> Finding:
    return Finding("scan_missing", "scan", stop=False)


def _state(found: Iterable[Finding]) -> str:
    findings = list(found)
    if any(finding.code in SAME for finding in findings):
        return str(State.SAME)
    if any(finding.stop for finding in findings):
        return str(State.HELD)
    return str(State.FLAGGED if findings else State.KEPT)


class _There:
    """Which numbers and identifiers the store has already, among those of some rows. Two queries."""

    def __init__(self, type_code: str, olds: list[Old]) -> None:
        numbers = {blind_index(old.number) for old in olds if old.number}
        rows = Licence.objects.filter(type_code=type_code, number_index__in=numbers).exclude(
            state__in=[SUPERSEDED, DISCARDED]
        )
        self.numbers: dict[str, tuple[str, UUID, bool]] = {
            row.number_index: (row.holder_index, row.pk, False)
            for row in rows.only("number_index", "holder_index").order_by("made_at")
        }
        asked = [old.identifier for old in olds if old.identifier]
        texts = [old.identifier_text for old in olds if old.identifier]
        found = Licence.objects.filter(identifier__in=texts) | Licence.objects.filter(
            type_code=type_code, serial__in=[known.serial for known in asked]
        )
        self.identifiers: set[str] = set()
        self.discarded: dict[str, Licence] = {}
        for row in found.only("identifier", "serial", "family_id", "state").order_by("version") if asked else ():
            names = (row.identifier, row.serial)
            if row.state == DISCARDED:
                self.discarded |= dict.fromkeys(names, row)
            else:
                self.identifiers.update(names)

    def findings(self, old: Old) -> list[Finding]:
        known = self.numbers.get(blind_index(old.number)) if old.number else None
        if known and old.holder.number and known[0] != blind_index(old.holder.number):
            return [Finding("number_taken", "number")]
        if known:
            return [Finding("same_in_file" if known[2] else "same_in_store", "number", stop=False)]
        if old.identifier and self.identifiers & {old.identifier_text, old.identifier.serial}:
            return [Finding("identifier_taken", "identifier")]
        return []

    def thrown_out(self, old: Old) -> Licence | None:
        """The one of this identifier that proved wrong before."""
        known = old.identifier
        return (self.discarded.get(old.identifier_text) or self.discarded.get(known.serial)) if known else None

    def licence_of(self, old: Old) -> UUID | None:
        known = self.numbers.get(blind_index(old.number)) if old.number else None
        return known[1] if known and known[0] == blind_index(old.holder.number) else None

    def add(self, licence: Any) -> None:
        self.numbers[licence.number_index] = (licence.holder_index, licence.pk, True)
        self.identifiers |= {licence.identifier, licence.serial}
