"""Which standard address a text means. Only what is clear is settled: whatever is not stays with the person who asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process

from .addresses import Said

MATCHER = 2  # raised with every change of what these rules answer; stands beside every answer
ENOUGH, CLEARLY = 0.8, 0.08  # score to be settled, and how far ahead of the next
LIKE, MUCH_LIKE = (
    60,
    74,
)  # of 100: a road spelt so far otherwise may be offered; may be settled, where the street is named as well
FORMER, SOUNDS, NEARLY = (
    0.98,
    0.95,
    0.82,
)  # what an old name of a road, one that sounds the same, and one much like it are worth
MOST_ROADS = 12
_WHICH = frozenset("东南西北中上下内外前后新老一二三四五六七八九十")  # 建安东路 is no misspelt 建安西路


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
    former: str = ""


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
    if _differ(said, one) or (said.estate and one.estate and said.estate != one.estate):
        return 0.0
    by_name = (
        bool(said.estate) and said.estate == one.estate
    )  # a compound is known by its name alone, a village's group is not
    if said.number != one.number and not (by_name and not said.number and not said.estate[0].isdigit()):
        return 0.0
    if not said.road and not (by_name and (said.division or not one.estate[0].isdigit())):
        return 0.0
    apart = said.division and not (one.division.startswith(said.division) or said.division.startswith(one.division))
    score = _alike(said.road, one, sure=len(said.division) >= 9 and not apart) if said.road else 1.0
    if apart:
        score *= 0.85 if said.division[:9] == one.division[:9] else 0.5
    missing = sum(1 for part in ("building", "unit", "room") if getattr(said, part) and not getattr(one, part))
    return round(max(score - 0.15 * missing - (0.2 if said.unread else 0), 0.0), 4)


def _alike(road: str, one: Candidate, *, sure: bool) -> float:
    """How far a road that was written is the candidate's; `sure`: the text names its street or village, too."""
    if road == one.road:
        return 1.0
    if road == one.former:
        return FORMER
    if sound(road) == sound(one.road):
        return SOUNDS
    alike = fuzz.ratio(road, one.road)
    if {*road} & _WHICH and {*one.road} & _WHICH and {*road} & _WHICH != {*one.road} & _WHICH:
        alike /= 2
    if sure and alike >= MUCH_LIKE:
        return NEARLY
    return alike / 100 * 0.9 if alike >= LIKE else 0.0


@lru_cache(maxsize=20_000)
def sound(road: str) -> str:
    return " ".join(lazy_pinyin(road))


def near(road: str, known: frozenset[str]) -> list[str]:
    """The road itself where there is one of that name, else those that sound the same or are spelt much like it."""
    if not road or road in known:
        return [road] if road else []
    same = [one for one in known if sound(one) == sound(road)]
    like = process.extract(road, known, limit=MOST_ROADS, score_cutoff=LIKE)
    return same + [one for one, _score, _at in like if one not in same]


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
