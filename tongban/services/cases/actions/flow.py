"""The work between acceptance and decision: reviewing, opinions, returning, special procedures, extension."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.clocks.actions import extend_clock, resume_clock, suspend_clock
from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.identity.queries import staff_who_may
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case, CaseStep, Extension, Suspension
from tongban.services.cases.queries import standing_of
from tongban.services.cases.rules import stage_rights

from .handing import give_back_to_last
from .notices import tell_staff
from .papers import issue
from .turn import Outcome, Turn, begin, conclude, given_by

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

VERDICTS = ("agree", "disagree")
LONGEST_EXTENSION = 10  # working days, art. 42; 15 when several bodies handle a case together


@transaction.atomic
def review(*, actor: Actor, case_id: UUID, verdict: str, opinion: str = "") -> Case:
    """审查: one's own department's part of the stage is done, with `agree` or `disagree` and an opinion for the decider."""
    turn = begin(actor, case_id, "review", given_by(actor))
    own = turn.case.steps.filter(state="todo", stage_key=turn.case.stage_key, is_opinion=False)
    done = finish_step(turn, own.order_by("position").first(), verdict, opinion)
    return conclude(turn, Outcome(public=True, data={"verdict": verdict}, said=words_of(done), step_id=done.pk))


@transaction.atomic
def give_opinion(*, actor: Actor, case_id: UUID, verdict: str, opinion: str) -> Case:
    """会办意见: what another department, asked by the flow, has to say."""
    asked = CaseStep.objects.filter(
        case_id=case_id, state="todo", is_opinion=True, asking=None, department_id=actor.department_id
    )
    departments = list(asked.values_list("department_id", flat=True))
    turn = begin(actor, case_id, "give_opinion", given_by(actor), departments=departments or None)
    step = asked.order_by("position").first()
    if step is None:
        raise CaseRefused(reasons=[Reason("cases.not_asked", _("没有请您的部门出具意见，或者意见已经出具。"))])
    if not opinion.strip():
        raise CaseRefused(reasons=[Reason("cases.opinion_missing", _("请写明意见。"), "opinion")])
    finish_step(turn, step, verdict, opinion)
    return conclude(turn, Outcome(data={"verdict": verdict}, said=words_of(step), step_id=step.pk))


def words_of(step: CaseStep) -> dict[str, Any]:
    """What whoever finished a step signs of it."""
    return {"verdict": step.verdict, "opinion": step.opinion}


def finish_step(turn: Turn, step: CaseStep | None, verdict: str, opinion: str) -> CaseStep:
    """One desk's part is done, in the name of whoever did it and of whom he acts for."""
    if verdict not in VERDICTS:
        raise CaseRefused(reasons=[Reason("cases.verdict", _("请选择同意或者不同意。"), "verdict")])
    if verdict == "disagree" and not opinion.strip():
        raise CaseRefused(reasons=[Reason("cases.opinion_missing", _("不同意的，请写明理由。"), "opinion")])
    if step is None:
        raise CaseRefused(reasons=[Reason("cases.not_asked", _("没有等待您办理的环节。"))])
    step.state, step.finished_at, step.account_id = CaseStep.State.DONE, turn.at, turn.actor.account_id
    step.verdict, step.opinion, step.for_account_id = verdict, opinion.strip(), turn.actor.for_account_id
    step.save()
    return step


@transaction.atomic
def send_back(*, actor: Actor, case_id: UUID, reasons: str, to: str = "") -> Case:
    """退回: to an earlier stage of the flow, to whoever did it there. What was written stays in the trace; the limit runs on.

    `to` is one of the stages the flow lets it go back to (`ways_back`); without it, the nearest.
    """
    turn = begin(actor, case_id, "send_back", given_by(actor, reasons=reasons, to=to))
    case = conclude(turn, Outcome(note=reasons, public=False, data={"from": turn.standing.stage}))
    standing = standing_of(case)
    able = {account for account, _name in staff_who_may(case.holder_department_id, *stage_rights(standing))}
    if whom := give_back_to_last(case, standing, able):
        tell_staff({whom} - actor.names, "returned", case, who=actor.name, why=reasons.strip())
    return case


@transaction.atomic
def suspend(*, actor: Actor, case_id: UUID, procedure: str, reason: str, days: int | None = None) -> Case:
    """特别程序 (听证、检验、专家评审 …): time that does not count, with a document that says how long (art. 45).

    `procedure` is the key of one that the item names; `days` replaces its usual length.
    """
    turn = begin(actor, case_id, "suspend", given_by(actor, reasons=reason))
    named = _procedure(turn.content, procedure)
    length = _within(days if days is not None else int(named.get("limit_days") or 20), 180, "days")
    until = add_working_days(turn.on, length, calendar_of(turn.case.division))
    letter = issue(
        turn, "special", special_name=named["name"], reason=reason, days=length, from_on=turn.on, until_on=until
    )
    suspend_clock(
        subject=f"case:{turn.case.pk}",
        kind="decision",
        on=turn.on,
        reason=reason[:200],
        document_id=letter.pk,
        limit_days=length,
    )
    Suspension.objects.create(
        case=turn.case,
        key=procedure,
        type=named.get("type") or "2",
        name=named["name"],
        reason=reason,
        started_on=turn.on,
        planned_until=until,
        started_by=actor.account_id,
        letter_id=letter.pk,
    )
    return conclude(
        turn,
        Outcome(
            urgent_on=until, note=f"{named['name']}：{reason}", until=until, letter_id=letter.pk, data={"procedure": procedure},
            notice="suspended", words={"procedure": named["name"], "until": until},
        ),
    )  # fmt: skip


def _procedure(content: dict[str, Any], key: str) -> dict[str, Any]:
    for named in content.get("special_procedures") or ():
        if named["key"] == key:
            return named
    raise CaseRefused(reasons=[Reason("cases.no_such_procedure", _("这个事项没有列出这种特别程序。"), "procedure")])


def _within(days: int, longest: int, field: str) -> int:
    if not 1 <= days <= longest:
        raise CaseRefused(
            reasons=[Reason("cases.days", _("天数应为1至%(longest)d个工作日。") % {"longest": longest}, field)]
        )
    return days


@transaction.atomic
def resume(*, actor: Actor, case_id: UUID, outcome: str = "") -> Case:
    """The special procedure is over; the due days move by exactly the working days it took."""
    turn = begin(actor, case_id, "resume", given_by(actor))
    open_one = turn.case.suspensions.select_for_update().get(ended_on=None)
    open_one.ended_on, open_one.outcome = turn.on, outcome
    open_one.save(update_fields=["ended_on", "outcome"])
    clock = resume_clock(subject=f"case:{turn.case.pk}", kind="decision", on=turn.on)
    return conclude(
        turn,
        Outcome(
            _due_columns(clock), clock, note=outcome, until=clock.promise_due_on, notice="resumed",
            words={"until": clock.promise_due_on},
        ),
    )  # fmt: skip


def _due_columns(clock: Any) -> dict[str, Any]:
    return {
        "promise_due_on": clock.promise_due_on,
        "statutory_due_on": clock.statutory_due_on,
        "due_certain": clock.certain,
    }


@transaction.atomic
def extend(*, actor: Actor, case_id: UUID, reason: str, days: int | None = None) -> Case:
    """延长: once, before the old due day, at most what the item allows; the applicant is told why (art. 42)."""
    due = _due_of(case_id)
    turn = begin(actor, case_id, "extend", given_by(actor, reasons=reason, today=today(), due_on=due))
    allowed = int((turn.content.get("extension") or {}).get("days") or 0)
    if not allowed:
        raise CaseRefused(reasons=[Reason("cases.no_extension", _("这个事项不能延长办理期限。"), "days")])
    days = _within(days if days is not None else allowed, allowed, "days")
    old = turn.case.promise_due_on or turn.on
    clock = extend_clock(subject=f"case:{turn.case.pk}", kind="decision", days=days, reason=reason[:200], on=turn.on)
    letter = issue(turn, "extension", reason=reason, days=days, due_on=clock.promise_due_on)
    Extension.objects.create(
        case=turn.case,
        days=days,
        reason=reason,
        approved_by=actor.account_id,
        approved_at=turn.at,
        old_due_on=old,
        new_due_on=clock.promise_due_on,
        letter_id=letter.pk,
    )
    return conclude(
        turn,
        Outcome(
            _due_columns(clock), clock, note=reason, until=clock.promise_due_on, letter_id=letter.pk, data={"days": days},
            notice="extended", words={"until": clock.promise_due_on, "reason": reason},
        ),
    )  # fmt: skip


def _due_of(case_id: UUID) -> date | None:
    return Case.objects.filter(pk=case_id).values_list("promise_due_on", flat=True).first()
