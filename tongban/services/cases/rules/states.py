"""The states of a case and every legal way from one to the next (行政许可法 arts. 32, 42, 45)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from .flow import ACCEPTING, Stage, next_stage, ways_back
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
OPEN = frozenset(OPEN_STATES)
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
    # What people do with one another on the way; the case stays in its state.
    "reassign": Move(OPEN),
    "ask_opinions": Move(IN_FLOW),
    "add_signer": Move(IN_FLOW),
    "sign": Move(IN_FLOW),
    "excuse": Move(IN_FLOW),
    "take_back": Move(OPEN),
    "urge": Move(OPEN - {State.CORRECTION}),
    "offer_transfer": Move(BEFORE_ACCEPTANCE),
    "take_over": Move(BEFORE_ACCEPTANCE),
    "return_transfer": Move(BEFORE_ACCEPTANCE),
}

# The right each verb needs; those of `OF_THE_STAGE` need that of the stage the case is in.
OF_THE_STAGE = frozenset({"claim", "send_back", "reassign", "ask_opinions", "add_signer", "excuse"})
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
    "sign": "cases.sign",
    "urge": "cases.urge",
    "offer_transfer": "cases.transfer",
    "take_over": "cases.transfer",
    "return_transfer": "cases.transfer",
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

    stages: tuple[Stage, ...] = field(hash=False)  # the same ones all through a search: not worth hashing each time
    state: State = State.SUBMITTED
    result: Result | None = None
    project_type: str = "2"
    stage: str = ACCEPTING
    open_parts: int = 0  # parts of this stage that are not done
    open_opinions: int = 0  # of these, the ones other departments owe
    open_asked: int = 0  # opinions asked for beside the flow (会签, 加签) and not yet given
    offered: bool = False  # to another department, which has not answered (移送)
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
    for_: Any = None  # whom a deputy acts for
    to: str = ""  # the stage it goes back to; empty is the nearest
    asked: int = 1  # opinions that are asked for, or settled by this one

    @property
    def names(self) -> frozenset[Any]:
        return frozenset(name for name in (self.by, self.for_) if name is not None)


Check = Callable[[Standing, Given], bool]
# Each obstacle: when it stands in the way of a verb. Codes are explained to people in `errors.py`.
NO_REASONS: tuple[str, Check] = ("reasons_missing", lambda s, g: not g.reasons.strip())
# Another department has been asked to take it over: until it answers, or the offer is taken back, nobody else acts.
OFFERED: tuple[str, Check] = ("offered_elsewhere", lambda s, g: s.offered)
NOT_OFFERED: tuple[str, Check] = ("not_offered", lambda s, g: not s.offered)
ASKED: tuple[str, Check] = ("signers_missing", lambda s, g: s.open_asked > 0)
NOBODY_ASKED: tuple[str, Check] = ("nobody_asked", lambda s, g: s.open_asked == 0)
OBSTACLES: dict[str, list[tuple[str, Check]]] = {
    "claim": [OFFERED],
    "receive": [OFFERED],
    "accept": [OFFERED],
    "refuse_acceptance": [OFFERED, NO_REASONS],
    "transfer": [OFFERED, NO_REASONS],
    "offer_transfer": [OFFERED, NO_REASONS],
    "take_over": [NOT_OFFERED],
    "return_transfer": [NOT_OFFERED, NO_REASONS],
    "reassign": [OFFERED, NO_REASONS],
    "ask_opinions": [NO_REASONS],
    "add_signer": [NO_REASONS],
    "sign": [NOBODY_ASKED],
    "excuse": [NOBODY_ASKED, NO_REASONS],
    "ask_correction": [
        OFFERED,
        # Guard (b): everything is told once; a second notice is a supervisor's to allow, and he says why.
        ("told_once", lambda s, g: s.corrections >= ALL_CORRECTIONS_AT_ONCE and not g.supervisor_reason.strip()),
    ],
    "review": [
        ASKED,
        ("no_review_due", lambda s, g: s.kind != "review" or s.open_parts <= s.open_opinions),
    ],
    "give_opinion": [("no_opinion_due", lambda s, g: s.open_opinions == 0)],
    "send_back": [
        ("no_earlier_stage", lambda s, g: not ways_back(s.stages, s.stage)),
        (
            "stage_unknown",
            lambda s, g: bool(g.to) and g.to not in {stage.key for stage in ways_back(s.stages, s.stage)},
        ),
        NO_REASONS,
    ],
    "suspend": [
        NO_REASONS,
        ("document_missing", lambda s, g: not g.has_document),  # art. 45: the time needed is told in writing
    ],
    "extend": [
        ("extended_before", lambda s, g: s.extensions >= EXTENSIONS),
        NO_REASONS,
        ("too_late_to_extend", lambda s, g: bool(g.today and g.due_on and g.today > g.due_on)),
    ],
    "decide": [
        ("review_unfinished", lambda s, g: s.project_type != INSTANT and s.kind != "decide"),
        ("opinions_owed", lambda s, g: s.project_type == INSTANT and s.open_opinions > 0),
        ASKED,
        ("result_unknown", lambda s, g: g.result not in NEEDS_DECISION),
        # Guard (d): a refusal, whole or in part, carries reasons.
        ("reasons_missing", lambda s, g: g.result in (Result.REFUSED, Result.PARTLY) and not g.reasons.strip()),
        # Guard (f): 审批分离. Whoever reviewed a 承诺件, himself or through a deputy, neither decides it nor has it decided for him.
        ("reviewed_by_same", lambda s, g: s.project_type != INSTANT and bool(g.names & s.reviewers)),
    ],
    "certify": [("nothing_to_certify", lambda s, g: not s.must_certify)],
    "deliver": [
        ("not_certified", lambda s, g: s.must_certify and s.state is State.DECIDED),
        ("unpaid", lambda s, g: s.result in (Result.GRANTED, Result.PARTLY) and s.unpaid),
        # 容缺后补: the result is not handed out before what was promised is there.
        ("promise_open", lambda s, g: s.result in (Result.GRANTED, Result.PARTLY) and s.promises_open > 0),
    ],
    "terminate": [NO_REASONS],
    "void": [NO_REASONS],
}
BY_TIME = frozenset({"lapse"})  # nobody chooses these
# What only the person's words decide, so it does not hide the verb before he has written them.
TOLD_LATER = frozenset({"reasons_missing", "document_missing", "result_unknown", "told_once", "stage_unknown"})


def obstacles(standing: Standing, verb: str, given: Given | None = None) -> list[str]:
    """Every reason why `verb` may not be done now, as codes; an empty list means it may."""
    move = MOVES[verb]
    found = [] if standing.state in move.start else ["wrong_state"]
    return found + [code for code, stands in OBSTACLES.get(verb, ()) if stands(standing, given or Given())]


def open_verbs(standing: Standing, by: Any = None, for_: Any = None) -> list[str]:
    """The verbs that could be done now by somebody with the rights, once he has written what they ask for."""
    given = Given(by=by, for_=for_)
    return [verb for verb in MOVES if verb not in BY_TIME and not set(obstacles(standing, verb, given)) - TOLD_LATER]


def rights_for(standing: Standing, verb: str) -> tuple[str, ...]:
    """The rights of which one is needed for a verb in this standing."""
    own = STAGE_RIGHTS[standing.kind] if verb in OF_THE_STAGE else RIGHTS.get(verb, "")
    if verb == "ask_correction" and standing.corrections >= ALL_CORRECTIONS_AT_ONCE:
        return ("supervision.see",)  # the head of the department or a supervisor, who answers for asking twice
    if (verb in OF_THE_STAGE or verb in ("review", "decide", "certify")) and standing.project_type == INSTANT:
        return (own, "cases.accept")  # 即办件: one desk does it all
    return (own,) if own else ()


def _enter(standing: Standing, stage: Stage) -> Standing:
    opinions = sum(part.department != "self" for part in stage.parts) if stage.kind == "review" else 0
    parts = len(stage.parts) if stage.kind == "review" else 1
    return replace(standing, stage=stage.key, open_parts=parts, open_opinions=opinions, open_asked=0)


def _accepted(standing: Standing, given: Given) -> Standing:
    return _enter(standing, standing.stages[0])


def _part_done(standing: Standing, given: Given) -> Standing:
    return _passed_on(replace(standing, open_parts=standing.open_parts - 1, reviewers=standing.reviewers | given.names))


def _passed_on(standing: Standing) -> Standing:
    """A review ends with its last part, but not before everybody who was asked beside it has answered or is let off."""
    following = next_stage(standing.stages, standing.stage)
    is_over = standing.kind == "review" and standing.open_parts == 0 and standing.open_asked == 0
    return _enter(standing, following) if is_over and following else standing


def _opinion_done(standing: Standing, given: Given) -> Standing:
    return _part_done(replace(standing, open_opinions=standing.open_opinions - 1), given)


def _sent_back(standing: Standing, given: Given) -> Standing:
    targets = {stage.key: stage for stage in ways_back(standing.stages, standing.stage)}
    return _enter(standing, targets.get(given.to) or next(reversed(targets.values())))


def _signed(standing: Standing, given: Given) -> Standing:
    """Who gave an opinion on a review took part in it, whether the flow or a colleague asked him."""
    took_part = given.names if standing.kind == "review" else frozenset()
    return _answered(replace(standing, reviewers=standing.reviewers | took_part), given)


def _answered(standing: Standing, given: Given) -> Standing:
    return _passed_on(replace(standing, open_asked=max(standing.open_asked - given.asked, 0)))


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
    "ask_opinions": lambda s, g: replace(s, open_asked=s.open_asked + g.asked),
    "add_signer": lambda s, g: replace(s, open_asked=s.open_asked + 1),
    "sign": _signed,
    "excuse": _answered,
    "offer_transfer": lambda s, g: replace(s, offered=True),
    "take_over": lambda s, g: replace(s, offered=False),
    "return_transfer": lambda s, g: replace(s, offered=False),
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
            open_asked=0,
            offered=False,
        )
    return replace(after, state=move.to) if move.to else after


def silence_means_accepted(state: str, answer_due_on: date, today: date) -> bool:
    """Art. 32 (4): who was not answered by the end of the fifth working day is accepted as of the day of receipt."""
    return state in BEFORE_ACCEPTANCE and today > answer_due_on
