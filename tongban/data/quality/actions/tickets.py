"""Tickets: sent to those whose data they are, corrected or explained, looked at again, closed or given back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tongban.data.quality.errors import QualityMoved, TicketRefused
from tongban.data.quality.models import Finding, Ticket, TicketStep
from tongban.data.quality.queries import ANSWER, HANDLE, bad_now, excused, finding
from tongban.data.quality.rules import is_excused, step_faults
from tongban.foundation.audit.actions import record
from tongban.foundation.clocks.actions import start_clock, stop_clock
from tongban.foundation.identity.queries import departments_who_may, staff_who_may
from tongban.foundation.kernel.actors import Actor, installer, permit
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.lookup import find
from tongban.foundation.notifications.actions import tell_reviewers
from tongban.foundation.organisations.queries import department

from .rules import next_number

CLOCK, WORKING_DAYS = "quality", "1"
MACHINE = installer(HANDLE)
# What was done → who has the next step, and what it is.
DEEDS = {
    "sent": (ANSWER, _("改正或者说明")),
    "returned": (ANSWER, _("改正或者说明")),
    "corrected": (HANDLE, _("核对")),
    "explained": (HANDLE, _("核对")),
}
FAULTS = {
    "words": _("请写明原因。"),
    "still_bad": _("再查了一次，还有 %(bad)s 行有问题。改好以后先重新归集，再来答复；确实没有错的，请写说明。"),
}


def open_tickets(found: Sequence[Finding]) -> None:
    """One for each rule of the error level that found something and has none open, unless just that has been explained."""
    for one in found:
        if one.bad and one.severity == "error" and not is_excused(one.bad, excused(one.version)):
            _open(MACHINE, one)


@transaction.atomic
def send(*, actor: Actor, finding_id: UUID) -> Ticket:
    """Send one for what a rule found, of whatever level. Refused where one is open already."""
    one = finding(actor=actor, finding_id=finding_id, verb=HANDLE)
    made = _open(actor, one) if one.bad else None
    if made is None:
        raise QualityMoved
    return made


def _open(actor: Actor, one: Finding) -> Ticket | None:
    number = next_number(Ticket)  # and nobody else opens one meanwhile
    if Ticket.objects.filter(rule_id=one.rule_id).exclude(state=Ticket.State.CLOSED).exists():
        return None
    owner = one.rule.department_id
    ticket = Ticket(number=number, finding=one, rule_id=one.rule_id, department_id=owner, sent_at=now())
    clock = start_clock(
        subject=ticket.subject, kind=CLOCK, started_on=today(), promise=(settings.QUALITY_TICKET_DAYS, WORKING_DAYS),
        statutory=None, division=department(owner).division_id,
    )  # fmt: skip
    ticket.due_on = clock.promise_due_on
    ticket.save()
    _noted(ticket, "sent", actor, "", one.bad)
    return ticket


def correct(*, actor: Actor, ticket_id: UUID, words: str = "") -> Ticket:
    """The department says it is put right. Looked at at once: while rows still offend it is refused, else it waits for the platform."""
    return _answered(actor, ticket_id, "corrected", words)


def explain(*, actor: Actor, ticket_id: UUID, words: str) -> Ticket:
    """The department says why it is no fault, or why it cannot be put right."""
    return _answered(actor, ticket_id, "explained", words)


@transaction.atomic
def _answered(actor: Actor, ticket_id: UUID, what: str, words: str) -> Ticket:
    ticket = _locked(ticket_id)
    permit(actor, ANSWER, department_id=ticket.department_id)
    bad = bad_now(ticket.rule) if what == "corrected" and ticket.state == Ticket.State.SENT else None
    _check(what, ticket, bad, words)
    ticket.state, ticket.answer = Ticket.State.ANSWERED, what
    ticket.save(update_fields=["state", "answer"])
    _noted(ticket, what, actor, words, bad)
    return ticket


@transaction.atomic
def close(*, actor: Actor, ticket_id: UUID, words: str = "") -> Ticket:
    """The platform is content; the limit ends. It is looked at once more: one said to be corrected stays while rows offend, and of one
    that was explained it is written down how many do.
    """
    ticket = _locked(ticket_id)
    permit(actor, HANDLE, department_id=ticket.department_id)
    bad = bad_now(ticket.rule) if ticket.state == Ticket.State.ANSWERED else None
    _check("closed", ticket, bad, words)
    ticket.state, ticket.closed_at = Ticket.State.CLOSED, now()
    ticket.save(update_fields=["state", "closed_at"])
    stop_clock(subject=ticket.subject, kind=CLOCK, on=today())
    _noted(ticket, "closed", actor, words, bad)
    return ticket


@transaction.atomic
def give_back(*, actor: Actor, ticket_id: UUID, words: str) -> Ticket:
    """It is not put right, or the reason does not convince; its limit runs on."""
    ticket = _locked(ticket_id)
    permit(actor, HANDLE, department_id=ticket.department_id)
    _check("returned", ticket, None, words)
    ticket.state = Ticket.State.SENT
    ticket.save(update_fields=["state"])
    _noted(ticket, "returned", actor, words, None)
    return ticket


def _locked(ticket_id: UUID) -> Ticket:
    return find(Ticket.objects.select_related("rule").select_for_update(of=("self",)), pk=ticket_id)


def _check(step: str, ticket: Ticket, bad: int | None, words: str) -> None:
    faults = step_faults(step, state=ticket.state, answer=ticket.answer, bad=bad, words=words)
    if "moved" in faults:
        raise QualityMoved
    if faults:
        raise TicketRefused(reasons=[Reason(code, FAULTS[code] % {"bad": bad}, "words") for code in faults])


def _noted(ticket: Ticket, what: str, actor: Actor, words: str, bad: int | None) -> None:
    """The step, its fact, and a message to everybody who may take the next one."""
    TicketStep.objects.create(
        ticket=ticket, what=what, words=words.strip()[:500], bad=bad, by=actor.account_id, at=now()
    )
    told = {"number": ticket.number, "what": what, "bad": bad}
    record("quality.ticket_moved", actor=actor, subject=ticket.subject, data=told)
    if what in DEEDS:
        verb, deed = DEEDS[what]
        offices = [ticket.department_id] if verb == ANSWER else sorted(departments_who_may(HANDLE))
        tell_reviewers(
            reviewers={account for office in offices for account, _name in staff_who_may(office, verb)} - actor.names,
            who=actor.name or str(_("数据质量")), what=str(_("质量工单")), title=ticket.finding.version.content["title"],
            deed=str(deed), subject=ticket, link=f"/console/quality/tickets/{ticket.pk}/",
        )  # fmt: skip
