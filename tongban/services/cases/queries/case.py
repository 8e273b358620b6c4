"""One case, where it stands, and what may be done to it now."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q

from tongban.foundation.audit.actions import look
from tongban.foundation.kernel.actors import may
from tongban.foundation.kernel.clock import SHANGHAI
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.lookup import find
from tongban.services.cases.models import Case, Extension, Transfer
from tongban.services.cases.rules import (
    ACCEPTING,
    Result,
    Stage,
    Standing,
    State,
    conditions_in,
    open_verbs,
    rights_for,
    stages_of,
)
from tongban.services.forms.queries import names_in
from tongban.services.items.queries import content_of
from tongban.services.payments.queries import bill_of

from .rehearsals import conditions_hold
from .seen import asked_of, visible_cases

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tongban.foundation.kernel.actors import Actor

OWNERS = frozenset({"withdraw", "supply_correction", "urge"})  # what an applicant does to his own case
BEFORE_ACCEPTANCE = (Case.State.SUBMITTED, Case.State.RECEIVED)  # only then can it be offered to another department
CONTEXT = frozenset({"situation", "applicant", "today"})  # what a condition may ask for beside the answers
HANDED_OUT_FROM = (Case.State.DECIDED, Case.State.CERTIFYING)  # only then does it matter whether the fee was paid


def case_for(actor: Actor, case_id: UUID | str, purpose: str = "") -> Case:
    """The whole case, or `NotFound` when it is not his to see. A look by staff is written down (`persons.seen`)."""
    return _seen(actor, Q(pk=case_id), purpose)


def closed_among(case_ids: Iterable[str]) -> set[str]:
    """Of these cases, the ids of those that are closed. One query; for whoever watches who looks at what."""
    rows = Case.objects.filter(pk__in=list(case_ids), is_open=False) if case_ids else Case.objects.none()
    return {str(pk) for pk in rows.values_list("pk", flat=True)}


def case_by_number(actor: Actor, project_no: str, purpose: str = "") -> Case:
    """As `case_for`, by case number."""
    return _seen(actor, Q(project_no=project_no), purpose)


def _seen(actor: Actor, which: Q, purpose: str) -> Case:
    rows = visible_cases(actor).defer(None)
    if actor.kind == "staff" and "cases.see" in actor.grants:
        rows = rows | Case.objects.filter(asked_of(actor))
    try:
        case = find(rows.filter(which))
    except ValueError:
        raise NotFound from None
    if actor.kind in ("staff", "system") and case.applicant_person_id:
        look(
            actor=actor,
            person_id=case.applicant_person_id,
            what="case",
            purpose=purpose or "handling",
            subject=case,
        )
    return case


def standing_of(case: Case) -> Standing:
    """What the rules need to know about a case. Three queries, none when its parts were fetched along."""
    steps = list(case.steps.all())
    todo = [s for s in steps if s.stage_key == case.stage_key and s.state == "todo"]
    here = [s for s in todo if s.asking_id is None]
    # Who took his review back has looked all the same: he does not decide.
    done = [s for s in steps if s.kind == "review" and s.state in ("done", "undone")]
    promises = [m for m in case.materials.all() if m.way == "4" and m.supplied_at is None]
    return Standing(
        stages=stages_for(case),
        state=State(case.state),
        result=Result(case.result) if case.result else None,
        project_type=case.project_type,
        stage=case.stage_key,
        open_parts=len(here),
        open_opinions=sum(step.is_opinion for step in here),
        open_asked=len(todo) - len(here),
        offered=case.state in BEFORE_ACCEPTANCE and open_transfer(case) is not None,
        reviewers=frozenset(account for step in done for account in (step.account_id, step.for_account_id) if account),
        corrections=case.correction_count,
        extensions=Extension.objects.filter(pk=case.pk).count(),
        suspended_from=State(case.suspended_from) if case.suspended_from else None,
        promises_open=len(promises),
        unpaid=case.state in HANDED_OUT_FROM and _owes(case),
    )


def stages_for(case: Case) -> tuple[Stage, ...]:
    """The stages this case passes: those whose conditions its answers meet. What was answered is fixed at acceptance."""
    flow = content_of(case.item_version_id).get("flow") or {}
    if not any(conditions_in(flow)):
        return stages_of(flow)
    asked = {name for _at, text in conditions_in(flow) for name in names_in(text)}
    answers = case.answers if asked - CONTEXT else {}  # deciphered only where somebody asks for them
    on = case.submitted_at.astimezone(SHANGHAI).date()
    stages = stages_of(flow, conditions_hold(case.situation, answers, case.applicant_kind, on))
    known = case.stage_key == ACCEPTING or case.stage_key in {stage.key for stage in stages}
    return stages if known else stages_of(flow)


def open_transfer(case: Case) -> Transfer | None:
    """The offer to another department that waits for its answer (移送)."""
    return case.transfers.filter(answer="").first()


def _owes(case: Case) -> bool:
    bill = bill_of(case.pk)
    return bill is not None and bill.state == "due"


def what_may_be_done(actor: Actor, case: Case) -> list[str]:
    """The verbs this actor could do to this case now, for drawing buttons; the action asks again."""
    standing = standing_of(case)
    places, beside = _places(actor, case), counter_of(actor, case)
    possible = []
    for verb in open_verbs(standing, actor.account_id, actor.for_account_id):
        owner = case.applicant_id if verb in OWNERS else None
        if any(
            may(actor, right, owner_id=owner, department_id=department, division=case.division)
            for right in rights_for(standing, verb)
            for department in [*places.get(verb, [case.department_id]), *beside]
        ):
            possible.append(verb)
    return possible


def counter_of(actor: Actor, case: Case) -> list[UUID]:
    """The actor's own department, where the flow sends what is to be done now to the counter his post works at."""
    if actor.counter is None or actor.department_id is None:
        return []
    hall, window = actor.counter
    here = any(
        step.hall == hall and step.window in ("", window) and not step.is_opinion
        for step in case.steps.all()
        if step.state == "todo" and step.stage_key == case.stage_key
    )
    return [actor.department_id] if here else []


def _places(actor: Actor, case: Case) -> dict[str, list[UUID]]:
    """Whose people may take a step, where that is not the case's own department."""
    todo = [step for step in case.steps.all() if step.is_opinion and step.state == "todo"]
    asked = [step for step in todo if step.asking_id is not None]
    mine = [step for step in asked if step.named_account_id in (None, actor.seat_id)]
    offer = open_transfer(case) if case.state in BEFORE_ACCEPTANCE else None
    there = [offer.to_department_id] if offer else []
    return {
        "give_opinion": [step.department_id for step in todo if step.asking_id is None],
        "sign": [step.department_id for step in mine],
        "take_over": there,
        "return_transfer": there,
        "reassign": [case.department_id] if case.holder_account_id == actor.seat_id else [],
    }
