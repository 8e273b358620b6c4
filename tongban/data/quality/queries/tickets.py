"""Tickets, their lamps, and whether what they are about is still so."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from tongban.data.lake import queries as lake
from tongban.data.quality.models import Rule, RuleVersion, Ticket
from tongban.data.quality.rules import OF_DATASETS
from tongban.foundation.clocks.queries import clocks_of, lamp_of
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.versions import in_force

from .standing import HAND, SEE, compiled, fits, own


def tickets(*, actor: Actor, state: str = "", cursor: str = "", size: int = 50) -> Page:
    """The newest first; `late`: open and past their day."""
    permit(actor, SEE, department_id=actor.department_id)
    rows = own(actor, Ticket.objects.select_related("rule", "department", "finding__version", "finding__of_check"))
    if state == "late":
        rows = rows.exclude(state=Ticket.State.CLOSED).filter(due_on__lt=today())
    elif state in Ticket.State.values:
        rows = rows.filter(state=state)
    return page_of(rows, order=["-number"], cursor=cursor, size=size)


def ticket(*, actor: Actor, ticket_id: UUID) -> Ticket:
    one = find(
        Ticket.objects.select_related("rule", "department", "finding__version", "finding__of_check"), pk=ticket_id
    )
    permit(actor, SEE, department_id=one.department_id)
    return one


def lamps(rows: Sequence[Ticket]) -> dict[UUID, str]:
    """Ticket → its lamp; one query."""
    clocks = clocks_of([one.subject for one in rows])
    return {one.pk: lamp_of(clocks[one.subject][0]) for one in rows if clocks.get(one.subject)}


def bad_now(one: Rule) -> int:
    """How many rows offend against a rule as it holds today: in the view, and aside without having come back."""
    version = in_force(RuleVersion.objects.filter(rule=one), today())
    names = lake.dataset(actor=HAND, dataset_id=one.dataset_id).names
    if version is None or version.content["spec"]["kind"] in OF_DATASETS or not fits(version.content["spec"], names):
        return 0
    spec = compiled(version.content["spec"])
    each = lake.checked(actor=HAND, dataset_id=one.dataset_id, specs=[spec])[2]
    return each[0] + lake.aside_counts(actor=HAND, dataset_id=one.dataset_id).get(one.code, 0)
