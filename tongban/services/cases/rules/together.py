"""How colleagues work on one case: who may be given it, who is still asked, what can be taken back, who may urge how often.

转办, 会签, 加签, 撤回 and 催办 are words of office practice, not of law; 移送 has its ground in 行政许可法 art. 32 (2).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from .states import INSTANT, STAGE_RIGHTS, Standing

ALL, MOST = "all", "most"
MOST_ASKED = 10  # in one round; more is a meeting
URGES_A_DAY = {"applicant": 1, "staff": 3}  # about one case
# What was only passed on from one desk to the next. What the applicant holds in writing is not taken back but decided anew.
PASSED_ON = frozenset({"review", "give_opinion", "sign", "send_back", "reassign", "offer_transfer"})
# What is signed in the city's name: whoever does it has lately proved who he is.
SIGNED = frozenset({"decide", "certify", "terminate", "void"})
LEAVES_IN_PLACE = frozenset({"urge", "supply_promised", "promise_broken"})  # these do not count as the next one acting
MOST_OFFERS = 3  # after so many departments have sent it back, the applicant is answered


def fits(standing: Standing, who: Any, able: Collection[Any]) -> list[str]:
    """Why somebody cannot be given the case in this stage; `able` are those whose post holds the stage's right."""
    found = [] if who in able else ["not_fitting"]
    if standing.kind == "decide" and standing.project_type != INSTANT and who in standing.reviewers:
        found.append("reviewed_by_same")
    return found


def stage_rights(standing: Standing) -> tuple[str, ...]:
    """The rights of which a holder needs one."""
    own = STAGE_RIGHTS[standing.kind]
    return (own, "cases.accept") if standing.project_type == INSTANT else (own,)


def asking_faults(
    standing: Standing,
    *,
    named: Collection[Any],
    departments: int,
    asker: Collection[Any],
    waiting: Collection[Any],
    fit: Collection[Any],
    deciders: Collection[Any],
    rule: str = ALL,
) -> list[str]:
    """Everything that is wrong with a round of opinions.

    `waiting` are those asked already, `fit` those whose post may give one, `deciders` who may decide this case as things are.
    """
    bars_deciding = standing.kind == "review" and standing.project_type != INSTANT
    faults = {
        "nobody_named": not named and not departments,
        "too_many": len(named) + departments > MOST_ASKED,
        "asked_oneself": any(who in asker for who in named),
        "asked_before": any(who in waiting for who in named),
        "not_fitting": any(who not in fit for who in named),
        "no_rule": rule not in (ALL, MOST),
        # Whoever gives an opinion on a review can no longer decide: somebody must be left who can.
        "last_decider": bars_deciding and bool(deciders) and set(deciders) <= set(named) | set(waiting),
    }
    return [code for code, stands in faults.items() if stands]


def enough(rule: str, asked: int, answered: int) -> bool:
    """Whether a round has its answer: all of them, or more than half where that was the rule."""
    return answered * 2 > asked if rule == MOST else answered >= asked


@dataclass(frozen=True)
class Happened:
    """A line of the time line, as far as it matters to whoever would take something back."""

    verb: str
    names: frozenset[Any]
    can_be_undone: bool = False


def taken_back(line: Iterable[Happened], who: Collection[Any]) -> list[str]:
    """Why the last thing that happened (`line`: the latest first) cannot be taken back by `who`; empty when it can."""
    last = next((event for event in line if event.verb not in LEAVES_IN_PLACE), None)
    if last is None or not last.names & set(who):
        return ["not_the_last"]  # the next one has acted, or it was never his
    return [] if last.verb in PASSED_ON and last.can_be_undone else ["not_passed_on"]


def urged_too_often(kind: str, times_today: int) -> bool:
    return times_today >= URGES_A_DAY[kind]


def transfer_faults(*, here: Any, to: Any, has_staff: bool, sent_back_by: Collection[Any]) -> list[str]:
    """Why a department cannot be asked to take a case over (移送): only one that works here and has not said no before."""
    faults = {
        "same_department": to == here,
        "no_such_department": to is None or not has_staff,
        "sent_back_before": to in sent_back_by,
        "offered_enough": len(sent_back_by) >= MOST_OFFERS,
    }
    return [code for code, stands in faults.items() if stands]
