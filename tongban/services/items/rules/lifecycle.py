"""When a definition may take effect, and which codes may follow which (GB/T 39554.1: codes are never used again)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FARTHEST = timedelta(days=366)  # what lies farther ahead is a slip of the pen
FEWEST = 2  # items that merge, or that one is split into


def faults_of_day(effective_on: date, *, today: date, last_on: date | None) -> list[str]:
    """Why a version cannot take effect on a day: `day_past`, `day_too_far`, `day_before_last` (a version that is
    published for later would take over again)."""
    faults = {
        "day_past": effective_on < today,
        "day_too_far": effective_on - today > FARTHEST,
        "day_before_last": last_on is not None and effective_on < last_on,
    }
    return [fault for fault, applies in faults.items() if applies]


@dataclass(frozen=True)
class Known:
    """What the rules need to know of an item: since when it is published, and the day its code is frozen from."""

    code: str
    first_on: date | None
    in_force: bool
    ends_on: date | None = None


def faults_of_succession(
    old: Sequence[Known], new: Sequence[Known], *, from_on: date, today: date
) -> list[tuple[str, str]]:
    """Why these items cannot take the place of those: (fault, code). Merged and split items get codes of their own."""
    faults = [("too_few", "")] if max(len(old), len(new)) < FEWEST or not min(len(old), len(new)) else []
    faults += [("day_past", "")] if from_on < today else []
    faults += [("ended", item.code) for item in old if item.ends_on is not None]
    faults += [("never_published", item.code) for item in old if item.first_on is None]
    faults += [("follows_itself", item.code) for item in new if item.code in {one.code for one in old}]
    faults += [("not_in_force", item.code) for item in new if not item.in_force]
    oldest = [item.first_on for item in old if item.first_on]
    faults += [
        ("not_a_new_code", item.code)
        for item in new
        if item.first_on and oldest and item.first_on <= max(oldest) and item.in_force
    ]
    return faults
