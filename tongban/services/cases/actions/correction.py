"""补正: everything is told in one notice, supplied once, or lapses (行政许可法 art. 32 (3)–(5))."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.clocks.actions import start_clock, stop_clock
from tongban.foundation.clocks.queries import add_working_days, calendar_of
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case, Correction, Ending
from tongban.services.cases.rules import ANSWER_DAYS

from .attachments import add_materials
from .first_answer import acceptance_clock
from .papers import issue
from .turn import Outcome, begin, conclude, given_by, light

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

USUAL_DAYS, LONGEST_DAYS = 15, 60


@transaction.atomic
def ask_correction(
    *, actor: Actor, case_id: UUID, items: list[dict[str, str]], days: int = USUAL_DAYS, supervisor_reason: str = ""
) -> Case:
    """One notice with all that is missing or wrong: `items` are {key, name, problem}. No limit of ours runs meanwhile.

    A further notice is for the head of the department or a supervisor, with a reason, and lights a yellow lamp.
    """
    turn = begin(actor, case_id, "ask_correction", given_by(actor, supervisor_reason=supervisor_reason))
    items = _asked(items, days)
    case = turn.case
    due = add_working_days(turn.on, days, calendar_of(case.division))
    lines = [{"name": item["name"] or _("申请内容"), "note": item["problem"]} for item in items]
    letter = issue(turn, "correction", materials=lines, due_on=due)
    stop_clock(subject=f"case:{case.pk}", kind=acceptance_clock(case), on=turn.on)
    number = case.correction_count + 1
    Correction.objects.create(
        case=case,
        number=number,
        items=items,
        asked_at=turn.at,
        asked_by=actor.account_id,
        due_on=due,
        supervisor_reason=supervisor_reason.strip() if number > 1 else "",
        letter_id=letter.pk,
    )
    if number > 1:
        light(case, "yellow", _("再次要求补正"))
    case.lamp = case.lamp_floor
    note = "；".join(f"{item['name']}：{item['problem']}" if item["name"] else item["problem"] for item in items)
    return conclude(
        turn,
        Outcome(
            urgent_on=due, note=note, until=due, letter_id=letter.pk, data={"number": number}, notice="correction",
            words={"until": due},
        ),
    )  # fmt: skip


def _asked(items: list[dict[str, str]], days: int) -> list[dict[str, str]]:
    kept = [
        {name: str(item.get(name, "")).strip()[:500] for name in ("key", "name", "problem")}
        for item in items
        if str(item.get("problem", "")).strip()
    ]
    reasons = []
    if not kept:
        reasons.append(Reason("cases.nothing_asked", _("请逐项写明需要补正什么。"), "items"))
    if not 1 <= days <= LONGEST_DAYS:
        reasons.append(Reason("cases.days", _("补正期限应为1至60个工作日。"), "days"))
    if reasons:
        raise CaseRefused(reasons=reasons)
    return kept


@transaction.atomic
def supply_correction(
    *, actor: Actor, case_id: UUID, materials: dict[str, list[dict[str, Any]]] | None = None, note: str = ""
) -> Case:
    """The applicant (or a clerk for him) hands in what was asked; five working days to answer begin anew."""
    turn = begin(actor, case_id, "supply_correction", given_by(actor))
    case = turn.case
    correction = case.corrections.select_for_update().get(supplied_at=None, lapsed_at=None)
    add_materials(turn, materials or {}, asked=[item["key"] for item in correction.items if item["key"]])
    correction.supplied_at = turn.at
    correction.save(update_fields=["supplied_at"])
    clock = start_clock(
        subject=f"case:{case.pk}",
        kind=acceptance_clock(case),
        started_on=turn.on,
        promise=(ANSWER_DAYS, "1"),
        statutory=(ANSWER_DAYS, "1"),
        division=case.division,
    )
    columns = {"received_at": turn.at, "answer_due_on": clock.promise_due_on}
    return conclude(turn, Outcome(columns, clock, note=note, until=clock.promise_due_on, notice="correction_supplied"))


@transaction.atomic
def lapse(*, actor: Actor, case_id: UUID) -> Case:
    """The day of the correction notice has passed and nothing came: deemed withdrawn, with notice."""
    turn = begin(actor, case_id, "lapse", given_by(actor))
    correction = turn.case.corrections.select_for_update().get(supplied_at=None, lapsed_at=None)
    if correction.due_on >= turn.on:
        return turn.case
    correction.lapsed_at = turn.at
    correction.save(update_fields=["lapsed_at"])
    reason = _("补正期限已过，没有收到补正材料，视为撤回申请。")
    letter = issue(turn, "closing", result=str(Case.Result.LAPSED.label), reason=reason)
    case = conclude(turn, Outcome(note=reason, letter_id=letter.pk, notice="lapsed"))
    Ending.objects.create(case=case, result=case.result, reason=reason, ended_at=turn.at, letter_id=letter.pk)
    return case
