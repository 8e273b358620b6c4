"""Opinions asked for beside the flow: several side by side (会签), one more signer (加签); given, or no longer needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.identity.queries import staff_name, staff_who_may
from tongban.foundation.kernel.errors import NotFound, Reason
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.errors import OBSTACLES, CaseRefused
from tongban.services.cases.models import Asking, Case, CaseStep
from tongban.services.cases.queries.asked import asked_step
from tongban.services.cases.rules import ALL, asking_faults, enough

from .filing import admit_departments
from .flow import finish_step, words_of
from .notices import tell_staff
from .turn import Outcome, Turn, begin, conclude, given_by

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

LONGEST_WAIT = 15  # working days; the case's own limit runs on


@transaction.atomic
def ask_opinions(
    *,
    actor: Actor,
    case_id: UUID,
    question: str,
    account_ids: Iterable[UUID] = (),
    department_ids: Iterable[UUID] = (),
    rule: str = ALL,
    days: int | None = None,
) -> Case:
    """会签: several colleagues and departments are asked side by side. The stage cannot end before they have answered: all of
    them, or with `rule="most"` more than half. The limit runs on."""
    named, departments = set(account_ids), set(department_ids)
    given = given_by(actor, reasons=question, asked=len(named) + len(departments))
    turn = begin(actor, case_id, "ask_opinions", given)
    return _asked(turn, Asking.Kind.JOINT, question, named, departments, rule, days)


@transaction.atomic
def add_signer(*, actor: Actor, case_id: UUID, account_id: UUID | None, question: str, days: int | None = None) -> Case:
    """加签: one more colleague must give his opinion before the step can be passed on."""
    turn = begin(actor, case_id, "add_signer", given_by(actor, reasons=question))
    return _asked(turn, Asking.Kind.SIGNER, question, {account_id} if account_id else set(), set(), ALL, days)


def _asked(
    turn: Turn, kind: str, question: str, named: set[UUID], departments: set[UUID], rule: str, days: int | None
) -> Case:
    case, actor = turn.case, turn.actor
    _check(turn, named, departments, rule, days)
    asking = Asking.objects.create(
        case=case, kind=kind, rule=rule, question=question.strip(), asked_by=actor.seat_id, asked_at=turn.at
    )
    due = add_working_days(turn.on, days, calendar_of(case.division)) if days else _due_of_stage(turn)
    own = [(case.holder_department_id, account) for account in sorted(named)]
    CaseStep.objects.bulk_create(_desks(turn, asking, [*own, *((pk, None) for pk in sorted(departments))], due))
    if departments:
        admit_departments(f"case:{case.pk}", departments)
    note = _("请%(whom)s出具意见：%(what)s") % {"whom": _names(named, departments), "what": question.strip()}
    case = conclude(turn, Outcome(note=note, public=False, data={"asked": len(named) + len(departments), "rule": rule}))
    tell_staff(
        named | _of(departments), "asked", case, who=actor.name, why=question.strip(), word=asking.get_kind_display()
    )
    return case


def _desks(turn: Turn, asking: Asking, whom: list[tuple[UUID, UUID | None]], due: date | None) -> list[CaseStep]:
    """A desk for each who is asked, beside those of the stage."""
    case, kind = turn.case, turn.standing.kind
    last = case.steps.filter(stage_key=case.stage_key).aggregate(place=Max("position"), round=Max("round"))
    return [
        CaseStep(
            case=case, stage_key=case.stage_key, stage_name=case.stage_name, kind=kind, round=last["round"] or 1,
            position=(last["place"] or 0) + number, department_id=department, post="", is_opinion=True, asking=asking,
            named_account_id=account, started_at=turn.at, due_on=due,
        )
        for number, (department, account) in enumerate(whom, start=1)
    ]  # fmt: skip


def _due_of_stage(turn: Turn) -> date | None:
    own = turn.case.steps.filter(state="todo", stage_key=turn.case.stage_key, asking=None)
    return own.values_list("due_on", flat=True).first()


def _check(turn: Turn, named: set[UUID], departments: set[UUID], rule: str, days: int | None) -> None:
    case, standing = turn.case, turn.standing
    if case.holder_account_id not in (None, turn.actor.seat_id):
        raise CaseRefused(reasons=[Reason("cases.taken", _("这个办件已由他人接办，请先由对方退回或者由负责人分派。"))])
    waiting = set(
        case.steps.filter(state="todo").exclude(named_account_id=None).values_list("named_account_id", flat=True)
    )
    deciders = {account for account, _name in staff_who_may(case.department_id, "cases.decide")} - standing.reviewers
    codes = asking_faults(
        standing,
        named=named,
        departments=len(departments),
        asker=turn.actor.names,
        waiting=waiting,
        fit={account for account, _name in staff_who_may(case.holder_department_id, "cases.sign")},
        deciders=deciders,
        rule=rule,
    )
    field = "account_ids" if turn.verb == "ask_opinions" else "account_id"
    reasons = [Reason(f"cases.{code}", OBSTACLES[code], field) for code in codes]
    if case.holder_department_id in departments or any(not staff_who_may(pk, "cases.sign") for pk in departments):
        reasons.append(Reason("cases.department_unfit", OBSTACLES["department_unfit"], "department_ids"))
    if days is not None and not 1 <= days <= LONGEST_WAIT:
        text = _("天数应为1至%(longest)d个工作日。") % {"longest": LONGEST_WAIT}
        reasons.append(Reason("cases.days", text, "days"))
    if reasons:
        raise CaseRefused(reasons=reasons)


def _names(named: set[UUID], departments: set[UUID]) -> str:
    return "、".join([*(staff_name(pk) for pk in sorted(named)), *department_names(departments).values()])


def _of(departments: set[UUID]) -> set[UUID]:
    return {account for pk in departments for account, _name in staff_who_may(pk, "cases.sign")[:20]}


@transaction.atomic
def sign(*, actor: Actor, case_id: UUID, verdict: str, opinion: str) -> Case:
    """会签、加签意见: whoever was asked answers; the asker is told when nobody is missing any more."""
    step = asked_step(case_id, actor)
    turn = begin(actor, case_id, "sign", given_by(actor), departments=[step.department_id] if step else None)
    step = asked_step(case_id, actor)  # again, now that nobody else can answer it meanwhile
    if step is None:
        raise CaseRefused(reasons=[Reason("cases.not_asked", _("没有请您出具意见，或者意见已经出具。"))])
    if not opinion.strip():
        raise CaseRefused(reasons=[Reason("cases.opinion_missing", _("请写明意见。"), "opinion")])
    finish_step(turn, step, verdict, opinion)
    return _settled(turn, step.asking, Outcome(data={"verdict": verdict}, said=words_of(step), step_id=step.pk))


def _settled(turn: Turn, asking: Any, outcome: Outcome) -> Case:
    """Close the round when it has its answer; whoever was not needed any more is let off."""
    rows = list(asking.steps.exclude(state="dropped").exclude(state="undone"))
    open_ones = [row for row in rows if row.state == "todo"]
    whole = not open_ones or (len(rows) > len(open_ones) and enough(asking.rule, len(rows), len(rows) - len(open_ones)))
    if whole:
        asking.settled_at = turn.at
        asking.save(update_fields=["settled_at"])
        asking.steps.filter(state="todo").update(state="dropped", finished_at=turn.at)
        turn.given = replace(turn.given, asked=1 + len(open_ones))
    case = conclude(turn, replace(outcome, public=False))
    if whole:
        tell_staff({asking.asked_by} - turn.actor.names, "answered", case, word=asking.get_kind_display())
    return case


@transaction.atomic
def excuse(*, actor: Actor, case_id: UUID, step_id: UUID | None, reasons: str) -> Case:
    """不再征求: somebody who was asked and cannot answer is let off, so that nobody's absence can hold a case up for ever."""
    turn = begin(actor, case_id, "excuse", given_by(actor, reasons=reasons))
    step = turn.case.steps.filter(pk=step_id, state="todo").exclude(asking=None).first()
    if step is None:
        raise NotFound
    step.state, step.finished_at = CaseStep.State.DROPPED, turn.at
    step.save(update_fields=["state", "finished_at"])
    who = staff_name(step.named_account_id) if step.named_account_id else _names(set(), {step.department_id})
    note = _("不再征求%(whom)s的意见：%(why)s") % {"whom": who, "why": reasons.strip()}
    return _settled(turn, step.asking, Outcome(note=note))
