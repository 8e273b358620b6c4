"""How often a thing may be done, how much of that one process draws at once, and what is worth remembering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

KEPT_DAYS = 180  # 网络安全法 art. 21 (3): logs for no less than six months

# What may be noted, and what it means.
KINDS = (
    "sign_in",  # a wrong password, or a name nobody has
    "second_factor",  # a wrong code
    "key",  # a key of a system that is none
    "refused",  # signed in, and no right to it (403)
    "others_id",  # asked for a thing by its id, and it is not there for him (404)
    "signature",  # brought a paper or code that claims to be ours and is not as it was signed
    "limit",  # asked too often
)
SMALL = 200  # a limit below this is counted call by call
SHARES = 100


class Limit(NamedTuple):
    """So many calls in so many seconds, and why."""

    calls: int
    seconds: int
    reason: str


def share_of(limit: Limit) -> int:
    """How many calls a process draws at once."""
    return 1 if limit.calls < SMALL else limit.calls // SHARES


@dataclass
class Drawn:
    """What this process holds of one caller's window."""

    ends: float  # by the process's own clock
    total: int  # drawn by all processes together, when last asked
    left: int  # of ours, not used yet


@dataclass(frozen=True)
class Count:
    """Calls of this caller in his window, this one included, as far as this process knows; seconds until the window is over."""

    calls: int
    limit: int
    reset: int

    @property
    def is_over(self) -> bool:
        return self.calls > self.limit

    @property
    def left(self) -> int:
        return max(self.limit - self.calls, 0)
