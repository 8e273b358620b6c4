"""Files of a department's catalogue: read, judged and told of as a whole; then put in as drafts, all or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from tongban.data.catalogue.errors import FileUnusable
from tongban.data.catalogue.models import Entry, Intake, Version
from tongban.data.catalogue.queries.checking import Known, faults_of
from tongban.data.catalogue.queries.intakes import FILE_FAULTS, intake_for
from tongban.data.catalogue.queries.tables import value_tables
from tongban.data.catalogue.rules import lifecycle
from tongban.data.catalogue.rules.content import fault
from tongban.data.catalogue.rules.merging import gathered_items, says_the_same, with_keys
from tongban.data.catalogue.rules.sheets import SHEETS, Line, Misread, Row, as_utf8, read_csv, read_rows
from tongban.foundation.audit.actions import record
from tongban.foundation.files.actions import store
from tongban.foundation.files.errors import FileRefused
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import Conflict, Reason
from tongban.foundation.kernel.workbook import Unusable, open_book

from .drafts import WRITE, rewrite, tidied

NEW, CHANGED, SAME = "new", "changed", "same"
TOLD = 2000  # faults kept of one file
Status = Version.Status


def take_in(*, actor: Actor, files: Sequence[tuple[str, Any]]) -> Intake:
    """Look at a workbook, or at up to three CSV files; nothing is made of them yet. Refused when one cannot be read, or none has a row."""
    permit(actor, WRITE, department_id=actor.department_id)
    if len(files) > len(SHEETS):
        raise FileUnusable(reasons=[_unusable("too_many_files")])
    sheets, faults = [], []
    for name, upload in files:
        try:
            sheets += _sheets(actor, PurePath(name).name, upload)
        except FileUnusable as unusable:
            faults += unusable.reasons
    if faults:
        raise FileUnusable(reasons=faults)
    rows: list[Row] = []
    misread: list[Misread] = []
    tables = value_tables()
    for sheet, lines in sheets:
        found, wrong = read_rows(sheet, lines, tables)
        rows, misread = rows + found, misread + wrong
    if not rows:
        raise FileUnusable(reasons=[_unusable("no_rows")])
    return _judged(actor, "、".join(PurePath(name).name for name, _upload in files)[:200], rows, misread)


def _sheets(actor: Actor, name: str, upload: Any) -> list[tuple[str, list[Line]]]:
    suffix, stem = PurePath(name).suffix.lower(), PurePath(name).stem[:80]
    data = upload if isinstance(upload, bytes) else bytes(upload.read(settings.FILE_MAX_BYTES + 1))
    if suffix not in (".xlsx", ".csv", ".txt"):
        raise FileUnusable(reasons=[_unusable("not_allowed", name)])
    stored = name if suffix == ".xlsx" else f"{stem}.txt"
    data = data if suffix == ".xlsx" else as_utf8(data)
    try:  # looked into for bombs, programs and viruses; separated text is text to the file store
        store(actor=actor, upload=data, name=stored, purpose="catalogue-import")
        if suffix != ".xlsx":
            return [(stem, read_csv(data))]
        return [(grid.name, grid.lines) for grid in open_book(data).sheets]
    except FileRefused as refused:
        told = [Reason(one.code, str(one.text).replace(stored, name), one.field) for one in refused.reasons]
        raise FileUnusable(reasons=told) from None
    except Unusable as unusable:
        raise FileUnusable(reasons=[_unusable(unusable.code, name)]) from None


def _unusable(code: str, name: str = "") -> Reason:
    text = FILE_FAULTS.get(code, FILE_FAULTS["broken"])
    return Reason(code, _("“%(name)s”：%(text)s") % {"name": name, "text": text} if name else text, "file")


def _judged(actor: Actor, name: str, rows: list[Row], misread: list[Misread]) -> Intake:
    resources = [row for row in rows if row.kind == Entry.Kind.RESOURCE]
    wrong = misread + gathered_items(resources, (row for row in rows if row.kind == "item"))
    standing = _Standing(actor)
    judged = []
    for row in rows:
        if row.kind != "item":
            told, faults = standing.judge(row)
            judged.append(told)
            wrong += faults
    places = {(row.sheet, row.line): place for place, row in enumerate(rows)}
    wrong.sort(key=lambda one: places.get(one.place[:2], -1))
    counts = {outcome: sum(one["outcome"] == outcome for one in judged) for outcome in (NEW, CHANGED, SAME)}
    assert actor.department_id is not None
    return Intake.objects.create(
        department_id=actor.department_id, name=name, state=Intake.State.FAULTY if wrong else Intake.State.READY,
        counts=counts | {"faults": len(wrong)}, faults=[_told(one) for one in wrong[:TOLD]], rows=judged,
        made_by=actor.account_id, made_at=now(),
    )  # fmt: skip


def _told(misread: Misread) -> dict[str, Any]:
    sheet, line, column = misread.place
    found = misread.fault
    return {
        "sheet": sheet,
        "row": line,
        "column": column,
        "code": found.code,
        "path": found.path,
        "kind": misread.kind,
        "words": dict(found.words),
    }


class _Standing:
    """What the department has already, read once; each row is judged against it."""

    def __init__(self, actor: Actor) -> None:
        entries = Entry.objects.filter(department_id=actor.department_id).exclude(life=lifecycle.DELETED)
        newest = Version.objects.filter(entry__in=entries).exclude(status=Status.DROPPED).order_by("number")
        self.newest = {version.entry_id: version for version in newest}
        self.by_code = {(one.kind, one.code): one for one in entries if one.code}
        self.by_name = {(one.kind, one.name): one for one in entries}
        self.known, self.seen = Known(), set[tuple[str, str]]()

    def judge(self, row: Row) -> tuple[dict[str, Any], list[Misread]]:
        code, name = row.own.get("code", ""), str(row.content.get("name", ""))
        entry = self.by_code.get((row.kind, code)) if code else self.by_name.get((row.kind, name))
        wrong = list(self._of_row(row, code, name, entry))
        version = self.newest.get(entry.pk) if entry else None
        old = version.content if version else {}
        rows = {}
        if row.kind == Entry.Kind.RESOURCE:
            sources = [item["row"] for item in row.content["items"]]
            items = with_keys(row.content["items"], old.get("items", []))
            content = tidied(row.kind, old | row.content | {"items": [_bare(item) for item in items]})
            rows = {item["key"]: source for item, source in zip(content["items"], sources, strict=True)}
        else:
            content = tidied(row.kind, old | row.content)
        fixed = entry.code if entry and entry.published_id else ""
        faults = faults_of(row.kind, content, known=self.known, fixed_code=fixed)
        found = [Misread(one, _place(row, rows, one.path), row.kind) for one in faults]
        wrong += [
            one for one in found if one.fault.code != "missing" or one.place[2]
        ]  # a column that is not there is told of once
        outcome = NEW if entry is None else SAME if says_the_same(old, content) else CHANGED
        told = {
            "kind": row.kind,
            "entry": str(entry.pk) if entry else "",
            "content": content,
            "outcome": outcome,
            "line": row.line,
        }
        return told, wrong

    def _of_row(self, row: Row, code: str, name: str, entry: Entry | None) -> Iterable[Misread]:
        if code and entry is None:
            yield Misread(fault("code_unknown", "code", value=code), row.place("code"))
        if (row.kind, name) in self.seen:
            yield Misread(fault("row_twice", "name", value=name), row.place("name"))
        self.seen.add((row.kind, name))
        if entry and self.newest[entry.pk].status == Status.IN_REVIEW:
            yield Misread(fault("in_review", "name", value=name), row.place("name"))


def _bare(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if name != "row"}


def _place(row: Row, rows: dict[str, Row], path: str) -> tuple[str, int, str]:
    if path.startswith("items."):
        _items, key, name = path.split(".")
        return rows[key].place(name)
    return row.place(path)


@transaction.atomic
def put_in(*, actor: Actor, intake_id: UUID | str) -> Intake:
    """Make drafts of everything new and changed: all, or none. What is published stays as it is."""
    intake = intake_for(actor, intake_id, lock=True)
    permit(actor, WRITE, department_id=intake.department_id)
    if intake.state != Intake.State.READY:
        raise Conflict
    _make(actor, intake, [row for row in intake.rows if row["outcome"] == NEW])
    rewrite(actor, {row["entry"]: row["content"] for row in intake.rows if row["outcome"] == CHANGED})
    intake.state, intake.rows = Intake.State.DONE, []
    intake.save(update_fields=["state", "rows"])
    record("catalogue.imported", actor=actor, subject=intake, data=intake.counts)
    return intake


def _make(actor: Actor, intake: Intake, rows: list[dict[str, Any]]) -> None:
    """New entries with their first drafts."""
    moment, authors = now(), sorted(actor.names, key=str)
    entries = [
        Entry(kind=row["kind"], department_id=intake.department_id, name=row["content"]["name"], made_at=moment)
        for row in rows
    ]
    Entry.objects.bulk_create(entries, batch_size=500)
    Version.objects.bulk_create(
        [
            Version(entry=entry, number=1, content=row["content"], authors=authors, made_at=moment)
            for entry, row in zip(entries, rows, strict=True)
        ],
        batch_size=200,
    )


@transaction.atomic
def drop_intake(*, actor: Actor, intake_id: UUID | str) -> Intake:
    """Make nothing of a file."""
    intake = intake_for(actor, intake_id, lock=True)
    permit(actor, WRITE, department_id=intake.department_id)
    if intake.state == Intake.State.DONE:
        raise Conflict
    intake.state, intake.rows = Intake.State.DROPPED, []
    intake.save(update_fields=["state", "rows"])
    record("catalogue.import_dropped", actor=actor, subject=intake)
    return intake
