"""The work between acceptance and decision: taking a case, reviewing, opinions, special procedures, extension."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.clocks.actions import extend_clock, resume_clock, suspend_clock
from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.identity.queries import staff_of
from tongban.foundation.kernel.actors import permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case, CaseStep, Extension, Suspension
from tongban.services.cases.rules import Given

from .papers import issue
from .turn import Outcome, Turn, begin, conclude, locked, note_event

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

VERDICTS = ("agree", "disagree")
LONGEST_EXTENSION = 10  # working days, art. 42; 15 when several bodies handle a case together


@transaction.atomic
def claim(*, actor: Actor, case_id: UUID) -> Case:
    """Take a case: from now on it is known who has it. The stage it is in says which right that needs."""
    turn = begin(actor, case_id, "claim", Given(by=actor.account_id))
    case = turn.case
    if case.holder_account_id not in (None, actor.account_id):
        raise CaseRefused(reasons=[Reason("cases.taken", _("这个办件已由他人接办，请先由对方退回或者由负责人分派。"))])
    mine = case.steps.filter(state="todo", stage_key=case.stage_key, department_id=actor.department_id, account_id=None)
    first = mine.order_by("position").first()
    if first is not None:
        CaseStep.objects.filter(pk=first.pk).update(account_id=actor.account_id)
    return conclude(turn, Outcome({"holder_account_id": actor.account_id}, public=False))


@transaction.atomic
def release(*, actor: Actor, case_id: UUID) -> Case:
    """Put a case one took back for others to take."""
    case = locked(case_id)
    permit(actor, "cases.see", department_id=case.department_id, division=case.division)
    if case.holder_account_id != actor.account_id:
        raise CaseRefused(reasons=[Reason("cases.not_yours", _("这个办件不在您手上。"))])
    return _handed(actor, case, None, "release", "released")


@transaction.atomic
def assign(*, actor: Actor, case_id: UUID, account_id: UUID) -> Case:
    """Give a case to a colleague of the department. For whoever decides in it, or heads it."""
    case = locked(case_id)
    right = "cases.decide" if "cases.decide" in actor.grants else "supervision.see"
    permit(actor, right, department_id=case.department_id, division=case.division)
    if account_id not in {account for account, _name in staff_of(case.holder_department_id)}:
        raise CaseRefused(reasons=[Reason("cases.not_staff", _("请选择本部门在岗的工作人员。"), "account_id")])
    if not case.is_open:
        raise CaseRefused(reasons=[Reason("cases.closed", _("这个办件已经办结，不能再分派。"))])
    return _handed(actor, case, account_id, "assign", "assigned")


def _handed(actor: Actor, case: Case, account_id: UUID | None, verb: str, fact: str) -> Case:
    case.holder_account_id = account_id
    case.save(update_fields=["holder_account_id"])
    case.steps.filter(state="todo", stage_key=case.stage_key, is_opinion=False).update(account_id=account_id)
    note_event(case, actor, verb, now(), Outcome(public=False))
    record(f"cases.{fact}", actor=actor, subject=case, data={"to": str(account_id) if account_id else ""})
    return case


@transaction.atomic
def review(*, actor: Actor, case_id: UUID, verdict: str, opinion: str = "") -> Case:
    """审查: one's own department's part of the stage is done, with `agree` or `disagree` and an opinion for the decider."""
    turn = begin(actor, case_id, "review", Given(by=actor.account_id))
    own = turn.case.steps.filter(state="todo", stage_key=turn.case.stage_key, is_opinion=False)
    _finish(turn, own.order_by("position").first(), verdict, opinion)
    return conclude(turn, Outcome(public=True, data={"verdict": verdict}))


@transaction.atomic
def give_opinion(*, actor: Actor, case_id: UUID, verdict: str, opinion: str) -> Case:
    """会办意见: what another department, asked by the flow, has to say."""
    asked = CaseStep.objects.filter(case_id=case_id, state="todo", is_opinion=True, department_id=actor.department_id)
    departments = list(asked.values_list("department_id", flat=True))
    turn = begin(actor, case_id, "give_opinion", Given(by=actor.account_id), departments=departments or None)
    step = asked.order_by("position").first()
    if step is None:
        raise CaseRefused(reasons=[Reason("cases.not_asked", _("没有请您的部门出具意见，或者意见已经出具。"))])
    if not opinion.strip():
        raise CaseRefused(reasons=[Reason("cases.opinion_missing", _("请写明意见。"), "opinion")])
    _finish(turn, step, verdict, opinion)
    return conclude(turn, Outcome(data={"verdict": verdict}))


def _finish(turn: Turn, step: CaseStep | None, verdict: str, opinion: str) -> None:
    if verdict not in VERDICTS:
        raise CaseRefused(reasons=[Reason("cases.verdict", _("请选择同意或者不同意。"), "verdict")])
    if verdict == "disagree" and not opinion.strip():
        raise CaseRefused(reasons=[Reason("cases.opinion_missing", _("不同意的，请写明理由。"), "opinion")])
    if step is None:
        raise CaseRefused(reasons=[Reason("cases.not_asked", _("没有等待您办理的环节。"))])
    step.state, step.finished_at, step.account_id = CaseStep.State.DONE, turn.at, turn.actor.account_id
    step.verdict, step.opinion = verdict, opinion.strip()
    step.save()


@transaction.atomic
def send_back(*, actor: Actor, case_id: UUID, reasons: str) -> Case:
    """The decider wants it looked at again; the limit runs on."""
    turn = begin(actor, case_id, "send_back", Given(by=actor.account_id, reasons=reasons))
    return conclude(turn, Outcome(note=reasons, public=False))


@transaction.atomic
def suspend(*, actor: Actor, case_id: UUID, procedure: str, reason: str, days: int | None = None) -> Case:
    """特别程序 (听证、检验、专家评审 …): time that does not count, with a document that says how long (art. 45).

    `procedure` is the key of one that the item names; `days` replaces its usual length.
    """
    turn = begin(actor, case_id, "suspend", Given(by=actor.account_id, reasons=reason))
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
    turn = begin(actor, case_id, "resume", Given(by=actor.account_id))
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
    turn = begin(actor, case_id, "extend", Given(by=actor.account_id, reasons=reason, today=today(), due_on=due))
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
