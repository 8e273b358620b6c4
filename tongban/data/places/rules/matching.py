"""Which standard address a text means. Only what is clear is settled: whatever is not stays with the person who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from .addresses import Said

MATCHER = 1  # raised with every change of what these rules answer; stands beside every answer
ENOUGH, CLEARLY = 0.8, 0.08  # score to be settled, and how far ahead of the next
LIKE = 60  # of 100: a road spelt so far otherwise may still be meant


@dataclass(frozen=True)
class Candidate:
    """A standard address that may be meant."""

    code: str
    division: str
    road: str
    number: str
    estate: str
    building: str
    unit: str
    room: str
    text: str


@dataclass(frozen=True)
class Match:
    """`level`: `address` (this very one), `door` (its door; the text names no room), `division` (no more than that), `none`.

    `code` is the standard address, empty for the last two; `division` what the text or the address says. `others` are the
    nearest, with their scores, for a person to choose from.
    """

    level: str
    code: str
    division: str
    score: float
    others: tuple[tuple[Candidate, float], ...] = ()
    matcher: int = MATCHER


def score_of(said: Said, one: Candidate) -> float:
    """0 to 1. Numbers must agree; a road may be misspelt; another division than the one that is named speaks against it."""
    if said.number != one.number or _differ(said, one) or (said.estate and one.estate and said.estate != one.estate):
        return 0.0
    if not said.road and not (said.estate and said.estate == one.estate and said.division):
        return 0.0
    alike = fuzz.ratio(said.road, one.road) / 100 if said.road else 1.0
    if alike * 100 < LIKE:
        return 0.0
    score = alike if alike == 1 else alike * 0.9
    if said.division and not (one.division.startswith(said.division) or said.division.startswith(one.division)):
        score *= 0.85 if said.division[:9] == one.division[:9] else 0.5
    missing = sum(1 for part in ("building", "unit", "room") if getattr(said, part) and not getattr(one, part))
    return round(score - 0.15 * missing - (0.2 if said.unread else 0), 4)


def _differ(said: Said, one: Candidate) -> bool:
    return any(
        getattr(said, part) and getattr(one, part) and getattr(said, part) != getattr(one, part)
        for part in ("building", "unit", "room")
    )


def settle(said: Said, candidates: Sequence[Candidate]) -> Match:
    """The one that is meant, if one is clearly ahead of all others."""
    ranked = sorted(
        ((one, score_of(said, one)) for one in candidates),
        key=lambda pair: (-pair[1], _finer(said, pair[0]), pair[0].code),
    )
    ranked = [pair for pair in ranked if pair[1] > 0][:8]
    nothing = Match("division" if said.division else "none", "", said.division, 0.0, tuple(ranked))
    if not ranked or ranked[0][1] < ENOUGH:
        return nothing
    best, score = ranked[0]
    rivals = [other for other, points in ranked[1:] if points > score - CLEARLY]
    finer = _finer(said, best)
    if finer:  # only parts of the door are known, and which of them is not said
        rivals = [one for one in rivals if _door(one) != _door(best)]
        return nothing if rivals else Match("door", "", best.division, score, tuple(ranked))
    rivals = [one for one in rivals if _door(one) != _door(best) or not _finer(said, one)]
    if rivals:
        return nothing
    whole = not any(getattr(said, part) and not getattr(best, part) for part in ("building", "unit", "room"))
    return Match("address" if whole else "door", best.code, best.division, score, tuple(ranked))


def _finer(said: Said, one: Candidate) -> int:
    """How many parts an address has that the text does not name."""
    return sum(1 for part in ("building", "unit", "room") if getattr(one, part) and not getattr(said, part))


def _door(one: Candidate) -> tuple[str, str, str, str]:
    return one.division, one.road, one.number, one.estate
