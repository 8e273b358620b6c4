"""电子监察: what lamps may be withdrawn, and how figures of many departments are put together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

LAMPS = ("red", "yellow", "warn", "green")
WITHDRAWABLE = ("red", "yellow")  # a warning is no reproach, so there is nothing to withdraw
STAGES = ("acceptance", "decision", "delivery")
SHORTEST_REASON, LONGEST_REASON = 6, 500
LONGEST_PERIOD = timedelta(days=3 * 366)


def why_not_withdraw(*, lamp: str, is_open: bool, reason: str, withdrawn: bool) -> list[str]:
    """Every reason why a lamp cannot be withdrawn: `not_lit`, `closed`, `reason_too_short`, `reason_too_long`, `withdrawn_before`."""
    words = len(reason.strip())
    reasons = {
        "not_lit": lamp not in WITHDRAWABLE,
        "closed": not is_open,
        "reason_too_short": words < SHORTEST_REASON,
        "reason_too_long": words > LONGEST_REASON,
        "withdrawn_before": withdrawn,
    }
    return [code for code, applies in reasons.items() if applies]


@dataclass
class Line:
    """One department or item: what is open by lamp and stage, what was closed in the period and how much of it in time."""

    lamps: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LAMPS, 0))
    stages: dict[str, int] = field(default_factory=lambda: dict.fromkeys(STAGES, 0))
    overdue: int = 0
    closed: int = 0
    on_time: int = 0
    withdrawn: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WITHDRAWABLE, 0))

    @property
    def open(self) -> int:
        return sum(self.lamps.values())

    @property
    def on_time_share(self) -> float | None:
        """按时办结率; none when nothing was closed."""
        return self.on_time / self.closed if self.closed else None

    def __add__(self, other: Line) -> Line:
        return Line(
            lamps={name: self.lamps[name] + other.lamps[name] for name in self.lamps},
            stages={name: self.stages[name] + other.stages[name] for name in self.stages},
            overdue=self.overdue + other.overdue,
            closed=self.closed + other.closed,
            on_time=self.on_time + other.on_time,
            withdrawn={name: self.withdrawn[name] + other.withdrawn[name] for name in WITHDRAWABLE},
        )


def lines_of(
    by: str,
    opened: Iterable[Mapping[str, Any]],
    closed: Iterable[Mapping[str, Any]],
    withdrawn: Iterable[Mapping[str, Any]],
) -> dict[Any, Line]:
    """Rows counted apart (each with its `number`), put together by one of their names."""
    lines: dict[Any, Line] = {}
    for row in opened:
        line = lines.setdefault(row[by], Line())
        line.lamps[row["lamp"]] += row["number"]
        line.stages[row["stage"]] += row["number"]
        line.overdue += row["overdue"]
    for row in closed:
        line = lines.setdefault(row[by], Line())
        line.closed += row["number"]
        line.on_time += row["on_time"]
    for row in withdrawn:
        lines.setdefault(row[by], Line()).withdrawn[row["lamp"]] += row["number"]
    return lines


def urgency(line: Line) -> tuple[int, int, int, int]:
    """The order of the table: most red first, then yellow, overdue, open."""
    return (-line.lamps["red"], -line.lamps["yellow"], -line.overdue, -line.open)


def period(since: date | None, until: date | None, *, today: date) -> tuple[date, date]:
    """The period asked for, or the last 30 days; never backwards, never beyond today, never longer than three years."""
    until = min(until or today, today)
    since = min(since or until - timedelta(days=29), until)
    return max(since, until - LONGEST_PERIOD), until


@dataclass(frozen=True)
class Bar:
    """One stretch of the trend, with both days, and its height of a hundred."""

    since: date
    until: date
    closed: int
    on_time: int
    height: int = 0
    height_on_time: int = 0


def trend(days: Mapping[date, tuple[int, int]], since: date, until: date, *, most: int = 16) -> list[Bar]:
    """The period in at most `most` equal stretches: closed and, of these, in time."""
    length = (until - since).days + 1
    step = max(-(-length // most), 1)
    bars = []
    start = since
    while start <= until:
        end = min(start + timedelta(days=step - 1), until)
        inside = [count for day, count in days.items() if start <= day <= end]
        bars.append(Bar(start, end, sum(c for c, _t in inside), sum(t for _c, t in inside)))
        start = end + timedelta(days=1)
    top = max((bar.closed for bar in bars), default=0) or 1
    return [
        Bar(
            bar.since, bar.until, bar.closed, bar.on_time, round(100 * bar.closed / top), round(100 * bar.on_time / top)
        )
        for bar in bars
    ]
