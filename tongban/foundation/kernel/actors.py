"""Who is acting, in which capacity, and what he may do: a right is (verb, scope)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from .errors import NotAllowed, NotCleared, NotSignedIn, ProofNeeded
from .grades import HIGHLY_SENSITIVE, PUBLIC

if TYPE_CHECKING:
    from uuid import UUID


class Scope(IntEnum):
    """How far a right reaches. Each contains the ones before it."""

    OWN = 1  # what one applied for oneself, or is the holder of
    DEPARTMENT = 2
    DIVISION = 3  # one's own division and all below it
    ALL = 4


@dataclass(frozen=True)
class Actor:
    """A person, a company through a person, a member of staff at a post, a system, or nobody (`ANONYMOUS`).

    `kind` is `anonymous`, `person`, `company`, `staff` or `system`. `grants` maps verbs such as `cases.accept` to a scope.
    `level` is the assurance level 0–4 of the account behind it, `clearance` its label, which the security administrator sets.
    """

    kind: str = "anonymous"
    account_id: UUID | None = None
    person_id: UUID | None = None
    company_id: UUID | None = None
    post_id: UUID | None = None
    department_id: UUID | None = None
    division: str = ""  # 12 digits
    roles: frozenset[str] = frozenset()
    grants: Mapping[str, Scope] = field(default_factory=lambda: MappingProxyType({}), hash=False, compare=False)
    level: int = 0
    clearance: int = PUBLIC  # the highest grade of data he may see (kernel/grades)
    name: str = ""  # for showing to the actor himself and to colleagues; never logged
    counter: tuple[str, str] | None = None  # the hall and the number of the window his post works at
    for_account_id: UUID | None = None  # whose post it is, when a deputy acts (代理); the deputy is `account_id`
    factors: tuple[str, ...] = ()  # how he showed in this session who he is: `password`, `totp`, `webauthn` …
    # Whether that was too long ago for a binding step. None for systems and commands, which are nobody's hand.
    proof_is_old: Callable[[], bool] | None = field(default=None, hash=False, compare=False)

    @property
    def seat_id(self) -> UUID | None:
        """Whose work this is: the holder of the post, even while a deputy does it."""
        return self.for_account_id or self.account_id

    @property
    def names(self) -> frozenset[UUID]:
        """Everybody who answers for what this actor does: the deputy, and whom he acts for."""
        return frozenset(account for account in (self.account_id, self.for_account_id) if account)

    @property
    def signed_in(self) -> bool:
        return self.kind != "anonymous"

    @property
    def applicant_id(self) -> UUID | None:
        """The person or company in whose name this actor applies."""
        return self.company_id or self.person_id

    def scope(self, verb: str) -> Scope | None:
        return self.grants.get(verb)


ANONYMOUS = Actor()


def covers(division: str, other: str) -> bool:
    """Whether a 12-digit division is, or lies above, another one. `000000000000` is the whole country."""
    for digits in (0, 2, 4, 6, 9, 12):
        if not division[digits:].strip("0"):
            return other[:digits] == division[:digits]
    return False


def may(actor: Actor, verb: str, *, grade: int = PUBLIC, **thing: Any) -> bool:
    """Whether `actor` may do `verb` to data of this grade that belong to this owner, department and division."""
    return has_right(actor, verb, **thing) and grade <= actor.clearance


def has_right(
    actor: Actor,
    verb: str,
    *,
    owner_id: Any = None,
    department_id: Any = None,
    division: str | None = None,
) -> bool:
    """The same, whatever the grade."""
    scope = actor.scope(verb)
    if scope is None:
        return False
    if scope is Scope.ALL:
        return True
    if scope is Scope.DIVISION and division is not None and covers(actor.division, division):
        return True
    if scope >= Scope.DEPARTMENT and department_id is not None and department_id == actor.department_id:
        return True
    return owner_id is not None and owner_id in (actor.applicant_id, actor.account_id)


def permit(actor: Actor, verb: str, *, grade: int = PUBLIC, **thing: Any) -> None:
    """The first beat of every action: raise `NotSignedIn`, `NotAllowed` or `NotCleared` unless `may`.

    `grade` is the label of the data that are looked at or changed; whoever looks at what is his own is not asked for one.
    """
    if not actor.signed_in:
        raise NotSignedIn
    if not has_right(actor, verb, **thing):
        raise NotAllowed(verb=verb)
    if grade > actor.clearance:
        raise NotCleared(verb=verb, grade=grade)


def require_proof(actor: Actor) -> None:
    """After `permit`, in actions that sign, seal, authorise, take personal data away or change secrets: raise `ProofNeeded` unless
    whoever acts has lately shown again who he is."""
    if actor.proof_is_old is not None and actor.proof_is_old():
        raise ProofNeeded


def installer(*verbs: str) -> Actor:
    """The actor of set-up commands run on the machine itself: holds exactly these verbs, everywhere."""
    return Actor(kind="system", grants=MappingProxyType(dict.fromkeys(verbs, Scope.ALL)), level=4, name="installer",
                 clearance=HIGHLY_SENSITIVE)  # fmt: skip
