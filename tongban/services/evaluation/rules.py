"""好差评: who may rate, when, and how figures are made. 国办发〔2019〕51号; GB/T 39734-2020, GB/T 39735-2020."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_TEXT = 500
STARS = (5, 4, 3, 2, 1)
BAD = frozenset({1, 2})  # 差评
NEVER_RATED = frozenset({"void"})  # a case opened by mistake was no service

# The states of the rectification loop (差评整改) and the ways between them.
LOOP: dict[str, frozenset[str]] = {
    "new": frozenset({"assigned"}),
    "assigned": frozenset({"verifying"}),
    "verifying": frozenset({"valid", "invalid_requested"}),
    "invalid_requested": frozenset({"invalid", "valid"}),
    "invalid": frozenset({"closed", "appealed"}),
    "valid": frozenset({"rectifying"}),
    "rectifying": frozenset({"replied", "long_term"}),
    "long_term": frozenset({"replied"}),
    "replied": frozenset({"reviewed", "rectifying"}),
    "reviewed": frozenset({"closed"}),
    "appealed": frozenset({"closed", "rectifying"}),
    "closed": frozenset(),
}


def is_bad(stars: int) -> bool:
    return stars in BAD


def why_not_rate(*, closed_on: date | None, result: str, today: date, days: int, rated: bool) -> list[str]:
    """Every reason why a case cannot be rated: `not_closed`, `nothing_to_rate`, `too_late`, `rated_before`.

    The day of closing is not counted; the last day counts whole.
    """
    late = closed_on is not None and today > closed_on + timedelta(days=days)
    reasons = {
        "not_closed": closed_on is None,
        "nothing_to_rate": result in NEVER_RATED,
        "too_late": late and not rated,
        "rated_before": rated,
    }
    return [reason for reason, applies in reasons.items() if applies]


def why_not_supplement(*, rated_on: date | None, today: date, days: int, supplemented: bool) -> list[str]:
    """Every reason why a rating cannot be supplemented (追评): `not_rated`, `too_late`, `supplemented_before`."""
    late = rated_on is not None and today > rated_on + timedelta(days=days)
    reasons = {
        "not_rated": rated_on is None,
        "too_late": late and not supplemented,
        "supplemented_before": supplemented,
    }
    return [reason for reason, applies in reasons.items() if applies]


def faults_of(
    *, stars: int | None, reasons: Iterable[str], text: str, known: Mapping[str, int]
) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with what was given. `known` maps each reason code to its stars."""
    faults = [
        ("stars", "stars_missing", stars not in STARS),
        ("reasons", "reason_of_another_level", stars in STARS and any(known.get(code) != stars for code in reasons)),
        ("text", "text_too_long", len(text) > LONGEST_TEXT),
    ]
    return [(field, code) for field, code, wrong in faults if wrong]


@dataclass(frozen=True)
class Figures:
    """How services were rated. Cases nobody rated are counted apart, never as praise."""

    closed: int = 0  # cases that could be rated
    by_stars: tuple[int, int, int, int, int] = (0, 0, 0, 0, 0)  # five stars first

    @property
    def rated(self) -> int:
        return sum(self.by_stars)

    @property
    def unrated(self) -> int:
        return max(self.closed - self.rated, 0)

    @property
    def bad(self) -> int:
        return self.by_stars[3] + self.by_stars[4]

    @property
    def rated_share(self) -> float | None:
        """主动评价率: rated by the applicant himself, of all that could be. None when there was nothing to rate."""
        return self.rated / self.closed if self.closed else None

    @property
    def good_share(self) -> float | None:
        """好评率 = (5 + 4 + 3 stars) / rated. None when nobody rated: no figure is better than a flattering one."""
        return 1 - self.bad / self.rated if self.rated else None

    def __add__(self, other: Figures) -> Figures:
        stars = tuple(mine + theirs for mine, theirs in zip(self.by_stars, other.by_stars, strict=True))
        return Figures(self.closed + other.closed, stars)  # type: ignore[arg-type]
