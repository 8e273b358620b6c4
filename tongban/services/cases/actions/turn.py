"""One verb taken on one case: permit, lock, ask the rules; then change, move on, write down, tell the applicant."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.audit.actions import record
from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.kernel.actors import may, permit, require_proof
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import department_by_name
from tongban.services.cases.errors import refusal_of
from tongban.services.cases.models import Case, CaseEvent, CaseStep
from tongban.services.cases.queries import counter_of, standing_of
from tongban.services.cases.queries.seen import HEAVY
from tongban.services.cases.rules import (
    ACCEPTING,
    PASSED_ON,
    SIGNED,
    Given,
    Part,
    Standing,
    State,
    higher,
    lamp_of_day,
    moved,
    obstacles,
    rights_for,
)
from tongban.services.items.queries import content_of
from tongban.services.payments.actions import end_bill

from .filing import admit_departments
from .notices import tell
from .signatures import sign_act

if TYPE_CHECKING:
    from tongban.foundation.clocks.models import Clock
    from tongban.foundation.kernel.actors import Actor

FACTS = {
    "receive": "received",
    "accept": "accepted",
    "refuse_acceptance": "not_accepted",
    "transfer": "transferred",
    "ask_correction": "correction_asked",
    "supply_correction": "correction_supplied",
    "lapse": "lapsed",
    "claim": "claimed",
    "review": "reviewed",
    "give_opinion": "opinion_given",
    "send_back": "sent_back",
    "suspend": "suspended",
    "resume": "resumed",
    "extend": "extended",
    "decide": "decided",
    "certify": "certified",
    "deliver": "delivered",
    "close": "closed",
    "withdraw": "withdrawn",
    "terminate": "terminated",
    "void": "voided",
    "reassign": "reassigned",
    "ask_opinions": "opinions_asked",
    "add_signer": "signer_added",
    "sign": "signed",
    "excuse": "excused",
    "take_back": "taken_back",
    "urge": "urged",
    "offer_transfer": "transfer_offered",
    "take_over": "taken_over",
    "return_transfer": "transfer_returned",
}
# Where a case was: what is written beside a step that may still be taken back.
PLACE = ("state", "stage_key", "stage_name", "holder_department_id", "holder_account_id", "urgent_on")
FINISHES_ITS_STAGE = frozenset({"decide", "certify", "close"})
STAGE_NAMES = {ACCEPTING: "受理", State.CLOSED: "办结"}


@dataclass
class Turn:
    """A case locked for one verb that nothing stands in the way of."""

    actor: Actor
    case: Case
    verb: str
    given: Given
    standing: Standing
    content: dict[str, Any]
    at: datetime
    on: date
    step: CaseStep | None = None


@dataclass(frozen=True)
class Outcome:
    """What a verb brings with it beside the move: columns, the clock that runs now, words, papers, a message."""

    columns: dict[str, Any] = field(default_factory=dict)
    clock: Clock | None = None
    urgent_on: date | None = None
    note: str = ""
    until: date | None = None
    letter_id: UUID | None = None
    public: bool = True
    event: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)  # what is signed, beside the note
    step_id: UUID | None = None
    notice: str = ""
    words: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] | None = None


def given_by(actor: Actor, **words: Any) -> Given:
    """What the actor brings along, in his own name and in that of whom he acts for."""
    return Given(by=actor.account_id, for_=actor.for_account_id, **words)


def place_of(case: Case) -> dict[str, Any]:
    """Where a case is, so that it can be put back there."""
    return {name: str(value) if (value := getattr(case, name)) is not None else None for name in PLACE}


def locked(case_id: UUID | str) -> Case:
    """The case, locked to the end of the transaction, without the columns a step never needs."""
    return find(Case.objects.select_for_update().defer(*HEAVY), pk=case_id)


def begin(actor: Actor, case_id: UUID | str, verb: str, given: Given, *, departments: list[UUID] | None = None) -> Turn:
    """Permit, lock, ask. `departments` are those whose people may take the step, if not the case's own."""
    case = locked(case_id)
    standing = standing_of(case)
    places = [*(departments or [case.department_id]), *counter_of(actor, case)]
    _permit(actor, case, rights_for(standing, verb), places)
    if verb in SIGNED:
        require_proof(actor)
    if codes := obstacles(standing, verb, given):
        raise refusal_of(codes)
    return Turn(actor, case, verb, given, standing, content_of(case.item_version_id), now(), today())


def _permit(actor: Actor, case: Case, rights: tuple[str, ...], departments: list[UUID]) -> None:
    things: list[dict[str, Any]] = [
        {"owner_id": case.applicant_id, "department_id": department, "division": case.division}
        for department in departments
    ]
    if not any(may(actor, right, **thing) for right in rights for thing in things):
        permit(actor, rights[-1], **things[0])


def conclude(turn: Turn, outcome: Outcome) -> Case:
    """Move the case on and write everything down."""
    case, after = turn.case, moved(turn.standing, turn.verb, turn.given)
    if turn.verb in PASSED_ON:
        outcome = replace(outcome, before=place_of(case))
    for name, value in outcome.columns.items():
        setattr(case, name, value)
    _move(turn, after)
    if outcome.clock is not None:
        run_by(case, outcome.clock)
    case.urgent_on = _urgent_on(turn, outcome)
    if case.is_open:
        case.lamp = lamp_of_day(turn.on, case.warn_on, case.yellow_on, case.red_on, case.lamp_floor)
    case.save()
    if not case.is_open:
        end_bill(actor=turn.actor, case_id=case.pk, result=case.result)
    return _written(turn, outcome)


def noted(turn: Turn, outcome: Outcome) -> Case:
    """Write a verb down that moves no stage and no clock; only the columns that it names are changed."""
    for name, value in outcome.columns.items():
        setattr(turn.case, name, value)
    if outcome.columns:
        turn.case.save(update_fields=list(outcome.columns))
    return _written(turn, outcome)


def _written(turn: Turn, outcome: Outcome) -> Case:
    case, said = turn.case, {"note": outcome.note, **outcome.said}
    stage, step_id = turn.standing.stage, outcome.step_id
    signature = sign_act(turn.actor, case, turn.verb, turn.at, said=said, stage=stage, step_id=step_id)
    note_event(case, turn.actor, outcome.event or turn.verb, turn.at, outcome)
    data = {"item": case.item_code, "department": str(case.department_id), "stage": case.stage_key, **outcome.data}
    record(
        f"cases.{FACTS[turn.verb] if not outcome.event else outcome.event}",
        actor=turn.actor,
        subject=case,
        person_id=case.applicant_person_id,
        data=data | ({"signature": signature} if signature else {}),
    )
    if outcome.notice:
        tell(case, outcome.notice, **outcome.words)
    return case


def note_event(case: Case, actor: Actor, verb: str, at: datetime, outcome: Outcome) -> CaseEvent:
    """One line of the time line."""
    return CaseEvent.objects.create(
        case=case,
        at=at,
        verb=verb,
        stage_name=case.stage_name,
        actor_kind=actor.kind,
        account_id=actor.account_id,
        for_account_id=actor.for_account_id,
        department_id=actor.department_id or (case.department_id if actor.kind == "system" else None),
        until_on=outcome.until,
        note=outcome.note,
        letter_id=outcome.letter_id,
        is_public=outcome.public,
        before=outcome.before,
    )


def run_by(case: Case, clock: Clock) -> None:
    """From now on this clock sets the lamp and the urgency of the case."""
    case.warn_on, case.yellow_on, case.red_on = clock.warn_on, clock.yellow_on, clock.red_on


def light(case: Case, lamp: str, why: str) -> None:
    """From now on the case shows at least this lamp."""
    case.lamp_floor, case.lamp_note = higher(case.lamp_floor, lamp), why


def _move(turn: Turn, after: Standing) -> None:
    case, before = turn.case, turn.standing
    case.state, case.result = after.state.value, after.result.value if after.result else ""
    case.suspended_from = after.suspended_from.value if after.suspended_from else ""
    case.correction_count = after.corrections
    if turn.verb in FINISHES_ITS_STAGE:
        _finish_steps(turn)
    if not after.is_open:
        case.is_open, case.closed_at, case.stage_name = False, turn.at, STAGE_NAMES[State.CLOSED]
        case.holder_account_id = None
        case.transfers.filter(answer="").update(answer="lapsed", answered_at=turn.at)
        _drop_steps(turn)
    elif after.stage != before.stage or turn.verb == "send_back":
        _drop_steps(turn)
        _enter_stage(turn, after)


def _finish_steps(turn: Turn) -> None:
    """Whoever decides, certifies or closes did what was open in that stage; of a 即办件 the review as well."""
    waiting = turn.case.steps.filter(state="todo", stage_key=turn.case.stage_key)
    who = {"account_id": turn.actor.account_id, "for_account_id": turn.actor.for_account_id}
    waiting.update(state="done", finished_at=turn.at, verdict="agree", **who)


def _drop_steps(turn: Turn) -> None:
    turn.case.steps.filter(state="todo").update(state="dropped", finished_at=turn.at)
    turn.case.askings.filter(settled_at=None).update(settled_at=turn.at)


def _enter_stage(turn: Turn, after: Standing) -> None:
    """The desks of the stage one comes into, side by side."""
    case = turn.case
    stage = next(stage for stage in after.stages if stage.key == after.stage)
    due = add_working_days(turn.on, stage.limit_days, calendar_of(case.division)) if stage.limit_days else None
    rounds = list(case.steps.filter(stage_key=stage.key).values_list("round", flat=True))
    steps = [
        CaseStep(
            case=case,
            stage_key=stage.key,
            stage_name=stage.name,
            kind=stage.kind,
            round=max(rounds, default=0) + 1,
            position=position,
            department_id=_department_of(case, part),
            post=part.post,
            hall=part.hall,
            window=part.window,
            is_opinion=stage.kind == "review" and part.department != "self",
            started_at=turn.at,
            due_on=due,
        )
        for position, part in enumerate(stage.parts if stage.kind == "review" else stage.parts[:1])
    ]
    CaseStep.objects.bulk_create(steps)
    if others := {step.department_id for step in steps} - {case.department_id}:
        admit_departments(f"case:{case.pk}", others)
    case.stage_key, case.stage_name = stage.key, stage.name
    case.holder_department_id, case.holder_account_id = steps[0].department_id, None


def _department_of(case: Case, part: Part) -> UUID:
    """A department that an item names but the city does not have would lose the case: then its own department is asked."""
    if part.department == "self":
        return case.department_id
    found = department_by_name(part.department, part.division or case.division)
    return found.pk if found else case.department_id


def _urgent_on(turn: Turn, outcome: Outcome) -> date:
    """The nearest of what was just set, the running clock and the open steps."""
    case = turn.case
    if not case.is_open:
        return turn.on
    if outcome.urgent_on:
        return outcome.urgent_on
    steps = case.steps.filter(state="todo", due_on__isnull=False).values_list("due_on", flat=True)
    return min([case.yellow_on - timedelta(days=1), *(day for day in steps if day)])
