"""Which months a table must have, which it need not keep at hand, what they are called."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

AHEAD = 12  # should nobody notice for a year that none are made, rows still find their place
LEFT_ALONE = timedelta(days=30)  # a month that was brought back is not archived again before


@dataclass(frozen=True)
class Monthly:
    """A table in months by the moment in `column`; each stays at hand until all its rows are older than so many days."""

    table: str
    column: str
    at_hand_days: int


@dataclass(frozen=True)
class Month:
    """One part, by the first day of its month. The first part of a table holds all from before it as well."""

    table: str
    name: str
    month: date
    is_attached: bool = True
    is_going: bool = False  # a detachment that was broken off


def first_of(day: date, after: int = 0) -> date:
    """The first day of the month so many months after that of a day."""
    months = day.year * 12 + day.month - 1 + after
    return date(months // 12, months % 12 + 1, 1)


def starts(month: date) -> datetime:
    """Months begin at midnight UTC, wherever the server stands."""
    return datetime(month.year, month.month, month.day, tzinfo=UTC)


def name_of(table: str, month: date) -> str:
    return f"{table}_y{month:%Ym%m}"


def month_in(table: str, name: str) -> date | None:
    """The month a part holds, by its name; None where the name is of something else."""
    stem, _, rest = name.rpartition("_y")
    if stem != table or len(rest) != len("2026m01"):
        return None
    try:
        return date(int(rest[:4]), int(rest[5:]), 1)
    except ValueError:
        return None


def months_wanted(today: date) -> Iterator[date]:
    """This month and a year of them."""
    return (first_of(today, after) for after in range(AHEAD + 1))


def end_of(month: date) -> datetime:
    return starts(first_of(month, 1))


def is_over(month: Month, at_hand_days: int, now: datetime) -> bool:
    """Whether even the youngest row it can hold need not be at hand any longer."""
    return end_of(month.month) + timedelta(days=at_hand_days) <= now
