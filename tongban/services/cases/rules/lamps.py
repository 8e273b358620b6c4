"""How the lamp of a case follows from the days on which its running clock changes colour (电子监察)."""

from __future__ import annotations

from datetime import date

GREEN, WARN, YELLOW, RED = ORDER = ("green", "warn", "yellow", "red")


def lamp_of_day(today: date, warn_on: date, yellow_on: date, red_on: date, floor: str = GREEN) -> str:
    """The lamp on a day; `floor` is the least it shows, because of something that days do not undo."""
    by_days = RED if today >= red_on else YELLOW if today >= yellow_on else WARN if today >= warn_on else GREEN
    return max(by_days, floor, key=ORDER.index)


def higher(one: str, other: str) -> str:
    return max(one, other, key=ORDER.index)
