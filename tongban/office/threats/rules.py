"""What is watched for, from how much on, and the way of an alert until another person has verified it (GB/T 22239 8.1.5.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median


@dataclass(frozen=True)
class Watch:
    """One kind of thing noticed: `source` is `attempts` (then `of` is their kind) or `facts` (then `of` are their names)."""

    source: str
    of: tuple[str, ...]
    by: str  # account, address or house
    most: int  # from so many on …
    minutes: int  # … within so many minutes; what ships, until the city sets its own
    grave: bool = False
    hours: tuple[int, int] | None = None  # only outside these hours of the day


EXPORTS = (
    "cases.exported",
    "supervision.exported",
    "seals.exported",
    "quality.rows_exported",
    "registries.exported",
)
LOOKS = ("persons.seen", "registries.looked")
SEPARATED = frozenset({"system_admin", "security_admin", "audit_admin"})

WATCHES = {
    "failed_account": Watch("attempts", ("sign_in",), "account", 5, 15),
    "failed_address": Watch("attempts", ("sign_in",), "address", 20, 15),
    "second_factor": Watch("attempts", ("second_factor",), "account", 3, 15),
    "wrong_key": Watch("attempts", ("key",), "address", 5, 15),
    "refused": Watch("attempts", ("refused",), "account", 5, 60),
    "others_ids": Watch("attempts", ("others_id",), "account", 5, 60, grave=True),
    "limit": Watch("attempts", ("limit",), "address", 1, 60),
    "signature": Watch("attempts", ("signature",), "address", 3, 60, grave=True),
    "looks": Watch("facts", LOOKS, "account", 3, 60, grave=True),
    "exports": Watch("facts", EXPORTS, "account", 5, 60),
    "export_hours": Watch("facts", EXPORTS, "account", 1, 60, hours=(7, 20)),
    "export_size": Watch("facts", EXPORTS, "account", 2000, 60, grave=True),  # rows, not times
    "export_unusual": Watch("facts", EXPORTS, "account", 5, 1440),  # times one's own usual day
    "administrators": Watch("facts", ("identity.appointed",), "account", 1, 60),
    "house": Watch("facts", ("threats.house_checked",), "house", 1, 1440, grave=True),
    "trail": Watch("facts", ("threats.trail_checked",), "house", 1, 1440, grave=True),
}
# What is written down late, its transaction having begun before, is still read.
LATE = timedelta(minutes=2)
LONGEST_MINUTES, MOST = 24 * 60, 1_000_000
SHORTEST_WORDS, LONGEST_WORDS = 4, 500

NEW, TAKEN, HANDLED, CLOSED = "new", "taken", "handled", "closed"
# verb: from which states, to which
MOVES = {
    "take": ({NEW}, TAKEN),
    "handle": ({NEW, TAKEN}, HANDLED),
    "close": ({HANDLED}, CLOSED),
    "send_back": ({HANDLED}, TAKEN),
}


def move_faults(verb: str, *, state: str, words: str, same_person: bool) -> list[tuple[str, str]]:
    """Every (field, code) in the way. `same_person`: whoever verifies handled it himself."""
    faults = {
        "state": ("", state not in MOVES[verb][0]),
        "words": ("words", verb != "take" and not SHORTEST_WORDS <= len(words) <= LONGEST_WORDS),
        "same_person": ("", verb in ("close", "send_back") and same_person),
    }
    return [(field, code) for code, (field, stands) in faults.items() if stands]


def rule_faults(*, most: int | None, minutes: int | None, reason: str) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with new numbers."""
    faults = {
        "most": ("most", most is None or not 1 <= most <= MOST),
        "minutes": ("minutes", minutes is None or not 1 <= minutes <= LONGEST_MINUTES),
        "reason": ("reason", not SHORTEST_WORDS <= len(reason) <= LONGEST_WORDS),
    }
    return [(field, code) for code, (field, stands) in faults.items() if stands]


def outside(moment: time, hours: tuple[int, int]) -> bool:
    """Whether a time of day lies outside the hours of work."""
    return not hours[0] <= moment.hour < hours[1]


def is_unusual(today: int, days: Sequence[int], times: int) -> bool:
    """Whether somebody took away `times` what he does on his usual day (the median of the days he did at all; none counts as one)."""
    usual = median(days) if days else 1
    return today >= times * max(usual, 1)


@dataclass(frozen=True)
class Happening:
    """One thing that counts towards a rule: whose, when, how much, and its id."""

    who: str
    at: datetime
    weight: int = 1


@dataclass(frozen=True)
class Crowd:
    """Happenings of one who that reach a rule's number."""

    who: str
    count: int
    first: datetime
    last: datetime


def crowds_of(happenings: Sequence[Happening], most: int) -> list[Crowd]:
    """Who reached `most`."""
    by_who: dict[str, list[Happening]] = {}
    for one in happenings:
        by_who.setdefault(one.who, []).append(one)
    found = []
    for who, ones in sorted(by_who.items()):
        if (count := sum(one.weight for one in ones)) >= most:
            found.append(Crowd(who, count, min(one.at for one in ones), max(one.at for one in ones)))
    return found
