"""Who has a case: taking it, giving it on (转办, 分派), taking back what one passed on (撤回), urging whoever has it (催办)."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tongban.foundation.audit.actions import record
from tongban.foundation.identity.queries import staff_name, staff_of, staff_who_may
from tongban.foundation.kernel.actors import may, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed, Reason
from tongban.services.cases.errors import OBSTACLES, CaseRefused, refusal_of
from tongban.services.cases.models import Case, CaseEvent, CaseStep
from tongban.services.cases.queries import standing_of
from tongban.services.cases.queries.handing import undo_rights, undoable, urged_today, whom_to_urge
from tongban.services.cases.rules import Standing, fits, obstacles, stage_rights, urged_too_often
from tongban.services.items.queries import content_of

from .notices import tell_staff
from .turn import Outcome, Turn, begin, conclude, given_by, locked, note_event, noted, place_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

OWN_STEPS: dict[str, Any] = {"state": "todo", "is_opinion": False}


@transaction.atomic
def claim(*, actor: Actor, case_id: UUID) -> Case:
    """Take a case: from now on it is known who has it. The stage it is in says which right that needs."""
    turn = begin(actor, case_id, "claim", given_by(actor))
    case = turn.case
    if case.holder_account_id not in (None, actor.seat_id):
        raise CaseRefused(reasons=[Reason("cases.taken", _("这个办件已由他人接办，请先由对方退回或者由负责人分派。"))])
    mine = case.steps.filter(**OWN_STEPS, stage_key=case.stage_key, department_id=actor.department_id, account_id=None)
    first = mine.order_by("position").first()
    if first is not None:
        CaseStep.objects.filter(pk=first.pk).update(account_id=actor.seat_id)
    return conclude(turn, Outcome({"holder_account_id": actor.seat_id}, public=False))


@transaction.atomic
def release(*, actor: Actor, case_id: UUID) -> Case:
    """Put a case one took back for others to take."""
    case = locked(case_id)
    permit(actor, "cases.see", department_id=case.department_id, division=case.division)
    if case.holder_account_id != actor.seat_id:
        raise CaseRefused(reasons=[Reason("cases.not_yours", _("这个办件不在您手上。"))])
    return _handed(actor, case, None, "release", "released")


@transaction.atomic
def assign(*, actor: Actor, case_id: UUID, account_id: UUID | None) -> Case:
    """Give a case to a colleague whose post fits. For whoever decides in the department, or heads it."""
    case = locked(case_id)
    right = "cases.decide" if "cases.decide" in actor.grants else "supervision.see"
    permit(actor, right, department_id=case.department_id, division=case.division)
    if account_id not in {account for account, _name in staff_of(case.holder_department_id)}:
        raise CaseRefused(reasons=[Reason("cases.not_staff", _("请选择本部门在岗的工作人员。"), "account_id")])
    if not case.is_open:
        raise CaseRefused(reasons=[Reason("cases.closed", _("这个办件已经办结，不能再分派。"))])
    standing = standing_of(case)
    if standing.offered:
        raise refusal_of(["offered_elsewhere"])
    _check_fits(case, standing, account_id)
    return _handed(actor, case, account_id, "assign", "assigned")


def _check_fits(case: Case, standing: Standing, account_id: UUID | None) -> None:
    able = {account for account, _name in staff_who_may(case.holder_department_id, *stage_rights(standing))}
    if codes := fits(standing, account_id, able):
        raise CaseRefused(reasons=[Reason(f"cases.{code}", OBSTACLES[code], "account_id") for code in codes])


def _handed(actor: Actor, case: Case, account_id: UUID | None, verb: str, fact: str) -> Case:
    give(case, account_id)
    note_event(case, actor, verb, now(), Outcome(public=False))
    record(f"cases.{fact}", actor=actor, subject=case, data={"to": str(account_id) if account_id else ""})
    return case


def give(case: Case, account_id: UUID | None) -> None:
    """From now on he has it, and the open step of his department; nobody when it goes back to the pool."""
    case.holder_account_id = account_id
    case.save(update_fields=["holder_account_id"])
    mine = case.steps.filter(**OWN_STEPS, stage_key=case.stage_key, department_id=case.holder_department_id)
    mine.update(account_id=account_id)


@transaction.atomic
def reassign(*, actor: Actor, case_id: UUID, account_id: UUID | None, reasons: str) -> Case:
    """转办: whoever has a case gives it to a named colleague whose post fits, or back to the pool, and says why."""
    turn = begin(actor, case_id, "reassign", given_by(actor, reasons=reasons))
    case = turn.case
    if case.holder_account_id != actor.seat_id:
        raise CaseRefused(reasons=[Reason("cases.not_yours", _("这个办件不在您手上。"))])
    if account_id == actor.seat_id:
        raise CaseRefused(reasons=[Reason("cases.already_his", _("这个办件已经在您手上，请选择别人。"), "account_id")])
    if account_id is not None:
        _check_fits(case, turn.standing, account_id)
    before, whom = place_of(case), staff_name(account_id) if account_id else _("待接办")
    give(case, account_id)
    note = _("转给%(whom)s：%(why)s") % {"whom": whom, "why": reasons.strip()}
    data = {"to": str(account_id) if account_id else ""}
    case = noted(turn, Outcome(note=note, public=False, data=data, before=before))
    if account_id is not None:
        tell_staff([account_id], "reassigned", case, who=actor.name, why=reasons.strip())
    return case


@transaction.atomic
def take_back(*, actor: Actor, case_id: UUID) -> Case:
    """撤回: what one has just passed on comes back, as long as nobody has acted on it. What was written stays in the trace."""
    case = locked(case_id)
    event, codes = undoable(case, actor)
    standing = standing_of(case)
    permit(actor, "cases.see", department_id=actor.department_id)
    if codes := obstacles(standing, "take_back", given_by(actor)) or codes:
        raise refusal_of(codes)
    if event is None or not event.before:
        raise refusal_of(["not_the_last"])
    rights, places = undo_rights(standing, event), {event.department_id, case.department_id}
    if not any(may(actor, right, department_id=place, division=case.division) for right in rights for place in places):
        raise NotAllowed(verb="take_back")
    turn = Turn(actor, case, "take_back", given_by(actor), standing, content_of(case.item_version_id), now(), today())
    had = case.holder_account_id
    columns = _put_back(turn, event, event.before)
    outcome = Outcome(columns, public=event.is_public, data={"verb": event.verb})
    case = noted(turn, outcome)
    if event.verb in ("reassign", "offer_transfer") and had:
        tell_staff([had], "taken_back", case, who=actor.name)
    return case


def _put_back(turn: Turn, event: CaseEvent, before: dict[str, Any]) -> dict[str, Any]:
    """Undo the steps of one event: what it made is dropped, what it finished or dropped is open again."""
    case = turn.case
    rows = list(case.steps.order_by("position"))
    case.steps.filter(state="todo", started_at=event.at).update(state="dropped", finished_at=turn.at)
    closed = [step for step in rows if step.finished_at == event.at]
    case.askings.filter(settled_at=event.at).update(settled_at=None)
    case.steps.filter(finished_at=event.at, state="done").update(state="undone")
    for step in closed:
        _again(turn, step)
    case.transfers.filter(answer="").update(answer="recalled", answered_at=turn.at, answered_by=turn.actor.account_id)
    if event.verb == "reassign":
        give(case, UUID(before["holder_account_id"]) if before["holder_account_id"] else None)
    columns: dict[str, Any] = {name: before[name] for name in ("state", "stage_key", "stage_name")}
    for name in ("holder_department_id", "holder_account_id"):
        columns[name] = UUID(before[name]) if before[name] else None
    return columns | {"urgent_on": type(case.urgent_on).fromisoformat(before["urgent_on"])}


def _again(turn: Turn, step: CaseStep) -> None:
    """A fresh desk for a part that was done or dropped; the old one stays as it was."""
    last = turn.case.steps.filter(stage_key=step.stage_key).aggregate(last=Max("round"))["last"]
    taken = turn.case.steps.filter(stage_key=step.stage_key, round=last, started_at=turn.at).exists()
    CaseStep.objects.create(
        case=turn.case, stage_key=step.stage_key, stage_name=step.stage_name, kind=step.kind,
        round=last if taken else last + 1, position=step.position, department_id=step.department_id, post=step.post,
        hall=step.hall, window=step.window, is_opinion=step.is_opinion, asking=step.asking, due_on=step.due_on,
        named_account_id=step.named_account_id,
        account_id=(step.for_account_id or step.account_id) if not step.is_opinion else None, started_at=turn.at,
    )  # fmt: skip


@transaction.atomic
def urge(*, actor: Actor, case_id: UUID, note: str = "") -> Case:
    """催办: whoever has the case is told that somebody waits; counted, on the time line, a few times a day at most."""
    turn = begin(actor, case_id, "urge", given_by(actor))
    times = urged_today(turn.case, actor)
    if urged_too_often("staff" if actor.kind == "staff" else "applicant", times):
        text = _("今天已经催办过，经办人已收到提醒，请明天再催。")
        raise CaseRefused(reasons=[Reason("cases.urged_today", text)])
    count = turn.case.events.filter(verb="urge").count() + 1
    public = actor.kind != "staff"
    case = noted(turn, Outcome(note=note.strip()[:500], public=public, data={"count": count}))
    whom = whom_to_urge(case, turn.standing) - actor.names
    who = _("申请人") if public else actor.name
    tell_staff(whom, "urged", case, who=who, count=count, why=note.strip()[:500] or _("请尽快办理。"))
    return case


def give_back_to_last(case: Case, standing: Standing, able: Collection[UUID]) -> UUID | None:
    """A returned case goes to whoever did that stage before, when his post still fits; else to everybody's pool."""
    done = case.steps.filter(stage_key=case.stage_key, state="done", is_opinion=False).order_by("-finished_at").first()
    who = (done.for_account_id or done.account_id) if done else None
    if who is None or fits(standing, who, able):
        return None
    give(case, who)
    return who
