"""模拟银行: a bank that moves no money, with the same contract as a real one, so that the whole way can be walked.

The browser goes to its cashier page with a signed order; the bank tells us the outcome by a signed message to `notify_url`
and sends the browser back to `return_url` with the same message.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlencode

from django.conf import settings

from tongban.foundation.kernel.clock import now
from tongban.services.payments.errors import BadSignature
from tongban.services.payments.gateways import Order, Outcome, is_genuine, signature
from tongban.services.payments.models import PretendTaking


class PretendBank:
    name = "pretend-bank"
    title = "模拟银行（演示，不会真的扣款）"

    def address_to_pay(self, order: Order) -> str:
        message = {
            "order_no": order.order_no,
            "amount_fen": str(order.amount_fen),
            "title": order.title[:60],
            "return_url": order.return_url,
            "notify_url": order.notify_url,
        }
        return f"/pretend-bank/cashier/?{urlencode(self.signed(message))}"

    def outcome_of(self, message: Mapping[str, str]) -> Outcome:
        self.must_be_genuine(message)
        amount = message.get("amount_fen", "")
        if "status" not in message or not amount.isdigit():
            raise BadSignature
        return Outcome(message["order_no"], message["status"] == "paid", int(amount), message.get("bank_no", ""))

    def take(self, order: Mapping[str, str]) -> None:
        """The money changes hands: from here on the bank says so, whoever hears it. An order is taken once."""
        book = {"amount_fen": int(order["amount_fen"]), "taken_at": now()}
        PretendTaking.objects.get_or_create(order_no=order["order_no"], defaults=book)

    def asked(self, *, order_no: str, amount_fen: int) -> Outcome:
        taken = PretendTaking.objects.filter(order_no=order_no).first()
        return Outcome(order_no, taken is not None, taken.amount_fen if taken else amount_fen, _bank_no(order_no))

    def give_back(self, *, order_no: str, channel_no: str, refund_no: str, amount_fen: int) -> str:
        return f"R{refund_no[-12:]}"

    def must_be_genuine(self, message: Mapping[str, str]) -> None:
        if not is_genuine(message, settings.PRETEND_BANK_SECRET, at=time.time()):
            raise BadSignature

    def signed(self, message: Mapping[str, str]) -> dict[str, str]:
        stamped = {**message, "time": str(int(time.time()))}
        return stamped | {"sign": signature(stamped, settings.PRETEND_BANK_SECRET)}

    def report(self, *, order: Mapping[str, str], paid: bool) -> dict[str, str]:
        """What the bank says about an order it was sent, signed."""
        status = "paid" if paid else "cancelled"
        return self.signed(
            {
                "order_no": order["order_no"],
                "amount_fen": order["amount_fen"],
                "status": status,
                "bank_no": _bank_no(order["order_no"]),
            }
        )


def _bank_no(order_no: str) -> str:
    return f"PB{order_no[-16:]}"
