"""Starting, pausing, extending and stopping limits; importing calendars.

Clocks belong to what they time: the calling action has permitted the actor and records its own fact, in one transaction
with what is written here. The ledger is the clock's own record.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now, today

from .errors import ClockRefused, NoSuchClock
from .gateways import notices_in, own_notices
from .models import CalendarDay, Clock, ClockEntry, HolidayNotice
from .queries import WHOLE_COUNTRY, calendar_of, clock_row, forget_calendars, replay, terms_of
from .rules import (
    Calendar,
    Pause,
    add_working_days,
    face_of,
    faults_of_extending,
    faults_of_resuming,
    faults_of_suspending,
)

SYSTEM = Actor(kind="system")
CHUNK = 500
RECKONED = [
    "promise_due_on",
    "statutory_due_on",
    "certain",
    "warn_on",
    "yellow_on",
    "red_on",
    "paused_on",
    "pause_due_on",
    "calendar_stamp",
]


def start_clock(
    *,
    subject: str,
    kind: str,
    started_on: date,
    promise: tuple[int, str],
    statutory: tuple[int, str] | None,
    division: str,
) -> Clock:
    """Let a limit run from a day, which is not itself counted. A subject has one clock of a kind."""
    row = clock_row(started_on=started_on, promise=promise, statutory=statutory, division=division)
    try:
        with transaction.atomic():
            return Clock.objects.create(subject=subject, kind=kind, **row)
    except IntegrityError:
        raise ClockRefused.because(["already_started"]) from None


def _locked(subject: str, kind: str) -> Clock:
    clock = Clock.objects.select_for_update().filter(subject=subject, kind=kind).first()
    if clock is None:
        raise NoSuchClock
    return clock


def _write(clock: Clock, what: str, on: date, **line: Any) -> ClockEntry:
    return ClockEntry.objects.create(clock=clock, what=what, on=on, written_at=now(), **line)


def _open_entries(clock: Clock) -> list[ClockEntry]:
    lines = list(clock.entries.all())
    ended = {line.pause_id for line in lines if line.what == ClockEntry.What.RESUMED}
    return [line for line in lines if line.what == ClockEntry.What.SUSPENDED and line.pk not in ended]


def _reckon(clock: Clock, calendar: Calendar) -> Clock:
    """Set every reckoned column anew from the terms and the ledger. The caller saves."""
    reading = replay(clock, calendar=calendar)
    for name, value in face_of(reading).items():
        setattr(clock, name, value)
    still = _open_entries(clock)
    clock.paused_on = min((line.on for line in still), default=None)
    stated = [add_working_days(line.on, line.days, calendar) for line in still if line.days]
    clock.pause_due_on = max(stated, default=None)
    clock.calendar_stamp = calendar.stamp
    clock.extension_days = reading.ledger.extension_days
    return clock


def _save(clock: Clock) -> Clock:
    _reckon(clock, calendar_of(clock.division)).save()
    return clock


@transaction.atomic
def suspend_clock(
    *,
    subject: str,
    kind: str,
    on: date,
    reason: str,
    document_id: UUID | None = None,
    limit_days: int = 0,
) -> Clock:
    """Let a clock stand still from a day for a special procedure; several may overlap. `limit_days` is its stated length."""
    clock = _locked(subject, kind)
    if faults := faults_of_suspending(terms_of(clock), on=on, ended_on=clock.ended_on):
        raise ClockRefused.because(faults)
    _write(clock, "suspended", on, reason=reason, document_id=document_id, days=limit_days)
    return _save(clock)


@transaction.atomic
def resume_clock(
    *, subject: str, kind: str, on: date, document_id: UUID | None = None, paused_by: UUID | None = None
) -> Clock:
    """Let a clock run again from a day, which counts. `paused_by` (the document of one pause) ends that pause alone."""
    clock = _locked(subject, kind)
    ending = [line for line in _open_entries(clock) if paused_by is None or line.document_id == paused_by]
    if faults := faults_of_resuming([Pause(line.on) for line in ending], on=on):
        raise ClockRefused.because(faults)
    for line in ending:
        _write(clock, "resumed", on, pause=line, document_id=document_id)
    return _save(clock)


@transaction.atomic
def extend_clock(
    *, subject: str, kind: str, days: int, reason: str, document_id: UUID | None = None, on: date | None = None
) -> Clock:
    """Give a clock more working days, once, before its limit is over (行政许可法 42)."""
    clock, on = _locked(subject, kind), on or today()
    if faults := faults_of_extending(replay(clock), on=on, days=days, ended_on=clock.ended_on):
        raise ClockRefused.because(faults)
    _write(clock, "extended", on, days=days, reason=reason, document_id=document_id)
    return _save(clock)


@transaction.atomic
def stop_clock(*, subject: str, kind: str, on: date, reason: str = "") -> Clock:
    """End a clock: what it timed is done. Pauses still open end with it; stopping twice changes nothing."""
    clock = _locked(subject, kind)
    if clock.ended_on:
        return clock
    for line in _open_entries(clock):
        _write(clock, "resumed", max(on, line.on), pause=line)
    _write(clock, "stopped", on, reason=reason)
    clock.ended_on = on
    return _save(clock)


@transaction.atomic
def import_calendar(folder: Any = None, *, actor: Actor = SYSTEM, division: str = WHOLE_COUNTRY) -> list[int]:
    """Take in the notices the project ships and those found in `folder`; the years that are new or changed come back.

    A year already known is left alone if it says the same, else it becomes a new version: nothing is overwritten.
    """
    changed = [
        notice["year"]
        for notice in [*own_notices(), *(notices_in(folder) if folder else [])]
        if _keep_notice(notice, division)
    ]
    if changed:
        record("clocks.calendar_imported", actor=actor, subject=f"calendar:{division}", data={"years": changed})
        forget_calendars()
    return changed


def _keep_notice(notice: dict[str, Any], division: str) -> bool:
    said = {day["date"]: day["is_workday"] for day in notice["days"]}
    last = HolidayNotice.objects.filter(division=division, year=notice["year"]).order_by("-version").first()
    if last and said == dict(last.days.values_list("date", "is_workday")):
        return False
    kept = HolidayNotice.objects.create(
        division=division,
        year=notice["year"],
        version=last.version + 1 if last else 1,
        source=notice["source"],
        imported_at=now(),
    )
    CalendarDay.objects.bulk_create(CalendarDay(notice=kept, **day) for day in notice["days"])
    return True


def recompute_clocks() -> int:
    """Reckon every running clock anew whose calendar has changed since; how many due days moved.

    Each clock that moves is a fact of its own subject, so that whoever copied its due day can follow.
    """
    moved = 0
    for division in Clock.objects.filter(ended_on=None).values_list("division", flat=True).distinct():
        calendar = calendar_of(division, fresh=True)
        while moved_now := _recompute_some(division, calendar):
            moved += sum(moved_now)
    return moved


@transaction.atomic
def _recompute_some(division: str, calendar: Calendar) -> list[bool]:
    """Reckon the next few stale clocks of a division; for each, whether its due days moved. Empty when none is left."""
    rows = Clock.objects.select_for_update(skip_locked=True).filter(division=division, ended_on=None)
    clocks = list(rows.exclude(calendar_stamp=calendar.stamp).prefetch_related("entries").order_by("id")[:CHUNK])
    moved = []
    for clock in clocks:
        before = (clock.promise_due_on, clock.statutory_due_on)
        _reckon(clock, calendar)
        moved.append(before != (clock.promise_due_on, clock.statutory_due_on))
        if moved[-1]:
            data = {"kind": clock.kind, "promise_due_on": str(clock.promise_due_on)}
            record("clocks.recomputed", actor=SYSTEM, subject=clock.subject, data=data)
    Clock.objects.bulk_update(clocks, RECKONED)
    return moved
