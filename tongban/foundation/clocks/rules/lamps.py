"""Which lamp a clock shows (电子监察: 预警, 黄牌, 红牌). No law fixes the thresholds; they are settings of the city."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .limits import DAY, WEEKDAYS_ONLY, Calendar, Pause, add_working_days, is_paused, working_days_between

GREEN, WARN, YELLOW, RED = "green", "warn", "yellow", "red"


@dataclass(frozen=True)
class Thresholds:
    """When a lamp changes. Percentages are of the promised limit in working days; the city sets them."""

    warn_percent: int = 30
    warn_days: int = 1
    red_percent: int = 30
    red_days: int = 2


USUAL = Thresholds()


@dataclass(frozen=True)
class Ladder:
    """The first day of each lamp above green, if nothing more happens to the clock."""

    warn_on: date
    yellow_on: date
    red_on: date


def ladder(
    started_on: date,
    promise_due: date,
    statutory_due: date | None,
    calendar: Calendar,
    *,
    pauses: Iterable[Pause] = (),
    thresholds: Thresholds = USUAL,
) -> Ladder:
    """预警 → 黄牌 → 红牌 for one clock.

    Warning while 30 % of the limit or one working day is left; yellow the day after the promised limit; red the day
    after the statutory one, or once the promise is overrun by 30 % of itself and at least two working days.
    """
    limit = working_days_between(started_on, promise_due, calendar, pauses)
    left = max(thresholds.warn_days, limit * thresholds.warn_percent // 100)
    warn_on = promise_due
    while left and warn_on > started_on:
        warn_on -= DAY
        left -= calendar.works(warn_on) and not is_paused(warn_on, pauses)
    over = max(thresholds.red_days, -(-limit * thresholds.red_percent // 100))
    red_on = add_working_days(promise_due, over, calendar)
    if statutory_due is not None:
        red_on = min(red_on, statutory_due + DAY)
    yellow_on = promise_due + DAY
    return Ladder(max(warn_on, started_on), min(yellow_on, red_on), red_on)


def lamp_on(today: date, steps: Ladder, *, faults: Iterable[str] = (), grave: Iterable[str] = ()) -> str:
    """The lamp of a day. `faults` (a step late, a second correction …) light yellow, `grave` ones red, whatever the day."""
    if today >= steps.red_on or any(grave):
        return RED
    if today >= steps.yellow_on or any(faults):
        return YELLOW
    return WARN if today >= steps.warn_on else GREEN


def lamp(
    started_on: date,
    promise_due: date,
    statutory_due: date | None,
    today: date,
    *,
    calendar: Calendar = WEEKDAYS_ONLY,
    ended_on: date | None = None,
    pauses: Iterable[Pause] = (),
    thresholds: Thresholds = USUAL,
    faults: Iterable[str] = (),
    grave: Iterable[str] = (),
) -> str:
    """The lamp of a clock on a day; a stopped clock keeps the one it stopped with."""
    steps = ladder(started_on, promise_due, statutory_due, calendar, pauses=pauses, thresholds=thresholds)
    return lamp_on(min(today, ended_on or today), steps, faults=faults, grave=grave)
