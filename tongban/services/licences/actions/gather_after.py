"""After a batch was gathered: rows put right, by hand or by file, and the issuer's word that its licences hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import may, permit
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find
from tongban.services.licences.models import Batch, BatchRow, Licence, LicenceChange
from tongban.services.licences.queries.gathering import (
    batch_for,
    drafts_of_batch,
    report_of,
    row_counts,
    row_for,
    texts_of,
    type_of,
)
from tongban.services.licences.rules.states import DISCARDED, DRAFT, VALID
from tongban.services.licences.rules.tables import HEADINGS

from .gather_rows import CHUNK, Gatherer, gather_batch, in_the_name_of, one_by_one
from .gathering import AT_ONCE, GATHER, read_table, refusal
from .telling import tell_of_batch

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

MANAGE = "licences.manage"
LONGEST = 2_000
REASON = (2, 500)
State = BatchRow.State
GATHERED = (State.KEPT, State.FLAGGED)
MENDABLE = (State.HELD, State.DROPPED)
BUSY = (Batch.State.WAITING, Batch.State.RUNNING)


@transaction.atomic
def correct_row(*, actor: Actor, batch_id: UUID | str, line: int, texts: Mapping[str, str]) -> BatchRow:
    """Write in place of what a held row, or one thrown out, says, column by column; it is judged anew at once. What came stays."""
    row = row_for(actor, batch_id, line, lock=True)
    permit(actor, GATHER, department_id=row.batch.gathering.department_id)
    if row.state not in MENDABLE:
        raise refusal("nothing_held", field="")
    if not _correct(actor, row, texts) and row.state == State.HELD:
        return row
    one_by_one(row.batch.gathering.type_code)
    Gatherer(row.batch).judge([row])
    _settle(row.batch, Batch.State.CONFIRMED)
    return row


@transaction.atomic
def drop_row(*, actor: Actor, batch_id: UUID | str, line: int, reason: str) -> BatchRow:
    """Throw out a row that proved wrong (剔除) before its licence was confirmed, or one that nobody can put right.

    Row and licence are kept, marked, with the reason; `correct_row` takes it up again and makes the licence's next version.
    """
    row, reason = row_for(actor, batch_id, line, lock=True), reason.strip()
    batch, department_id = row.batch, row.batch.gathering.department_id
    if not may(actor, MANAGE, department_id=department_id):
        permit(actor, GATHER, department_id=department_id)
    if batch.state in (*BUSY, Batch.State.ISSUING):
        raise refusal("running", field="")
    draft = Licence.objects.select_for_update().filter(pk=row.licence_id, state=DRAFT).only("id").first()
    if row.state != State.HELD and (row.state not in GATHERED or draft is None):
        raise refusal("not_waiting", field="")
    if not REASON[0] <= len(reason) <= REASON[1]:
        raise refusal("drop_reason", field="reason")
    if draft is not None:
        _discard(actor, draft, reason)
    row.state, row.dropped_why, row.dropped_by, row.dropped_at = State.DROPPED, reason, actor.account_id, now()
    row.save(update_fields=["state", "dropped_why", "dropped_by", "dropped_at"])
    record(
        "licences.row_dropped", actor=actor, subject=batch, data={"line": line, "licence": str(row.licence_id or "")}
    )
    _settle(batch, Batch.State.DONE)
    return row


def _discard(actor: Actor, draft: Licence, reason: str) -> None:
    at = now()
    Licence.objects.filter(pk=draft.pk).update(state=DISCARDED, state_at=at)
    LicenceChange.objects.create(
        licence=draft, act="discard", from_state=DRAFT, to_state=DISCARDED, reason=reason, actor_kind=actor.kind,
        account_id=actor.account_id, department_id=actor.department_id, at=at,
    )  # fmt: skip


def _correct(actor: Actor, row: BatchRow, texts: Mapping[str, str]) -> bool:
    """Whether anything differs from what stands there."""
    known = {row_["key"] for row_ in type_of(row.batch.gathering).content["fields"]} | set(HEADINGS) - {"line"}
    came = texts_of(row)
    new = {
        key: text.strip()[:LONGEST]
        for key, text in texts.items()
        if key in known and text.strip() != came.get(key, "").strip()
    }
    if not new:
        return False
    row.corrected = row.corrected | new
    row.corrected_by = actor.account_id
    row.save(update_fields=["corrected", "corrected_by"])
    told = {"line": row.line, "columns": sorted(new)}
    record("licences.row_corrected", actor=actor, subject=f"batch:{row.batch_id}", data=told)
    return True


def _settle(batch: Batch, state: str) -> None:
    """A batch in this state waits for its issuer when something in it does, and is confirmed when nothing is left of it."""
    left = drafts_of_batch(batch).exists()
    after = Batch.State.CONFIRMED if batch.confirmed_at and not left else Batch.State.DONE
    moved = Batch.objects.filter(pk=batch.pk, state=state).exclude(state=after).update(state=after)
    if moved and state == Batch.State.CONFIRMED:
        tell_of_batch(batch)


def correct_by_file(*, actor: Actor, batch_id: UUID | str, upload: Any, name: str) -> int:
    """The report sent back with its held rows put right: found by their line numbers. How many were changed."""
    batch = batch_for(actor, batch_id)
    permit(actor, GATHER, department_id=batch.gathering.department_id)
    suffix = PurePath(name).suffix.lower()
    if suffix not in (".xlsx", ".csv"):
        raise refusal("name")
    data = upload if isinstance(upload, bytes) else bytes(upload.read(settings.FILE_MAX_BYTES + 1))
    table = read_table(data, is_csv=suffix == ".csv", kind=type_of(batch.gathering))
    given = {}
    for number, cells in table.lines:
        texts = {cell.key: _unquoted(cell.text) for cell in cells if cell.key}
        line = texts.pop("line", str(number))
        given[int(line) if line.isdecimal() else number] = texts
    return _corrected(actor, batch, given)


def _unquoted(text: str) -> str:
    """Without the mark that keeps a spreadsheet program from running it."""
    return text[1:] if text[:1] == "'" else text


@transaction.atomic
def _corrected(actor: Actor, batch: Batch, given: Mapping[int, Mapping[str, str]]) -> int:
    batch = batch_for(actor, batch.pk, lock=True)
    if batch.state in BUSY:
        raise refusal("running", field="")
    held = batch.rows.select_for_update(of=("self",)).select_related("batch__gathering").filter(state="held")
    if not held.exists():
        raise refusal("nothing_held")
    changed = [row.pk for row in held.filter(line__in=given) if _correct(actor, row, given[row.line])]
    if not changed:
        raise refusal("nothing_changed")
    BatchRow.objects.filter(pk__in=changed).update(state=BatchRow.State.WAITING)
    if len(changed) > AT_ONCE:
        Batch.objects.filter(pk=batch.pk).update(state=Batch.State.RUNNING)
        defer("licences.gather", batch_id=batch.pk, lock=f"gather:{batch.pk}")
    else:
        gather_batch(batch_id=batch.pk)
    return len(changed)


@transaction.atomic
def take_report(*, actor: Actor, batch_id: UUID | str) -> tuple[Batch, bytes]:
    """Every row as a workbook. It holds what people told their offices, so that it was taken is a fact."""
    batch = batch_for(actor, batch_id)
    record("licences.report_taken", actor=actor, subject=batch, data={"rows": batch.rows_count})
    return batch, report_of(batch)


@transaction.atomic
def confirm_batch(*, actor: Actor, batch_id: UUID | str, with_flagged: bool = False) -> Batch:
    """The issuer says that the gathered licences hold: another person than the one who brought them. Done by a task when many."""
    batch = batch_for(actor, batch_id, lock=True)
    permit(actor, MANAGE, department_id=batch.gathering.department_id)
    if batch.state in (*BUSY, Batch.State.ISSUING):
        raise refusal("running", field="")
    if batch.brought_by and batch.brought_by in actor.names:
        raise refusal("same_person", field="")
    counts = row_counts(batch)
    waiting = counts["to_confirm"] + (counts["to_confirm_flagged"] if with_flagged else 0)
    if not waiting:
        raise refusal("nothing_waiting", field="")
    batch.state, batch.confirmed_by, batch.confirmed_at = Batch.State.ISSUING, actor.account_id, now()
    batch.with_flagged = with_flagged
    batch.save(update_fields=["state", "confirmed_by", "confirmed_at", "with_flagged"])
    record("licences.batch_confirmed", actor=actor, subject=batch, data={"count": waiting, "flagged": with_flagged})
    if waiting > AT_ONCE:
        defer("licences.confirm_batch", batch_id=batch.pk, lock=f"gather:{batch.pk}")
    else:
        confirm_rows(batch_id=batch.pk)
        batch.refresh_from_db()
    return batch


def confirm_rows(*, batch_id: UUID | str) -> None:
    """Bring what was confirmed into the state its source tells, chunk by chunk. Run again it does what is left."""
    batch = find(Batch.objects.select_related("gathering"), pk=batch_id)
    if batch.state != Batch.State.ISSUING:
        return
    while _confirm_some(batch):
        pass
    _settle(batch, Batch.State.ISSUING)


@transaction.atomic
def _confirm_some(batch: Batch) -> bool:
    chosen = batch.rows.filter(state__in=GATHERED if batch.with_flagged else [State.KEPT], licence__state=DRAFT)
    becomes = dict(chosen.order_by("line").values_list("licence", "becomes")[:CHUNK])
    rows = list(Licence.objects.select_for_update().filter(pk__in=becomes, state=DRAFT).only("id", "state"))
    at, actor = now(), in_the_name_of(batch.confirmed_by, batch.gathering.department_id)
    for row in rows:
        row.state, row.state_at = becomes[row.pk], at
    Licence.objects.bulk_update(rows, ["state", "state_at"])
    LicenceChange.objects.bulk_create(
        LicenceChange(
            licence=row, act="confirm", from_state=DRAFT, to_state=row.state, reason=_confirmed_words(row),
            actor_kind="staff", account_id=batch.confirmed_by, department_id=batch.gathering.department_id, at=at,
        )
        for row in rows
    )  # fmt: skip
    for row in rows:
        record("licences.confirmed", actor=actor, subject=row, data={"batch": str(batch.pk), "to": row.state})
    return bool(rows)


def _confirmed_words(licence: Licence) -> str:
    stated = "" if licence.state == VALID else f"，来源写明“{licence.get_state_display()}”"
    return f"历史证照归集{stated}，经颁发部门核对"
