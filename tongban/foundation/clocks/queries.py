"""Reading calendars and clocks. The pure reckoning is offered here to the other rooms."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db.models import Max

from tongban.foundation.kernel.clock import today

from .models import CalendarDay, Clock, HolidayNotice
from .rules import (
    Calendar,
    Due,
    Entry,
    Ladder,
    Ledger,
    Limit,
    Pause,
    Reading,
    Terms,
    Thresholds,
    add_working_days,
    due_on,
    lamp,
    lamp_on,
    ledger_of,
    read,
    working_days_between,
)
from .rules import clock_row as _clock_row

__all__ = [
    "Calendar",
    "Due",
    "Limit",
    "Pause",
    "add_working_days",
    "calendar_of",
    "clock_of",
    "clock_row",
    "clocks_of",
    "due_on",
    "lamp",
    "lamp_of",
    "lamp_on",
    "replay",
    "thresholds",
    "working_days_between",
]

WHOLE_COUNTRY = "000000000000"
_KEPT_FOR = (
    60.0  # seconds; a new notice reaches every process within this, and open clocks are reckoned anew afterwards
)
_kept: dict[str, tuple[float, Calendar]] = {}


def _line_up(division: str) -> list[str]:
    """The division and all above it, the country first."""
    above = [division[:digits].ljust(12, "0") for digits in (2, 4, 6, 9, 12)]
    return list(dict.fromkeys([WHOLE_COUNTRY, *above]))


def calendar_of(division: str, *, fresh: bool = False) -> Calendar:
    """The calendar that holds in a division: the country's notices, and above them those of each division down to it.

    Kept in the process for a minute; `fresh` reads it anew.
    """
    kept = _kept.get(division)
    if kept and not fresh and time.monotonic() - kept[0] < _KEPT_FOR:
        return kept[1]
    calendar = _load(division)
    _kept[division] = (time.monotonic(), calendar)
    return calendar


def forget_calendars() -> None:
    """Drop what this process keeps, because a calendar has changed."""
    _kept.clear()


def _load(division: str) -> Calendar:
    line = _line_up(division)
    notices = HolidayNotice.objects.filter(division__in=line)
    current = notices.values("division", "year").annotate(version=Max("version"))
    wanted = {(row["division"], row["year"], row["version"]) for row in current}
    ids = {n.pk: n.division for n in notices if (n.division, n.year, n.version) in wanted}
    days: dict[date, bool] = {}
    rows = CalendarDay.objects.filter(notice__in=ids).values_list("notice_id", "date", "is_workday")
    for _, day, works in sorted(rows, key=lambda row: line.index(ids[row[0]])):
        days[day] = works
    return Calendar(
        holidays=frozenset(day for day, works in days.items() if not works),
        make_up_days=frozenset(day for day, works in days.items() if works),
        known_years=frozenset(year for place, year, _ in wanted if place == WHOLE_COUNTRY),
    )


def thresholds() -> Thresholds:
    """When lamps change, as this city has set it (`LAMP_THRESHOLDS`)."""
    return Thresholds(**settings.LAMP_THRESHOLDS)


def clock_row(
    *, started_on: date, promise: tuple[int, str], statutory: tuple[int, str] | None, division: str
) -> dict[str, object]:
    """The reckoned columns of a clock just started, for a hot path that inserts the row by itself.

    It adds `id`, `subject` and `kind`; every other column has a default in the database. No query while the calendar is kept.
    """
    calendar = calendar_of(division)
    row = _clock_row(
        started_on=started_on, promise=promise, statutory=statutory, calendar=calendar, thresholds=thresholds()
    )
    return {"division": division, **row}


def clock_of(subject: str, kind: str) -> Clock | None:
    """The clock of one kind that times a subject, if there is one."""
    return Clock.objects.filter(subject=subject, kind=kind).first()


def clocks_of(subjects: Iterable[str]) -> dict[str, list[Clock]]:
    """Every clock of some subjects, the oldest first; one query."""
    found: dict[str, list[Clock]] = {}
    for clock in Clock.objects.filter(subject__in=list(subjects)).order_by("id"):
        found.setdefault(clock.subject, []).append(clock)
    return found


def lamp_of(clock: Clock, day: date | None = None, *, faults: Iterable[str] = ()) -> str:
    """The lamp a clock shows on a day (today). Paused, it keeps the lamp it had; a pause over its stated length is a fault."""
    day = day or today()
    faults = list(faults)
    if clock.paused_on and not clock.ended_on:
        if clock.pause_due_on and day > clock.pause_due_on:
            faults.append("clocks.pause_too_long")
        day = min(day, clock.paused_on)
    steps = Ladder(clock.warn_on, clock.yellow_on, clock.red_on)
    return lamp_on(min(day, clock.ended_on or day), steps, faults=faults)


def terms_of(clock: Clock) -> Terms:
    statutory = None if clock.statutory_days is None else Limit(clock.statutory_days, clock.statutory_unit)
    return Terms(clock.started_on, Limit(clock.promise_days, clock.promise_unit), statutory)


def ledger(clock: Clock) -> Ledger:
    """What the ledger of a clock amounts to; one query unless its entries were fetched along."""
    return ledger_of(Entry(e.what, e.on, e.pk, e.pause_id, e.days) for e in clock.entries.all())


def replay(clock: Clock, *, calendar: Calendar | None = None) -> Reading:
    """Reckon a clock from its terms and ledger, changing nothing; what an auditor compares with the stored due days."""
    return read(terms_of(clock), calendar or calendar_of(clock.division), ledger(clock), thresholds())
