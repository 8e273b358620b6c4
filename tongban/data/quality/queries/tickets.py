"""Tickets, their lamps, and whether what they are about is still so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from tongban.data.lake import queries as lake
from tongban.data.quality.models import Rule, RuleVersion, Ticket
from tongban.data.quality.rules import OF_DATASETS, is_fresh
from tongban.foundation.clocks.queries import clocks_of, lamp_of
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.lookup import find
from tongban.foundation.kernel.paging import Page, page_of
from tongban.foundation.kernel.versions import in_force

from .standing import HAND, SEE, compiled, fits, newest_batch_at, own


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


def open_tickets_of(rule_ids: Iterable[UUID]) -> dict[UUID, Ticket]:
    """Rule → its open ticket, where there is one. One query."""
    rows = Ticket.objects.filter(rule_id__in=list(rule_ids)).exclude(state=Ticket.State.CLOSED)
    return {one.rule_id: one for one in rows}


def excused(version: RuleVersion) -> int | None:
    """How many rows offended against a version when its last ticket was closed with an explanation; None: it was not, or another
    version was meant."""
    last = Ticket.objects.filter(rule_id=version.rule_id, state=Ticket.State.CLOSED).order_by("-number").first()
    if last is None or last.answer != "explained" or last.finding.version_id != version.pk:
        return None
    closing = last.steps.filter(what="closed").order_by("-at").first()
    return closing.bad if closing else None


def bad_now(one: Rule) -> int:
    """How many rows offend against a rule as it holds today: in the view, and aside without having come back. What is asked of the
    dataset as a whole: 1 when the newest batch is late; a swing is one between two checks and cannot be looked at again.
    """
    version = in_force(RuleVersion.objects.filter(rule=one), today())
    names = lake.dataset(actor=HAND, dataset_id=one.dataset_id).names
    if version is None or not fits(version.content["spec"], names):
        return 0
    spec = compiled(version.content["spec"])
    if spec["kind"] in OF_DATASETS:
        return int(spec["kind"] == "fresh" and not is_fresh(newest_batch_at(one.dataset_id), int(spec["hours"]), now()))
    each = lake.checked(actor=HAND, dataset_id=one.dataset_id, specs=[spec])[2]
    return each[0] + lake.aside_counts(actor=HAND, dataset_id=one.dataset_id).get(one.code, 0)
