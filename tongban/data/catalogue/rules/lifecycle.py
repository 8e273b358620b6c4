"""States of an entry as published catalogues count them (0 made … 7 deleted), and who may take the next step."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

MADE, IN_REVIEW, REFUSED, PUBLISHED, LEAVING, STAYS, WITHDRAWN, DELETED = "01234567"
SEEN_BY_ALL = frozenset({PUBLISHED, LEAVING, STAYS})  # what awaits withdrawal still holds
PUBLISH, WITHDRAW = "publish", "withdraw"
DEPARTMENT, PLATFORM = "department", "platform"  # the two steps of a review, in this order


def after_handing_in(life: str, act: str) -> str:
    """A revision of what is published changes nothing until it is agreed to."""
    if act == WITHDRAW:
        return LEAVING
    return life if life in SEEN_BY_ALL else IN_REVIEW


def after_agreeing(act: str) -> str:
    return WITHDRAWN if act == WITHDRAW else PUBLISHED


def after_refusing(life: str, act: str) -> str:
    if act == WITHDRAW:
        return STAYS
    return life if life in SEEN_BY_ALL else REFUSED


def after_recalling(before: str, act: str) -> str:
    """What it was before it was handed in; one that was never published is being written again."""
    if act == WITHDRAW:
        return PUBLISHED
    return before if before in SEEN_BY_ALL | {WITHDRAWN} else MADE


def may_answer(who: Iterable[UUID], *, wrote: Iterable[UUID], answered: Iterable[UUID]) -> bool:
    """Four eyes, and then six: nobody answers what he wrote or answered already, nor does his deputy."""
    return not set(who) & {*wrote, *answered}
