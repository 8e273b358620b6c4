"""Money that goes back is sent outside the transaction that decided it."""

from __future__ import annotations

from uuid import UUID

from tongban.foundation.tasks.actions import task

from .actions import give_back


@task("payments.give_back")
def send_refund(refund_id: str) -> None:
    give_back(refund_id=UUID(refund_id))
