"""Billing a case, paying a bill once however often the bank says so, and giving money back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from django.db import connection, transaction

from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason, TongbanError
from tongban.foundation.kernel.later import defer
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import notify

from .errors import SENTENCES, AmountDiffers, BillRefused, NotPayable, ReceiptMissing
from .gateways import LONGEST_WAY_S, Order
from .models import COUNTER, Bill, Payment, Refund
from .queries import bill_for, channel, refunds_waiting, without_answer
from .rules import faults_of, lines_of, may_become, payment_code, to_give_back

if TYPE_CHECKING:
    from .gateways import Outcome

log = structlog.get_logger(__name__)
ASK_AFTER = timedelta(minutes=2)  # most callbacks come within seconds
GIVEN_UP_AFTER = timedelta(seconds=2 * LONGEST_WAY_S)  # a cashier takes an order for half of that
A_PASS = 500
# A channel reports an outcome with its signature, not with an account.
CHANNEL = Actor(kind="system")


@transaction.atomic
def create_bill(
    *,
    actor: Actor,
    case_id: UUID,
    project_no: str,
    task_name: str,
    department_id: UUID,
    division: str,
    payer_id: UUID | None,
    person_id: UUID | None,
    fees: Iterable[Mapping[str, Any]],
) -> Bill | None:
    """Bill a case for the fees of its item that apply; none when nothing is owed. A second call answers the first bill.

    Called within the action of `cases` that has asked for the right; raises `BillRefused` for a fee without basis.
    """
    lines = lines_of(fees)
    faults = faults_of(lines)
    if faults:
        raise BillRefused(reasons=[Reason(code, SENTENCES[code]) for code in faults])
    if not lines:
        return None
    bill, made = Bill.objects.get_or_create(
        case_id=case_id,
        defaults={
            "payment_code": payment_code(division, today(), _next_serial()),
            "project_no": project_no,
            "task_name": task_name,
            "department_id": department_id,
            "division": division,
            "payer_id": payer_id,
            "person_id": person_id,
            "lines": [line.as_data() for line in lines],
            "amount_fen": sum(line.amount_fen for line in lines),
            "made_at": now(),
        },
    )
    if made:
        record("payments.billed", actor=actor, subject=bill, data={"case": str(case_id), "amount_fen": bill.amount_fen})
        _tell("payments.due", bill)
    return bill


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('payments_code_serial')")
        return int(cursor.fetchone()[0])


def start_payment(*, actor: Actor, bill_id: UUID, channel_name: str, return_url: str, notify_url: str) -> str:
    """Begin to pay; answers where the browser must go. Every attempt has an order number of its own."""
    payment = _start(actor=actor, bill_id=bill_id, channel_name=channel_name)
    order = Order(payment.order_no, payment.amount_fen, payment.bill.task_name, return_url, notify_url)
    return channel(channel_name).address_to_pay(order)  # may be a call to the bank, so outside the transaction


@transaction.atomic
def _start(*, actor: Actor, bill_id: UUID, channel_name: str) -> Payment:
    bill = bill_for(actor, bill_id, lock=True)
    permit(actor, "cases.apply", owner_id=bill.payer_id)
    channel(channel_name)
    if bill.state != Bill.State.DUE:
        raise NotPayable
    count = bill.payments.count() + 1
    payment = Payment.objects.create(
        bill=bill,
        channel=channel_name,
        order_no=f"{bill.payment_code}{count:04d}",
        amount_fen=bill.amount_fen,
        started_at=now(),
    )
    record("payments.started", actor=actor, subject=bill, data={"order_no": payment.order_no, "channel": channel_name})
    return payment


def settle(*, channel_name: str, message: Mapping[str, str]) -> Payment:
    """Take note of what a channel reports. The same report again changes nothing.

    A second payment of a bill that is paid, or of one whose case has ended, is taken note of and given back.
    """
    return _note(channel_name, channel(channel_name).outcome_of(message))  # the signature is the permission


def ask_about_orders() -> int:
    """Ask the channels about attempts of which nobody told us the end (查单); how many ended now.

    A callback may be lost, and the payer may close his browser after he paid. An order that is still unpaid when no cashier takes it any
    more has failed. What one channel does not answer, or answers otherwise than was asked for, is asked again and holds up no other.
    """
    ended = 0
    for payment in without_answer(now() - ASK_AFTER)[:A_PASS]:
        try:
            outcome = channel(payment.channel).asked(order_no=payment.order_no, amount_fen=payment.amount_fen)
            if outcome.paid or payment.started_at < now() - GIVEN_UP_AFTER:
                _note(payment.channel, outcome)
                ended += 1
        except TongbanError as refusal:
            log.warning("order not answered for", payment=str(payment.pk), code=refusal.code)
    return ended


@transaction.atomic
def _note(channel_name: str, outcome: Outcome) -> Payment:
    found = find(Payment.objects.select_related("bill"), order_no=outcome.order_no, channel=channel_name)
    bill = Bill.objects.select_for_update().get(pk=found.bill_id)  # the bill first: two orders of one bill wait in line
    payment = Payment.objects.select_for_update().get(pk=found.pk)
    payment.bill = bill
    if outcome.paid and outcome.amount_fen != payment.amount_fen:
        raise AmountDiffers
    if payment.state in (Payment.State.PAID, Payment.State.EXTRA):
        return payment
    if not outcome.paid:
        return _settled(payment, Payment.State.FAILED, outcome)
    if bill.state != Bill.State.DUE:
        _settled(payment, Payment.State.EXTRA, outcome)
        _ask_back(payment, payment.amount_fen, "extra", CHANNEL)
        return payment
    _settled(payment, Payment.State.PAID, outcome)
    _change(bill, Bill.State.PAID, paid_at=payment.settled_at)
    record("payments.paid", actor=CHANNEL, subject=bill, data={"case": str(bill.case_id), "order_no": payment.order_no})
    _tell("payments.paid", bill)
    return payment


@transaction.atomic
def take_at_counter(*, actor: Actor, bill_id: UUID, receipt_no: str) -> Payment:
    """Note that the payer paid at the department's counter, by the number of the treasury's paper receipt.

    For whoever cannot or will not pay online, and for payers who have no account. Raises `NotPayable` for a bill that is
    not due, `ReceiptMissing` without a number.
    """
    bill = bill_for(actor, bill_id, lock=True)
    permit(actor, "cases.receive", department_id=bill.department_id)
    if bill.state != Bill.State.DUE:
        raise NotPayable
    if not 4 <= len(receipt_no.strip()) <= 40:
        raise ReceiptMissing(reasons=[Reason("payments.receipt_missing", SENTENCES["receipt_missing"], "receipt_no")])
    at, count = now(), bill.payments.count() + 1
    payment = Payment.objects.create(
        bill=bill,
        channel=COUNTER,
        order_no=f"{bill.payment_code}{count:04d}",
        amount_fen=bill.amount_fen,
        state=Payment.State.PAID,
        channel_no=receipt_no.strip(),
        started_at=at,
        settled_at=at,
    )
    _change(bill, Bill.State.PAID, paid_at=at)
    record("payments.paid", actor=actor, subject=bill, data={"case": str(bill.case_id), "order_no": payment.order_no})
    _tell("payments.paid", bill)
    return payment


def _settled(payment: Payment, state: str, outcome: Outcome) -> Payment:
    payment.state, payment.channel_no, payment.settled_at = state, outcome.channel_no, now()
    payment.save(update_fields=["state", "channel_no", "settled_at"])
    return payment


@transaction.atomic
def end_bill(*, actor: Actor, case_id: UUID, result: str) -> Bill | None:
    """A case ended: an unpaid bill is cancelled, and what the law gives back of a paid one is sent back.

    Called by the action of `cases` that ends the case. A granted case keeps its bill as it is.
    """
    bill = Bill.objects.select_for_update().filter(case_id=case_id).first()
    if bill is None:
        return None
    amount_fen = to_give_back(bill.lines, result)
    if bill.state == Bill.State.DUE and amount_fen:
        _change(bill, Bill.State.CANCELLED)
        record("payments.cancelled", actor=actor, subject=bill, data={"result": result})
    elif bill.state == Bill.State.PAID and amount_fen:
        _change(bill, Bill.State.REFUNDING)
        _ask_back(bill.payments.get(state=Payment.State.PAID), amount_fen, result, actor)
    return bill


def _ask_back(payment: Payment, amount_fen: int, reason: str, actor: Actor) -> None:
    refund = Refund.objects.create(payment=payment, amount_fen=amount_fen, reason=reason, asked_at=now())
    data = {"refund": str(refund.id), "amount_fen": amount_fen, "reason": reason}
    if payment.channel != COUNTER:  # what was paid at the counter goes back through the treasury, by hand
        defer("payments.give_back", refund_id=refund.id)
    record("payments.refund_asked", actor=actor, subject=payment.bill, data=data)


def give_back(*, refund_id: UUID) -> Refund:
    """Send a refund to its channel and note that it left. Harmless to repeat; never within a transaction."""
    refund = find(Refund.objects.select_related("payment"), id=refund_id)
    if refund.state == Refund.State.DONE:
        return refund
    payment = refund.payment
    number = channel(payment.channel).give_back(
        order_no=payment.order_no, channel_no=payment.channel_no, refund_no=refund.id.hex, amount_fen=refund.amount_fen
    )
    return _given_back(refund.id, number)


@transaction.atomic
def pay_back_at_counter(*, actor: Actor, refund_id: UUID, receipt_no: str) -> Refund:
    """Note that what was paid at the counter went back to the payer, by the number of the treasury's refund paper (退付书).

    Said of a refund that is done already, nothing changes. What was paid through a channel goes back through it alone.
    """
    refund = find(refunds_waiting(actor, done=True), id=refund_id)
    permit(actor, "cases.receive", department_id=refund.payment.bill.department_id)
    if not 4 <= len(receipt_no.strip()) <= 40:
        raise ReceiptMissing(
            reasons=[Reason("payments.receipt_missing", SENTENCES["refund_paper_missing"], f"receipt-{refund_id}")]
        )
    return _given_back(refund_id, receipt_no.strip(), actor)


@transaction.atomic
def _given_back(refund_id: UUID, number: str, actor: Actor = CHANNEL) -> Refund:
    refund = Refund.objects.select_for_update(of=("self",)).select_related("payment__bill").get(pk=refund_id)
    if refund.state == Refund.State.DONE:
        return refund
    refund.state, refund.channel_no, refund.done_at = Refund.State.DONE, number, now()
    refund.save(update_fields=["state", "channel_no", "done_at"])
    bill = refund.payment.bill
    if may_become(bill.state, Bill.State.REFUNDED):
        _change(bill, Bill.State.REFUNDED, refunded_at=refund.done_at)
    record("payments.refunded", actor=actor, subject=bill, data={"amount_fen": refund.amount_fen})
    _tell("payments.refunded", bill, refund.amount_fen)
    return refund


def _change(bill: Bill, state: str, **moments: datetime | None) -> None:
    if not may_become(bill.state, state):
        raise NotPayable
    bill.state = state
    for name, moment in moments.items():
        setattr(bill, name, moment)
    bill.save(update_fields=["state", *moments])


def _tell(template: str, bill: Bill, amount_fen: int | None = None) -> None:
    if bill.person_id is None:
        return
    yuan = (amount_fen or bill.amount_fen) / 100
    words = {
        "task_name": bill.task_name,
        "project_no": bill.project_no,
        "payment_code": bill.payment_code,
        "amount": f"{yuan:.2f}元",
    }
    notify(
        person_id=bill.person_id,
        template=template,
        department_id=bill.department_id,
        data=words,
        subject=f"bill:{bill.id}",
        link=f"/my/bills/{bill.id}/",
    )
