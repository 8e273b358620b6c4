"""Changing a dictionary of codes or everyday words: one official hands a version in, a second one publishes it from a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.canonical import canonical, sm3
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Conflict, Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import tell_writer
from tongban.services.items.errors import CLASHES, TABLE_FAULTS, OwnWork, TableRefused, TableUnderReview
from tongban.services.items.models import CodeTable
from tongban.services.items.queries.tables import (
    VERB,
    WORDS,
    content_of_rows,
    fixed_codes,
    rows_before,
    rows_of,
    standing_rows,
    title_of,
    uses_of,
)
from tongban.services.items.rules.lifecycle import faults_of_day
from tongban.services.items.rules.tables import Fault, Row, changes_between, faults_of_change, faults_of_rows

from .changed import touch
from .story import reason_given

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

Status = CodeTable.Status


@transaction.atomic
def hand_in_table(*, actor: Actor, key: str, rows: Sequence[Row], effective_on: date, note: str) -> CodeTable:
    """Put the next version of a dictionary forward; refused with everything that is wrong with it."""
    permit(actor, VERB)
    title_of(key)
    touch()  # locks the catalogue's one row: two who hand in at once come one after the other
    published = CodeTable.objects.filter(key=key)
    if published.filter(status=Status.IN_REVIEW).exists():
        raise TableUnderReview
    said = reason_given(note)
    _refuse_faulty(key, rows, effective_on)
    content = content_of_rows(key, dict(rows))
    newest = published.order_by("-version").first()
    table = CodeTable.objects.create(
        key=key,
        version=newest.version + 1 if newest else 1,
        status=Status.IN_REVIEW,
        effective_on=effective_on,
        drafted_by=actor.account_id,
        content=content,
        digest=sm3(canonical(content)),
        note=said,
    )
    record("items.table_handed_in", actor=actor, subject=table, data={"key": key, "version": table.version})
    return table


def _refuse_faulty(key: str, rows: Sequence[Row], effective_on: date) -> None:
    faults = faults_of_rows(rows, are_words=key == WORDS)
    if not faults:
        faults = _faults_of_change(key, standing_rows(key), dict(rows), effective_on)
    last = CodeTable.objects.filter(key=key, status=Status.PUBLISHED).order_by("-effective_on").first()
    days = faults_of_day(effective_on, today=today(), last_on=last.effective_on if last else None)
    reasons = [_reason(fault) for fault in faults]
    if last is not None:
        words = {"version": last.version, "day": last.effective_on.isoformat()}
        reasons += [Reason(day, str(CLASHES[day]) % words, "effective_on") for day in days]
    else:
        reasons += [Reason(day, str(CLASHES[day]), "effective_on") for day in days]
    if reasons:
        raise TableRefused(reasons=reasons)


def _faults_of_change(key: str, old: dict[str, str], new: dict[str, str], effective_on: date) -> list[Fault]:
    changes = changes_between(old, new)
    uses = uses_of(key, [today(), effective_on]) if any(change.kind != "added" for change in changes) else {}
    return faults_of_change(changes, fixed=fixed_codes(key), uses=uses)


def _reason(fault: Fault) -> Reason:
    place = "" if fault.row is None else f"name.{fault.row}"
    return Reason(fault.code, str(TABLE_FAULTS[fault.code]) % fault.values, place)


@transaction.atomic
def publish_table(*, actor: Actor, table_id: UUID) -> CodeTable:
    """The second person agrees; it holds from its day, today if that has gone by. Codes taken up meanwhile keep it back."""
    table = _in_review(actor, table_id)
    if table.drafted_by in actor.names:
        raise OwnWork(_("您改的代码表要由另一位同事审核发布。"))
    table.effective_on = max(table.effective_on, today())
    new = rows_of(table.key, table.content)
    faults = _faults_of_change(table.key, rows_before(table), new, table.effective_on)
    if faults:
        raise TableRefused(reasons=[_reason(fault) for fault in faults])
    table.status, table.reviewed_by, table.published_at = Status.PUBLISHED, actor.account_id, now()
    table.save()
    touch()
    record("items.table_published", actor=actor, subject=table, data={"key": table.key, "version": table.version})
    _tell("published", actor, table)
    return table


@transaction.atomic
def drop_table(*, actor: Actor, table_id: UUID, reason: str) -> CodeTable:
    """The second person does not agree, or whoever handed it in takes it back; the version before it goes on."""
    table = _in_review(actor, table_id)
    table.answer = reason_given(reason)
    table.status = Status.WITHDRAWN
    if table.drafted_by not in actor.names:
        table.reviewed_by = actor.account_id
    table.save()
    record("items.table_dropped", actor=actor, subject=table, data={"key": table.key, "version": table.version})
    _tell("refused", actor, table)
    return table


def _in_review(actor: Actor, table_id: UUID) -> CodeTable:
    permit(actor, VERB)
    table = find(CodeTable.objects.select_for_update(), pk=table_id)
    if table.status != Status.IN_REVIEW:
        raise Conflict(_("这一版已经有了答复，请刷新后再看。"))
    return table


def _tell(outcome: str, actor: Actor, table: CodeTable) -> None:
    tell_writer(
        outcome, actor=actor, writers=[table.drafted_by], what=_("代码表"), title=title_of(table.key), subject=table,
        link=f"/console/items/tables/{table.key}/", why=table.answer, day=table.effective_on,
    )  # fmt: skip
