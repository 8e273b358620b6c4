"""Money that goes back is sent outside the transaction that decided it; what no callback told is asked for."""

from __future__ import annotations

from uuid import UUID

from tongban.foundation.tasks.actions import periodic, task

from . import actions


@task("payments.give_back")
def send_refund(refund_id: str) -> None:
    actions.give_back(refund_id=UUID(refund_id))


@periodic("payments.ask_about_orders", "* * * * *")
def ask_about_orders() -> None:
    actions.ask_about_orders()
