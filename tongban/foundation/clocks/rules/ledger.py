"""How a clock is reckoned from its terms and its ledger, and what may be done to it: 行政许可法 arts. 42 (once), 45."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from .lamps import USUAL, Ladder, Thresholds, ladder
from .limits import NOTHING, WORKING_DAYS, Calendar, Ledger, Limit, Pause, due_on, merged


@dataclass(frozen=True)
class Entry:
    """One line of a clock's ledger: `suspended`, `resumed` (with `pause`, the line it ends), `extended` or `stopped`."""

    what: str
    on: date
    id: object = None
    pause: object = None
    days: int = 0


def ledger_of(entries: Iterable[Entry]) -> Ledger:
    """What a ledger's lines amount to."""
    lines = list(entries)
    ends = {line.pause: line.on for line in lines if line.what == "resumed"}
    pauses = tuple(Pause(line.on, ends.get(line.id)) for line in lines if line.what == "suspended")
    return Ledger(pauses, sum(line.days for line in lines if line.what == "extended"))


@dataclass(frozen=True)
class Terms:
    """What a clock was started with."""

    started_on: date
    promise: Limit
    statutory: Limit | None = None


@dataclass(frozen=True)
class Reading:
    """Everything a clock's face shows, reckoned from its terms, its ledger and the calendar."""

    promise_due_on: date
    statutory_due_on: date | None
    certain: bool
    ladder: Ladder
    ledger: Ledger = field(default=NOTHING)


def read(terms: Terms, calendar: Calendar, ledger: Ledger = NOTHING, thresholds: Thresholds = USUAL) -> Reading:
    """Reckon a clock anew; the same input always gives the same face."""
    promise = due_on(terms.started_on, terms.promise, calendar, ledger)
    statutory = due_on(terms.started_on, terms.statutory, calendar, ledger) if terms.statutory else None
    pauses = merged(ledger.pauses)
    last = statutory.date if statutory else None
    steps = ladder(terms.started_on, promise.date, last, calendar, pauses=pauses, thresholds=thresholds)
    return Reading(promise.date, last, promise.certain and (statutory is None or statutory.certain), steps, ledger)


def clock_row(
    *,
    started_on: date,
    promise: tuple[int, str],
    statutory: tuple[int, str] | None,
    calendar: Calendar,
    thresholds: Thresholds = USUAL,
) -> dict[str, object]:
    """The reckoned columns of a clock just started, for a hot path that inserts the row itself.

    It adds `id`, `subject`, `kind` and `division` and nothing else; all other columns have a default in the database.
    """
    terms = Terms(started_on, Limit(*promise), Limit(*statutory) if statutory else None)
    reading = read(terms, calendar, thresholds=thresholds)
    return {
        "started_on": started_on,
        "promise_days": promise[0],
        "promise_unit": promise[1],
        "statutory_days": statutory[0] if statutory else None,
        "statutory_unit": statutory[1] if statutory else WORKING_DAYS,
        "calendar_stamp": calendar.stamp,
        **face_of(reading),
    }


def face_of(reading: Reading) -> dict[str, object]:
    """The columns that change when a clock is reckoned anew."""
    return {
        "promise_due_on": reading.promise_due_on,
        "statutory_due_on": reading.statutory_due_on,
        "certain": reading.certain,
        "warn_on": reading.ladder.warn_on,
        "yellow_on": reading.ladder.yellow_on,
        "red_on": reading.ladder.red_on,
    }


def faults_of_suspending(terms: Terms, *, on: date, ended_on: date | None) -> list[str]:
    """Every reason why a clock cannot be suspended on a day."""
    return [
        code
        for code, applies in {"ended": ended_on is not None, "before_start": on < terms.started_on}.items()
        if applies
    ]


def faults_of_extending(reading: Reading, *, on: date, days: int, ended_on: date | None) -> list[str]:
    """Every reason why a clock cannot be extended: only once, by at least a day, and before the promised day is over."""
    faults = {
        "ended": ended_on is not None,
        "already_extended": reading.ledger.extension_days > 0,
        "no_days": days < 1,
        "too_late": on > max(reading.promise_due_on, reading.statutory_due_on or reading.promise_due_on),
    }
    return [code for code, applies in faults.items() if applies]


def faults_of_resuming(open_pauses: Iterable[Pause], *, on: date) -> list[str]:
    """Every reason why a clock cannot be resumed on a day."""
    starts = [pause.started_on for pause in open_pauses]
    faults = {"not_suspended": not starts, "before_suspension": any(on < start for start in starts)}
    return [code for code, applies in faults.items() if applies]
