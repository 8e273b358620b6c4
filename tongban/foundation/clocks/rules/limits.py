"""When a limit ends: 行政许可法 arts. 42, 45, 82; 民法典 arts. 201, 203; 全国年节及纪念日放假办法.

A limit in working days counts the working days after the day it starts on; a paused day is not counted; the last day
of any limit, if a holiday, moves to the next working day. The statutory and the promised limit are reckoned apart.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

WORKING_DAYS = "1"  # 工作日
NATURAL_DAYS = "2"  # 自然日
LONGEST_LIMIT = 3660
DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Which days are worked in a division. A year without a notice follows the weekdays and is not certain."""

    holidays: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()

    def works(self, day: date) -> bool:
        return day in self.make_up_days or (day.weekday() < SATURDAY and day not in self.holidays)

    def knows(self, day: date) -> bool:
        """Whether the notices that may touch a day have been issued.

        The last three days of December wait for the next year's notice too: it moved them for 2008, 2012 and 2019.
        """
        last_days = day.month == 12 and day.day >= 29
        return day.year in self.known_years and (not last_days or day.year + 1 in self.known_years)

    @property
    def known_until(self) -> date | None:
        """The last day of the unbroken run of certain days that ends latest; None if no notice is known."""
        return date(max(self.known_years), 12, 28) if self.known_years else None

    @cached_property
    def stamp(self) -> str:
        """Sixteen characters that change whenever a day of the calendar does."""
        days = [sorted(self.holidays), sorted(self.make_up_days), sorted(self.known_years)]
        return hashlib.sha256(repr(days).encode()).hexdigest()[:16]

    def first_working_day(self, day: date) -> date:
        """The day itself if it is worked, else the next one that is."""
        while not self.works(day):
            day += DAY
        return day


WEEKDAYS_ONLY = Calendar()


@dataclass(frozen=True)
class Limit:
    """So many working or natural days."""

    days: int
    unit: str = WORKING_DAYS

    def __post_init__(self) -> None:
        if not 0 <= self.days <= LONGEST_LIMIT or self.unit not in (WORKING_DAYS, NATURAL_DAYS):
            raise ValueError(f"no such limit: {self.days} of unit {self.unit!r}")


@dataclass(frozen=True)
class Pause:
    """Days that do not count (听证、检验、检测、专家评审 …): from the first day up to, not including, the day of resuming."""

    started_on: date
    ended_on: date | None = None


@dataclass(frozen=True)
class Ledger:
    """What happened to a clock since it started."""

    pauses: tuple[Pause, ...] = ()
    extension_days: int = 0  # working days, granted once


NOTHING = Ledger()


@dataclass(frozen=True)
class Due:
    """The last day of a limit, and whether every day on the way is settled by a published notice."""

    date: date
    certain: bool


def merged(pauses: Iterable[Pause]) -> list[Pause]:
    """The same paused days without overlap, in order. A pause without an end swallows all after it."""
    whole: list[Pause] = []
    for pause in sorted(pauses, key=lambda p: (p.started_on, p.ended_on or date.max)):
        last = whole[-1] if whole else None
        if last is None or (last.ended_on is not None and last.ended_on < pause.started_on):
            whole.append(pause)
        elif last.ended_on is not None and (pause.ended_on is None or pause.ended_on > last.ended_on):
            whole[-1] = Pause(last.started_on, pause.ended_on)
    return whole


def is_paused(day: date, pauses: Iterable[Pause]) -> bool:
    """Whether a day falls into a finished pause. An open pause counts for nothing until it ends: its length is unknown."""
    return any(p.ended_on is not None and p.started_on <= day < p.ended_on for p in pauses)


def _counted_days(after: date, calendar: Calendar, pauses: list[Pause], unit: str) -> Iterator[date]:
    """The days that count toward a limit, beginning with the day after."""
    day = after
    while True:
        day += DAY
        if (unit == NATURAL_DAYS or calendar.works(day)) and not is_paused(day, pauses):
            yield day


def _after(start: date, days: int, counted: Iterator[date]) -> date:
    last = start
    for _ in range(days):
        last = next(counted)
    return last


def add_working_days(start: date, days: int, calendar: Calendar) -> date:
    """The last day of a limit that starts on `start`; day one is the working day after. 0 days: the same working day."""
    last = _after(start, days, _counted_days(start, calendar, [], WORKING_DAYS))
    return calendar.first_working_day(last)


def working_days_between(after: date, until: date, calendar: Calendar, pauses: Iterable[Pause] = ()) -> int:
    """How many working days lie after `after`, up to and with `until`, paused ones left out; 0 if there are none."""
    ended = list(pauses)
    days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
    return sum(calendar.works(day) and not is_paused(day, ended) for day in days)


def due_on(started_on: date, limit: Limit, calendar: Calendar, ledger: Ledger = NOTHING) -> Due:
    """The last day of a limit with its pauses and its one extension. An unknown year makes it uncertain, never an error."""
    pauses = merged(ledger.pauses)
    last = _after(started_on, limit.days, _counted_days(started_on, calendar, pauses, limit.unit))
    last = _after(last, ledger.extension_days, _counted_days(last, calendar, pauses, WORKING_DAYS))
    while not calendar.works(last) or is_paused(last, pauses):  # 民法典 203
        last += DAY
    certain = all(calendar.knows(started_on + timedelta(days=n)) for n in range(1, (last - started_on).days + 1))
    return Due(last, certain and calendar.knows(last))
