"""What a department answers first: received, accepted, not accepted, or turn to another body (行政许可法 art. 32)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from tongban.foundation.clocks.actions import start_clock, stop_clock
from tongban.foundation.kernel.clock import now
from tongban.services.cases.models import Case, Ending
from tongban.services.forms.queries import leaf

from .papers import day_of, issue, material_lines, remedies
from .transfers import lapse_offer
from .turn import Outcome, Turn, begin, conclude, given_by, light, locked

if TYPE_CHECKING:
    from tongban.foundation.clocks.models import Clock
    from tongban.foundation.kernel.actors import Actor


def acceptance_clock(case: Case) -> str:
    """The kind of the clock that runs until the first answer; each supplied correction starts another."""
    return "acceptance" if not case.correction_count else f"acceptance{case.correction_count + 1}"


@transaction.atomic
def receive(*, actor: Actor, case_id: UUID) -> Case:
    """收件: the materials were looked through and taken in; the applicant gets a receipt."""
    turn = begin(actor, case_id, "receive", given_by(actor))
    letter = issue(turn, "receipt", received_on=turn.on, materials=material_lines(turn))
    columns = {"holder_account_id": actor.seat_id}
    return conclude(turn, Outcome(columns, letter_id=letter.pk, notice="received"))


@transaction.atomic
def accept(*, actor: Actor, case_id: UUID, note: str = "") -> Case:
    """受理, with its numbered and dated notice; from here the promised and the statutory limit run."""
    turn = begin(actor, case_id, "accept", given_by(actor))
    return _accepted(turn, turn.on, note)


@transaction.atomic
def accept_by_silence(*, actor: Actor, case_id: UUID) -> Case:
    """Nobody answered in five working days: accepted as of the day the materials were received (art. 32 (4))."""
    lapse_offer(locked(case_id), now())
    turn = begin(actor, case_id, "accept", given_by(actor))
    turn.case.accepted_by_silence = True
    light(turn.case, "yellow", _("逾期未答复，视为受理"))
    return _accepted(
        turn,
        day_of(turn.case.received_at),
        _("五个工作日内未答复，自收到材料之日起视为受理。"),
        event="accepted_by_silence",
    )


def _accepted(turn: Turn, started_on: date, note: str, event: str = "") -> Case:
    case = turn.case
    stop_clock(subject=f"case:{case.pk}", kind=acceptance_clock(case), on=turn.on)
    clock = _decision_clock(turn, started_on)
    letter = issue(
        turn,
        "acceptance",
        accepted_on=started_on,
        due_on=clock.promise_due_on,
        statutory_due_on=clock.statutory_due_on,
        materials=material_lines(turn),
    )
    columns = {
        "accepted_at": case.received_at if event else turn.at,
        "promise_due_on": clock.promise_due_on,
        "statutory_due_on": clock.statutory_due_on,
        "due_certain": clock.certain,
    }
    return conclude(
        turn,
        Outcome(
            columns,
            clock,
            note=note,
            until=clock.promise_due_on,
            letter_id=letter.pk,
            event=event,
            notice="accepted",
            words={"until": clock.promise_due_on},
        ),
    )


def _decision_clock(turn: Turn, started_on: date) -> Clock:
    """Promised and statutory limit of this situation, kept apart."""
    rest = leaf(turn.content, turn.case.situation, applicant_kind=turn.case.applicant_kind)
    promise, statutory = rest.promise, rest.statutory
    return start_clock(
        subject=f"case:{turn.case.pk}",
        kind="decision",
        started_on=started_on,
        promise=(int(promise.get("days") or 0), promise.get("unit") or "1"),
        statutory=(int(statutory["days"]), statutory.get("unit") or "1")
        if statutory and statutory.get("days")
        else None,
        division=turn.case.division,
    )


@transaction.atomic
def refuse_acceptance(*, actor: Actor, case_id: UUID, reasons: str, not_needed: bool = False) -> Case:
    """不予受理, with reasons and the ways to object. `not_needed`: the law asks no permission for this (art. 32 (1))."""
    turn = begin(actor, case_id, "refuse_acceptance", given_by(actor, reasons=reasons))
    basis = [_("依法不需要取得行政许可（行政许可法第三十二条第一款第一项）。")] if not_needed else []
    letter = issue(turn, "not_accepted", reasons=[reasons], basis=basis)
    return end_unaccepted(
        turn, letter.pk, reasons, notice="not_accepted", words={"reason": reasons}, ways_to_object=remedies()
    )


@transaction.atomic
def transfer(*, actor: Actor, case_id: UUID, competent_body: str, reasons: str) -> Case:
    """Not ours to decide: closed, and the applicant is told whom to turn to (art. 32 (2))."""
    turn = begin(actor, case_id, "transfer", given_by(actor, reasons=reasons))
    letter = issue(turn, "transfer", other_department=competent_body, reason=reasons)
    words = {"reason": reasons, "department": competent_body}
    return end_unaccepted(turn, letter.pk, reasons, notice="transferred", words=words, competent_body=competent_body)


def end_unaccepted(
    turn: Turn,
    letter_id: UUID | None,
    reasons: str,
    *,
    notice: str,
    words: dict,
    ways_to_object: str = "",
    competent_body: str = "",
) -> Case:
    """Close a case that was never accepted: its clock stops, how it ended is kept."""
    case = turn.case
    stop_clock(subject=f"case:{case.pk}", kind=acceptance_clock(case), on=turn.on)
    case = conclude(turn, Outcome(note=reasons, letter_id=letter_id, notice=notice, words=words))
    Ending.objects.create(
        case=case,
        result=case.result,
        reason=reasons,
        remedies=ways_to_object,
        competent_body=competent_body,
        ended_by=turn.actor.account_id,
        ended_at=turn.at,
        letter_id=letter_id,
    )
    return case
