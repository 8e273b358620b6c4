"""What happened to a case, in words a person understands, with who has it now and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongban.foundation.identity.queries import staff_names
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.models import Case, CaseEvent

from .case import case_for

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

# Titles by verb: what happened, as the applicant would say it.
TITLES: dict[str, Any] = {
    "help": _("窗口工作人员帮您填写"),
    "submit": _("提交申请"),
    "sign_application": _("补签电子签名"),
    "receive": _("收到材料"),
    "accept": _("受理"),
    "accept_by_silence": _("视为受理"),
    "refuse_acceptance": _("不予受理"),
    "transfer": _("告知向有权机关申请"),
    "ask_correction": _("一次性告知补正"),
    "supply_correction": _("提交补正材料"),
    "lapse": _("逾期未补正，视为撤回"),
    "claim": _("有人接办"),
    "release": _("退回待办"),
    "assign": _("分派"),
    "review": _("完成审查"),
    "give_opinion": _("出具会办意见"),
    "send_back": _("退回前一环节"),
    "reassign": _("转办"),
    "ask_opinions": _("会签"),
    "add_signer": _("加签"),
    "sign": _("出具会签意见"),
    "excuse": _("不再征求意见"),
    "take_back": _("收回，重新办理"),
    "urge": _("催办"),
    "offer_transfer": _("商请移送"),
    "take_over": _("转由有权部门办理"),
    "return_transfer": _("退回移送"),
    "suspend": _("进入特别程序，不计时"),
    "resume": _("特别程序结束，恢复计时"),
    "extend": _("延长办理期限"),
    "decide": _("作出决定"),
    "certify": _("制作证件"),
    "deliver": _("送达"),
    "close": _("办结"),
    "withdraw": _("申请人撤回"),
    "terminate": _("终止办理"),
    "void": _("作废"),
    "supply_promised": _("补齐承诺的材料"),
    "promise_broken": _("承诺的材料逾期未补"),
}
# What is happening now, by state.
WAITING: dict[str, Any] = {
    "submitted": _("等待受理"),
    "received": _("等待受理"),
    "correction": _("等您补正材料"),
    "accepted": _("已受理，等待审查"),
    "reviewing": _("正在审查"),
    "suspended": _("正在进行特别程序"),
    "decided": _("已作出决定，准备送达"),
    "certifying": _("证件已制作，准备送达"),
    "delivering": _("正在送达"),
}


@dataclass(frozen=True)
class Event:
    """One line: when, what, in which words, by whom, and the due date it set. `is_now` is the line of the present."""

    at: datetime | None
    title: Any
    text: str = ""
    who: str = ""
    until: date | None = None
    letter_id: UUID | None = None
    is_now: bool = False
    verb: str = ""


def timeline(actor: Actor, case_id: UUID | str, case: Case | None = None) -> list[Event]:
    """All events in order, and for an open case a last line that says who has it and until when. Three queries and the case."""
    case = case or case_for(actor, case_id)
    rows = list(case.events.order_by("id"))
    if actor.kind in ("person", "company"):
        rows = [row for row in rows if row.is_public]
    departments = department_names({case.holder_department_id, *(r.department_id for r in rows if r.department_id)})
    names = staff_names(_accounts(actor, case, rows))
    events = [_line(row, departments, names, actor) for row in rows]
    if case.is_open:
        events.append(_present(case, departments, names))
    return events


def _accounts(actor: Actor, case: Case, rows: list[CaseEvent]) -> set[UUID]:
    """Colleagues see who did what; an applicant sees departments, and of staff who has his case now and who helped him."""
    named = [row for row in rows if row.actor_kind == "staff" and (actor.kind == "staff" or row.verb == "help")]
    seen = {account for row in named for account in (row.account_id, row.for_account_id)}
    return {account for account in {*seen, case.holder_account_id} if account}


def _line(row: CaseEvent, departments: dict[UUID, str], names: dict[UUID, str], actor: Actor) -> Event:
    if row.actor_kind in ("person", "company"):
        who = str(_("您")) if actor.kind in ("person", "company") else str(_("申请人"))
    else:
        department = departments.get(row.department_id, "") if row.department_id else ""
        name = names.get(row.account_id, "") if row.account_id else ""
        if name and row.for_account_id:
            name = str(_("%(who)s（代%(whose)s）")) % {"who": name, "whose": names.get(row.for_account_id, "")}
        who = " ".join(part for part in (department, name) if part) or str(_("系统"))
    return Event(row.at, TITLES.get(row.verb, row.verb), row.note, who, row.until_on, row.letter_id, verb=row.verb)


def _present(case: Case, departments: dict[UUID, str], names: dict[UUID, str]) -> Event:
    if case.state == Case.State.CORRECTION:
        who = str(_("您"))
    else:
        name = names.get(case.holder_account_id, "") if case.holder_account_id else ""
        who = " ".join(part for part in (departments.get(case.holder_department_id, ""), name) if part)
    text = case.stage_name if case.state in (Case.State.ACCEPTED, Case.State.REVIEWING) else ""
    return Event(None, WAITING[case.state], text, who, case.urgent_on, is_now=True)


def answer_promised_on(case: Case) -> date:
    """The day by which its office promised to say whether it accepts the case; the law's last day where none was promised."""
    promised = CaseEvent.objects.filter(case=case, verb="submit").values_list("until_on", flat=True).first()
    return promised or case.answer_due_on
