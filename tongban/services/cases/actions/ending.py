"""Decision, certificate, delivery, closing; and the ways a case ends without a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.foundation.clocks.actions import start_clock, stop_clock
from tongban.foundation.clocks.queries import clocks_of
from tongban.foundation.kernel.errors import Reason
from tongban.services.cases.errors import CaseRefused
from tongban.services.cases.models import Case, Decision, Delivery, Ending
from tongban.services.cases.rules import NEEDS_DECISION, Result

from .licensing import license_case
from .papers import issue, remedies
from .turn import Outcome, Turn, begin, conclude, given_by

if TYPE_CHECKING:
    from tongban.foundation.clocks.models import Clock
    from tongban.foundation.kernel.actors import Actor
    from tongban.foundation.letters.models import Letter

DELIVERY_DAYS = 10  # art. 44: working days to issue and deliver
RESULT_WORDS = {"granted": gettext_lazy("准予"), "partly": gettext_lazy("部分准予"), "refused": gettext_lazy("不予")}


@transaction.atomic
def decide(*, actor: Actor, case_id: UUID, result: str, reasons: str = "") -> Case:
    """决定: `granted`, `partly` or `refused`, with its numbered document. Who reviewed a 承诺件 does not decide it."""
    chosen = Result(result) if result in NEEDS_DECISION else None
    turn = begin(actor, case_id, "decide", given_by(actor, result=chosen, reasons=reasons))
    case, refused = turn.case, chosen is Result.REFUSED
    ways = "" if chosen is Result.GRANTED else remedies()
    letter = _refusal(turn, reasons) if refused else _grant(turn, result, reasons)
    Decision.objects.create(
        case=case,
        result=result,
        reasons=reasons.strip(),
        remedies=ways,
        decided_by=actor.account_id,
        decided_at=turn.at,
        letter_id=letter.pk,
    )
    stop_clock(subject=f"case:{case.pk}", kind="decision", on=turn.on)
    clock = _delivery_clock(turn)
    return conclude(
        turn,
        Outcome(
            {"decided_at": turn.at, **_certificate(turn, chosen, letter)},
            clock,
            note=reasons if chosen is not Result.GRANTED else "",
            until=clock.promise_due_on,
            letter_id=letter.pk,
            data={"result": result},
            said={"result": result, "reasons": reasons.strip(), "basis": _basis(turn)},
            notice={"granted": "granted", "refused": "refused"}.get(result, "decided"),
            words={"result": str(RESULT_WORDS[result]), "reason": reasons},
        ),
    )


def _certificate(turn: Turn, result: Result | None, letter: Letter) -> dict[str, Any]:
    """Where the flow makes no certificate, the decision itself is the result one takes home."""
    results = turn.content.get("results") or []
    makes_one = any(stage.kind == "certify" for stage in turn.standing.stages)
    if result is Result.REFUSED or makes_one or not results:
        return {}
    licence = license_case(turn)
    if licence is not None:
        return {"certificate_name": licence.type_name, "certificate_no": licence.identifier[:100]}
    return {"certificate_name": str(results[0].get("name", ""))[:200], "certificate_no": letter.number}


def _refusal(turn: Turn, reasons: str) -> Letter:
    return issue(turn, "refusal", reasons=[reasons], basis=_basis(turn))


def _grant(turn: Turn, result: str, reasons: str) -> Letter:
    named: dict[str, Any] = (turn.content.get("results") or [{}])[0]
    return issue(
        turn,
        "grant",
        decision=str(RESULT_WORDS[result]),
        basis=_basis(turn),
        conditions=reasons,
        result_name=named.get("name", ""),
        validity=named.get("validity", ""),
    )


def _basis(turn: Turn) -> list[str]:
    return [f"《{law['law']}》{law.get('clause', '')}" for law in turn.content.get("by_law") or ()]


def _delivery_clock(turn: Turn) -> Clock:
    return start_clock(
        subject=f"case:{turn.case.pk}",
        kind="delivery",
        started_on=turn.on,
        promise=(_delivery_days(turn), "1"),
        statutory=(DELIVERY_DAYS, "1"),
        division=turn.case.division,
    )


def _delivery_days(turn: Turn) -> int:
    """What the flow allows for certificate and delivery; never more than the law does."""
    stages = [stage for stage in turn.standing.stages if stage.kind in ("certify", "deliver")]
    return min(sum(stage.limit_days for stage in stages) or DELIVERY_DAYS, DELIVERY_DAYS)


@transaction.atomic
def certify(*, actor: Actor, case_id: UUID, certificate_no: str = "") -> Case:
    """制证: the certificate the item promises is made; without a number of its own it bears that of its document."""
    turn = begin(actor, case_id, "certify", given_by(actor))
    results = turn.content.get("results") or [{}]
    name = str(results[0].get("name") or turn.case.task_name)
    validity = results[0].get("validity", "")
    letter = issue(turn, "licence", licence_name=name, licence_no=certificate_no, validity=validity)
    licence = license_case(turn)
    number = licence.identifier if licence else certificate_no.strip() or letter.number
    columns = {"certificate_name": name[:200], "certificate_no": number[:100]}
    return conclude(turn, Outcome(columns, note=name, letter_id=letter.pk))


@transaction.atomic
def deliver(
    *,
    actor: Actor,
    case_id: UUID,
    way: str,
    tracking_no: str = "",
    carrier: str = "",
    receiver: str = "",
    note: str = "",
) -> Case:
    """送达: online, by post with a tracking number, or at the counter to a named receiver. Online and at the counter it is
    delivered at once and the case closes; by post it closes when somebody says it arrived (`close`)."""
    turn = begin(actor, case_id, "deliver", given_by(actor))
    _check_delivery(way, tracking_no, receiver)
    arrived = way != Delivery.Way.POST
    letter = issue(
        turn,
        "delivery",
        way=str(Delivery.Way(way).label),
        tracking_no=tracking_no,
        delivered_on=turn.on,
        delivered_by=actor.name,
        documents=[turn.case.certificate_name or _("决定书")],
        note=receiver,
    )
    Delivery.objects.create(
        case=turn.case,
        way=way,
        carrier=carrier.strip(),
        tracking_no=tracking_no.strip(),
        receiver=receiver.strip(),
        sent_at=turn.at,
        sent_by=actor.account_id,
        delivered_at=turn.at if arrived else None,
        letter_id=letter.pk,
    )
    how = str(Delivery.Way(way).label) + (f" {carrier} {tracking_no}" if not arrived else "")
    case = conclude(
        turn,
        Outcome(note=note or how, letter_id=letter.pk, data={"way": way}, notice="delivered", words={"how": how}),
    )
    return _closed(begin(actor, case.pk, "close", given_by(actor))) if arrived else case


def _check_delivery(way: str, tracking_no: str, receiver: str) -> None:
    reasons = []
    if way not in Delivery.Way.values:
        reasons.append(Reason("cases.way", _("请选择送达方式。"), "way"))
    if way == Delivery.Way.POST and not tracking_no.strip():
        reasons.append(Reason("cases.tracking_missing", _("请填写邮寄单号。"), "tracking_no"))
    if way == Delivery.Way.COUNTER and not receiver.strip():
        reasons.append(Reason("cases.receiver_missing", _("请填写领取人姓名。"), "receiver"))
    if reasons:
        raise CaseRefused(reasons=reasons)


@transaction.atomic
def close(*, actor: Actor, case_id: UUID) -> Case:
    """办结: what was sent by post has arrived."""
    return _closed(begin(actor, case_id, "close", given_by(actor)))


def _closed(turn: Turn) -> Case:
    Delivery.objects.filter(case=turn.case, delivered_at=None).update(delivered_at=turn.at)
    stop_clock(subject=f"case:{turn.case.pk}", kind="delivery", on=turn.on)
    letter = issue(turn, "closing", result=str(Case.Result(turn.case.result).label))
    return conclude(turn, Outcome(letter_id=letter.pk, data={"result": turn.case.result}, notice="closed"))


@transaction.atomic
def withdraw(*, actor: Actor, case_id: UUID, reason: str = "") -> Case:
    """撤回: the applicant takes his application back, at any time before the decision."""
    return _ended(begin(actor, case_id, "withdraw", given_by(actor, reasons=reason)), reason, "withdrawn")


@transaction.atomic
def terminate(*, actor: Actor, case_id: UUID, reasons: str) -> Case:
    """终止: what was applied for is gone, or the applicant is."""
    return _ended(begin(actor, case_id, "terminate", given_by(actor, reasons=reasons)), reasons, "terminated")


@transaction.atomic
def void(*, actor: Actor, case_id: UUID, reasons: str) -> Case:
    """作废: it should never have been entered."""
    return _ended(begin(actor, case_id, "void", given_by(actor, reasons=reasons)), reasons, "terminated")


def _ending_letter(turn: Turn, reason: str) -> Letter:
    if turn.verb == "withdraw":
        return issue(turn, "withdrawal", withdrawn_on=turn.on)
    return issue(turn, "termination", reasons=[reason])


def _ended(turn: Turn, reason: str, notice: str) -> Case:
    case, subject = turn.case, f"case:{turn.case.pk}"
    for clock in clocks_of([subject]).get(subject, []):
        if clock.ended_on is None:
            stop_clock(subject=subject, kind=clock.kind, on=turn.on)
    case.suspensions.filter(ended_on=None).update(ended_on=turn.on)
    case.corrections.filter(supplied_at=None, lapsed_at=None).update(lapsed_at=turn.at)
    letter = _ending_letter(turn, reason)
    words: dict[str, Any] = {"reason": reason}
    case = conclude(turn, Outcome(note=reason, letter_id=letter.pk, notice=notice, words=words))
    Ending.objects.create(
        case=case,
        result=case.result,
        reason=reason,
        ended_by=turn.actor.account_id,
        ended_at=turn.at,
        letter_id=letter.pk,
    )
    return case
