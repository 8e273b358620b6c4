"""Reading bills: the payer his own, the department those of its cases."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count

from tongban.foundation.kernel.actors import may, permit
from tongban.foundation.kernel.errors import NotFound, NotSignedIn
from tongban.foundation.kernel.ids import first_at
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of

from .channels import channels
from .errors import NoSuchChannel
from .models import COUNTER, Bill, Payment, Refund

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from tongban.foundation.kernel.actors import Actor

    from .gateways import Channel


def channel(name: str) -> Channel:
    """A channel that is switched on, or `NoSuchChannel`."""
    found = channels().get(name)
    if found is None:
        raise NoSuchChannel
    return found


def bill_for(actor: Actor, bill_id: UUID, *, lock: bool = False) -> Bill:
    """A bill this actor may see: his own, or one of his department's cases."""
    rows = Bill.objects.select_for_update() if lock else Bill.objects.all()
    bill = find(rows, id=bill_id)
    if not may(actor, "cases.see", owner_id=bill.payer_id, department_id=bill.department_id, division=bill.division):
        raise NotFound
    return bill


def bill_of(case_id: UUID) -> Bill | None:
    """The bill of a case the caller may already see. One query."""
    return Bill.objects.filter(case_id=case_id).first()


def bills_of(actor: Actor, *, cursor: str = "", size: int = 20) -> Page:
    """His own bills, newest first."""
    if not actor.signed_in:
        raise NotSignedIn
    return page_of(Bill.objects.filter(payer_id=actor.applicant_id), order=["-id"], cursor=cursor, size=size)


def refunds_waiting(actor: Actor, *, done: bool = False) -> QuerySet[Refund]:
    """What this actor's department took at its counter and must give back by hand, the oldest first; with `done` also what it gave."""
    permit(actor, "cases.receive", department_id=actor.department_id)
    rows = Refund.objects.filter(payment__channel=COUNTER, payment__bill__department_id=actor.department_id)
    rows = rows if done else rows.filter(state=Refund.State.REQUESTED)
    return rows.select_related("payment__bill").order_by("asked_at", "id")


def without_answer(before: datetime) -> QuerySet[Payment]:
    """Attempts begun before a moment of which no channel has told the end, the oldest first."""
    return Payment.objects.filter(state=Payment.State.STARTED, started_at__lt=before).order_by("started_at")


def under_way(bill: Bill) -> Payment | None:
    """The newest attempt to pay a bill of which no channel has told the end; for the payer, lest he pay twice."""
    return bill.payments.filter(state=Payment.State.STARTED).order_by("-id").first()


def payment_of(order_no: str) -> Payment:
    return find(Payment.objects.select_related("bill"), order_no=order_no)


def payments_since(moment: datetime) -> list[dict[str, Any]]:
    """How attempts to pay fared since a moment, for operators: `channel`, `state`, `count`."""
    rows: QuerySet[Any, Any] = Payment.objects.filter(pk__gte=first_at(moment)).values("channel", "state")
    return list(rows.annotate(count=Count("pk")).order_by("channel", "state"))
