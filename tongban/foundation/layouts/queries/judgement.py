"""What was found of a file somebody brought, in the words of steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tongban.foundation.seals.queries import SealStatus
from tongban.foundation.trust.queries import Step, stands


@dataclass(frozen=True)
class SignedBy:
    """One signature: whose, when (proven by a time stamp or as it says itself), and whether it may be relied on. `seal`: as our register
    had it then; None where no seal of ours signed."""

    name: str
    at: datetime | None
    ok: bool | None
    seal: SealStatus | None = None


@dataclass
class Judgement:
    """`intact`: every signature's content is unchanged. `altered`: where it is not. `genuine` asks for all steps."""

    steps: list[Step] = field(default_factory=list)
    intact: bool = False
    altered: list[str] = field(default_factory=list)
    signers: list[SignedBy] = field(default_factory=list)
    identifier: str = ""
    copy_number: str = ""  # of a copy for one use (副本编号)

    @property
    def genuine(self) -> bool:
        """Signed by whom we know, in force then, and unchanged since."""
        return self.intact and bool(self.signers) and all(one.ok for one in self.signers)

    def say(self, name: str, ok: bool | None, words: str) -> None:
        self.steps.append(Step(name, ok, words))

    def altered_at(self, places: Iterable[str]) -> None:
        self.altered += [place for place in places if place not in self.altered]


def in_one(name: str, steps: list[Step]) -> Step:
    """Several steps as one: all that did not hold, or what the first says."""
    told = [str(step.words) for step in steps if step.ok is not True] or [str(step.words) for step in steps[:1]]
    return Step(name, stands(steps), "".join(told))
