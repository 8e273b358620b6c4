"""The State Council's days of 2024 and 2025, written out once more from the notices, apart from the shipped file."""

from __future__ import annotations

from datetime import date, timedelta

from tongban.foundation.clocks.rules import Calendar


def _span(first: str, last: str) -> set[date]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return {start + timedelta(days=n) for n in range((end - start).days + 1)}


HOLIDAYS_2024 = (
    _span("2024-01-01", "2024-01-01")
    | _span("2024-02-10", "2024-02-17")
    | _span("2024-04-04", "2024-04-06")
    | _span("2024-05-01", "2024-05-05")
    | _span("2024-06-10", "2024-06-10")
    | _span("2024-09-15", "2024-09-17")
    | _span("2024-10-01", "2024-10-07")
)
MAKE_UP_2024 = {date(2024, *day) for day in [(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)]}
HOLIDAYS_2025 = (
    _span("2025-01-01", "2025-01-01")
    | _span("2025-01-28", "2025-02-04")
    | _span("2025-04-04", "2025-04-06")
    | _span("2025-05-01", "2025-05-05")
    | _span("2025-05-31", "2025-06-02")
    | _span("2025-10-01", "2025-10-08")
)
MAKE_UP_2025 = {date(2025, *day) for day in [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)]}

CHINA = Calendar(
    holidays=frozenset(HOLIDAYS_2024 | HOLIDAYS_2025),
    make_up_days=frozenset(MAKE_UP_2024 | MAKE_UP_2025),
    known_years=frozenset({2024, 2025}),
)
