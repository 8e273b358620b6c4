"""The life of a seal (电子印章管理办法: 申请, 制作, 备案, 使用, 停用, 变更, 注销), and when it may be put on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# approved → made → in use ↔ suspended; cancelled for ever. A seal is entered in the register when it comes into use.
MOVES: Mapping[str, frozenset[str]] = {
    "approved": frozenset({"made", "cancelled"}),
    "made": frozenset({"in_use", "cancelled"}),
    "in_use": frozenset({"suspended", "cancelled"}),
    "suspended": frozenset({"in_use", "cancelled"}),
    "cancelled": frozenset(),
}
STANDING = frozenset({"approved", "made", "in_use", "suspended"})  # of these a department has one with the same words

# Who must agree before the seal is put on something: the decision itself, one other person, or two.
CONTROLS: Mapping[str, int] = {"decision": 1, "one": 1, "two": 2}
MOST_COPIES = 200
APPROVAL_LASTS = timedelta(days=7)
VALID_FOR_YEARS = 5
SHORTEST_REASON, LONGEST_REASON = 4, 200


def may_become(state: str, after: str) -> bool:
    return after in MOVES.get(state, frozenset())


def is_reason(text: str) -> bool:
    return SHORTEST_REASON <= len(text.strip()) <= LONGEST_REASON


def needs_approval(control: str, *, automatic: bool) -> bool:
    """What an officer stamps by hand another approves; what follows from a decision needs no second one, unless the seal says so."""
    return not (automatic and control == "decision")


def is_approved(control: str, approvers: Iterable[Any]) -> bool:
    """Enough different persons have agreed."""
    return len(set(approvers)) >= CONTROLS[control]


def request_faults(*, title: str, purpose: str, copies: int, digest: str) -> list[tuple[str, str]]:
    """Every (field, code) that is wrong with a request to use a seal."""
    faults = {
        "title": ("title", not 2 <= len(title) <= 100),
        "purpose": ("purpose", not is_reason(purpose)),
        "copies": ("copies", not 1 <= copies <= MOST_COPIES),
        "document": ("document", len(digest) != 64),
    }
    return [(field, code) for code, (field, stands) in faults.items() if stands]


@dataclass(frozen=True)
class Approved:
    """What was agreed to: so many copies of one document until a moment."""

    state: str
    copies: int
    used: int
    until: datetime | None
    digest: str


def approval_faults(approved: Approved | None, *, at: datetime, digest: str) -> list[str]:
    """Why an approval does not cover putting the seal on this document now."""
    if approved is None:
        return ["not_asked"]
    faults = {
        "not_approved": approved.state not in ("approved", "used"),
        "late": approved.until is not None and at > approved.until,
        "used_up": approved.used >= approved.copies,
        "other_document": approved.digest != digest,
    }
    return [code for code, stands in faults.items() if stands]


@dataclass(frozen=True)
class Spell:
    """A time in which a seal was in one state; `until` is None while it lasts."""

    state: str
    since: datetime
    until: datetime | None


def state_at(spells: Iterable[Spell], at: datetime) -> str:
    """The state a seal was in at a moment; empty before it was registered at all."""
    return next(
        (spell.state for spell in spells if spell.since <= at and (spell.until is None or at < spell.until)), ""
    )
