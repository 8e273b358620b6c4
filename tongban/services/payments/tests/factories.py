"""Bills that are valid by default."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tongban.foundation.kernel.ids import uuid7
from tongban.services.payments.actions import create_bill, end_bill, settle, take_at_counter
from tongban.services.payments.channels.pretend_bank import PretendBank
from tongban.services.payments.models import Bill, Payment, Refund

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

FEES = [
    {"key": "card", "name": "证书工本费", "amount_fen": 1000, "standard": "每证10元", "basis": "川发改价格〔2018〕1号"},
    {
        "key": "exam",
        "name": "考试费",
        "amount_fen": 2050,
        "basis": "川发改价格〔2018〕2号",
        "refund_when": ["withdrawn"],
    },
]


def make_bill(actor: Actor, **changes: object) -> Bill:
    return create_bill(
        **{
            "actor": actor,
            "case_id": uuid7(),
            "project_no": "示例编号",
            "task_name": "某项许可",
            "department_id": uuid7(),
            "division": "511602000000",
            "payer_id": actor.applicant_id,
            "person_id": actor.person_id,
            "fees": FEES,
        }
        | changes
    )


def report(payment: Payment, *, paid: bool = True, **changes: str) -> dict[str, str]:
    """What the pretend bank would say about an order, signed."""
    order = {"order_no": payment.order_no, "amount_fen": str(payment.amount_fen)} | changes
    return PretendBank().report(order=order, paid=paid)


def pay(payment: Payment) -> Payment:
    return settle(channel_name=PretendBank.name, message=report(payment))


def refund_at_counter(clerk: Actor, payer: Actor | None = None, **changes: object) -> Refund:
    """What a clerk's department took at its counter and, its case withdrawn, owes back."""
    bill = make_bill(payer or clerk, department_id=clerk.department_id, **changes)
    payment = take_at_counter(actor=clerk, bill_id=bill.pk, receipt_no="51160226000123")
    end_bill(actor=clerk, case_id=bill.case_id, result="withdrawn")
    return Refund.objects.get(payment=payment)
