"""The states of a case and every legal way from one to the next (行政许可法 arts. 32, 42, 45)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from .flow import ACCEPTING, Stage, next_stage
from .results import Result

ANSWER_DAYS = 5  # art. 32 (4): working days to accept, refuse or ask for corrections
ALL_CORRECTIONS_AT_ONCE = 1  # art. 32 (4): everything is told in one notice
EXTENSIONS = 1  # art. 42


class State(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RECEIVED = "received"
    CORRECTION = "correction"
    ACCEPTED = "accepted"
    REVIEWING = "reviewing"
    SUSPENDED = "suspended"
    DECIDED = "decided"
    CERTIFYING = "certifying"
    DELIVERING = "delivering"
    CLOSED = "closed"


BEFORE_ACCEPTANCE = frozenset({State.SUBMITTED, State.RECEIVED})
IN_FLOW = frozenset({State.ACCEPTED, State.REVIEWING})
UNDECIDED = BEFORE_ACCEPTANCE | IN_FLOW | {State.CORRECTION, State.SUSPENDED}
OPEN_STATES = tuple(state for state in State if state not in (State.DRAFT, State.CLOSED))
NEEDS_DECISION = frozenset({Result.GRANTED, Result.PARTLY, Result.REFUSED})
INSTANT = "1"  # 即办件


@dataclass(frozen=True)
class Move:
    """From where a verb may start and where it leads; `to` None stays, `result` is what closes the case."""

    start: frozenset[State]
    to: State | None = None
    result: Result | None = None


MOVES: dict[str, Move] = {
    "receive": Move(frozenset({State.SUBMITTED}), State.RECEIVED),
    "accept": Move(BEFORE_ACCEPTANCE, State.ACCEPTED),
    "refuse_acceptance": Move(BEFORE_ACCEPTANCE, State.CLOSED, Result.NOT_ACCEPTED),
    "transfer": Move(BEFORE_ACCEPTANCE, State.CLOSED, Result.TRANSFERRED),
    "ask_correction": Move(BEFORE_ACCEPTANCE, State.CORRECTION),
    "supply_correction": Move(frozenset({State.CORRECTION}), State.RECEIVED),
    "lapse": Move(frozenset({State.CORRECTION}), State.CLOSED, Result.LAPSED),
    "claim": Move(BEFORE_ACCEPTANCE | IN_FLOW | {State.DECIDED, State.CERTIFYING}),
    "review": Move(IN_FLOW, State.REVIEWING),
    "give_opinion": Move(IN_FLOW, State.REVIEWING),
    "send_back": Move(IN_FLOW, State.REVIEWING),
    "suspend": Move(IN_FLOW, State.SUSPENDED),
    "resume": Move(frozenset({State.SUSPENDED})),
    "extend": Move(IN_FLOW),
    "decide": Move(IN_FLOW, State.DECIDED),
    "certify": Move(frozenset({State.DECIDED}), State.CERTIFYING),
    "deliver": Move(frozenset({State.DECIDED, State.CERTIFYING}), State.DELIVERING),
    "close": Move(frozenset({State.DELIVERING}), State.CLOSED),
    "withdraw": Move(UNDECIDED, State.CLOSED, Result.WITHDRAWN),
    "terminate": Move(UNDECIDED, State.CLOSED, Result.TERMINATED),
    "void": Move(UNDECIDED, State.CLOSED, Result.VOID),
}

# The right each verb needs; `claim` needs that of the stage one takes.
RIGHTS: dict[str, str] = {
    "receive": "cases.receive",
    "accept": "cases.accept",
    "refuse_acceptance": "cases.refuse_acceptance",
    "transfer": "cases.transfer",
    "ask_correction": "cases.correct",
    "supply_correction": "cases.apply",
    "lapse": "cases.correct",
    "review": "cases.review",
    "give_opinion": "cases.review",
    "send_back": "cases.decide",
    "suspend": "cases.suspend",
    "resume": "cases.suspend",
    "extend": "cases.extend",
    "decide": "cases.decide",
    "certify": "cases.certify",
    "deliver": "cases.deliver",
    "close": "cases.close",
    "withdraw": "cases.withdraw",
    "terminate": "cases.terminate",
    "void": "cases.terminate",
}
STAGE_RIGHTS = {
    ACCEPTING: "cases.receive",
    "review": "cases.review",
    "decide": "cases.decide",
    "certify": "cases.certify",
    "deliver": "cases.deliver",
}


@dataclass(frozen=True)
class Standing:
    """All that the rules need to know about a case at one moment. `stage` is the key of the stage it is in."""

    stages: tuple[Stage, ...]
    state: State = State.SUBMITTED
    result: Result | None = None
    project_type: str = "2"
    stage: str = ACCEPTING
    open_parts: int = 0  # parts of this stage that are not done
    open_opinions: int = 0  # of these, the ones other departments owe
    reviewers: frozenset[Any] = frozenset()
    corrections: int = 0
    extensions: int = 0
    suspended_from: State | None = None
    promises_open: int = 0  # 容缺 materials not yet supplied
    unpaid: bool = False

    @property
    def kind(self) -> str:
        """What is done in the stage the case is in: `accept`, `review`, `decide`, `certify` or `deliver`."""
        return next((stage.kind for stage in self.stages if stage.key == self.stage), ACCEPTING)

    @property
    def is_open(self) -> bool:
        return self.state is not State.CLOSED

    @property
    def must_certify(self) -> bool:
        granted = self.result in (Result.GRANTED, Result.PARTLY)
        return granted and any(stage.kind == "certify" for stage in self.stages)


@dataclass(frozen=True)
class Given:
    """What the person who acts brings along: who he is and what he wrote."""

    by: Any = None
    result: Result | None = None
    reasons: str = ""
    supervisor_reason: str = ""
    has_document: bool = True
    today: date | None = None
    due_on: date | None = None
    extra: dict[str, Any] = field(default_factory=dict)


Check = Callable[[Standing, Given], bool]
# Each obstacle: when it stands in the way of a verb. Codes are explained to people in `errors.py`.
OBSTACLES: dict[str, list[tuple[str, Check]]] = {
    "refuse_acceptance": [("reasons_missing", lambda s, g: not g.reasons.strip())],
    "transfer": [("reasons_missing", lambda s, g: not g.reasons.strip())],
    "ask_correction": [
        # Guard (b): everything is told once; a second notice is a supervisor's to allow, and he says why.
        ("told_once", lambda s, g: s.corrections >= ALL_CORRECTIONS_AT_ONCE and not g.supervisor_reason.strip()),
    ],
    "review": [
        ("no_review_due", lambda s, g: s.kind != "review" or s.open_parts <= s.open_opinions),
    ],
    "give_opinion": [("no_opinion_due", lambda s, g: s.open_opinions == 0)],
    "send_back": [
        ("not_at_decision", lambda s, g: s.kind != "decide"),
        ("no_review_stage", lambda s, g: not any(stage.kind == "review" for stage in s.stages)),
        ("reasons_missing", lambda s, g: not g.reasons.strip()),
    ],
    "suspend": [
        ("reasons_missing", lambda s, g: not g.reasons.strip()),
        ("document_missing", lambda s, g: not g.has_document),  # art. 45: the time needed is told in writing
    ],
    "extend": [
        ("extended_before", lambda s, g: s.extensions >= EXTENSIONS),
        ("reasons_missing", lambda s, g: not g.reasons.strip()),
        ("too_late_to_extend", lambda s, g: bool(g.today and g.due_on and g.today > g.due_on)),
    ],
    "decide": [
        ("review_unfinished", lambda s, g: s.project_type != INSTANT and s.kind != "decide"),
        ("opinions_owed", lambda s, g: s.project_type == INSTANT and s.open_opinions > 0),
        ("result_unknown", lambda s, g: g.result not in NEEDS_DECISION),
        # Guard (d): a refusal, whole or in part, carries reasons.
        ("reasons_missing", lambda s, g: g.result in (Result.REFUSED, Result.PARTLY) and not g.reasons.strip()),
        # Guard (f): 审批分离. Whoever reviewed a 承诺件 does not decide it.
        ("reviewed_by_same", lambda s, g: s.project_type != INSTANT and g.by is not None and g.by in s.reviewers),
    ],
    "certify": [("nothing_to_certify", lambda s, g: not s.must_certify)],
    "deliver": [
        ("not_certified", lambda s, g: s.must_certify and s.state is State.DECIDED),
        ("unpaid", lambda s, g: s.result in (Result.GRANTED, Result.PARTLY) and s.unpaid),
        # 容缺后补: the result is not handed out before what was promised is there.
        ("promise_open", lambda s, g: s.result in (Result.GRANTED, Result.PARTLY) and s.promises_open > 0),
    ],
    "terminate": [("reasons_missing", lambda s, g: not g.reasons.strip())],
    "void": [("reasons_missing", lambda s, g: not g.reasons.strip())],
}
BY_TIME = frozenset({"lapse"})  # nobody chooses these
# What only the person's words decide, so it does not hide the verb before he has written them.
TOLD_LATER = frozenset({"reasons_missing", "document_missing", "result_unknown", "told_once"})


def obstacles(standing: Standing, verb: str, given: Given | None = None) -> list[str]:
    """Every reason why `verb` may not be done now, as codes; an empty list means it may."""
    move = MOVES[verb]
    found = [] if standing.state in move.start else ["wrong_state"]
    return found + [code for code, stands in OBSTACLES.get(verb, ()) if stands(standing, given or Given())]


def open_verbs(standing: Standing, by: Any = None) -> list[str]:
    """The verbs that could be done now by somebody with the rights, once he has written what they ask for."""
    return [
        verb for verb in MOVES if verb not in BY_TIME and not set(obstacles(standing, verb, Given(by=by))) - TOLD_LATER
    ]


def rights_for(standing: Standing, verb: str) -> tuple[str, ...]:
    """The rights of which one is needed for a verb in this standing."""
    own = STAGE_RIGHTS[standing.kind] if verb == "claim" else RIGHTS.get(verb, "")
    if verb == "ask_correction" and standing.corrections >= ALL_CORRECTIONS_AT_ONCE:
        return ("supervision.see",)  # the head of the department or a supervisor, who answers for asking twice
    if verb in ("claim", "review", "decide", "certify") and standing.project_type == INSTANT:
        return (own, "cases.accept")  # 即办件: one desk does it all
    return (own,) if own else ()


def _enter(standing: Standing, stage: Stage) -> Standing:
    opinions = sum(part.department != "self" for part in stage.parts) if stage.kind == "review" else 0
    parts = len(stage.parts) if stage.kind == "review" else 1
    return replace(standing, stage=stage.key, open_parts=parts, open_opinions=opinions)


def _accepted(standing: Standing, given: Given) -> Standing:
    return _enter(standing, standing.stages[0])


def _part_done(standing: Standing, given: Given) -> Standing:
    left = replace(
        standing,
        open_parts=standing.open_parts - 1,
        reviewers=standing.reviewers | ({given.by} if given.by is not None else frozenset()),
    )
    following = next_stage(standing.stages, standing.stage)
    return _enter(left, following) if left.open_parts == 0 and following else left


def _opinion_done(standing: Standing, given: Given) -> Standing:
    return _part_done(replace(standing, open_opinions=standing.open_opinions - 1), given)


def _sent_back(standing: Standing, given: Given) -> Standing:
    return _enter(standing, next(stage for stage in standing.stages if stage.kind == "review"))


def _decided(standing: Standing, given: Given) -> Standing:
    decided = replace(standing, result=given.result)
    kinds = ("certify", "deliver") if decided.must_certify else ("deliver",)
    return _enter(decided, next(stage for stage in standing.stages if stage.kind in kinds))


def _certified(standing: Standing, given: Given) -> Standing:
    return _enter(standing, next(stage for stage in standing.stages if stage.kind == "deliver"))


EFFECTS: dict[str, Callable[[Standing, Given], Standing]] = {
    "accept": _accepted,
    "ask_correction": lambda s, g: replace(s, corrections=s.corrections + 1),
    "review": _part_done,
    "give_opinion": _opinion_done,
    "send_back": _sent_back,
    "suspend": lambda s, g: replace(s, suspended_from=s.state),
    "resume": lambda s, g: replace(s, state=s.suspended_from or State.REVIEWING, suspended_from=None),
    "extend": lambda s, g: replace(s, extensions=s.extensions + 1),
    "decide": _decided,
    "certify": _certified,
}


def moved(standing: Standing, verb: str, given: Given | None = None) -> Standing:
    """The standing after `verb`; ask `obstacles` first."""
    move = MOVES[verb]
    effect = EFFECTS.get(verb)
    after = effect(standing, given or Given()) if effect else standing
    if move.to is State.CLOSED:
        return replace(
            after,
            state=State.CLOSED,
            result=move.result or after.result,
            suspended_from=None,
            open_parts=0,
            open_opinions=0,
        )
    return replace(after, state=move.to) if move.to else after


def silence_means_accepted(state: str, answer_due_on: date, today: date) -> bool:
    """Art. 32 (4): who was not answered by the end of the fifth working day is accepted as of the day of receipt."""
    return state in BEFORE_ACCEPTANCE and today > answer_due_on
