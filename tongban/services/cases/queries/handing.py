"""What one may know about handing a case on: what can be taken back, who is urged, who may be given or asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.foundation.identity.queries import staff_who_may
from tongban.foundation.kernel.clock import SHANGHAI, today
from tongban.services.cases.models import Case, CaseEvent
from tongban.services.cases.rules import Happened, Standing, State, fits, rights_for, stage_rights, taken_back

from .case import standing_of

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor

LATEST = 30  # enough to look behind everybody who urged
MOST_URGED = 20  # colleagues told when nobody has the case


def undoable(case: Case, actor: Actor) -> tuple[CaseEvent | None, list[str]]:
    """The last event of a case and why it cannot be taken back by this actor. One query."""
    events = list(case.events.order_by("-id")[:LATEST])
    line = [Happened(event.verb, _names(event), event.before is not None) for event in events]
    codes = taken_back(line, actor.names)
    last = next((event for event, happened in zip(events, line, strict=True) if happened.can_be_undone), None)
    return (None if codes else last), codes


def _names(event: CaseEvent) -> frozenset[UUID]:
    return frozenset(account for account in (event.account_id, event.for_account_id) if account)


def undo_rights(standing: Standing, event: CaseEvent) -> tuple[str, ...]:
    """Taking back needs the right that passing on needed."""
    before = event.before or {}
    then = replace(
        standing, stage=before.get("stage_key") or standing.stage, state=State(before.get("state") or standing.state)
    )
    return rights_for(then, event.verb)


def urged_today(case: Case, actor: Actor) -> int:
    """How often this person has urged this case since midnight."""
    since = datetime.combine(today(), time.min, SHANGHAI)
    rows = case.events.filter(verb="urge", at__gte=since)
    if actor.kind == "staff":
        return rows.filter(account_id=actor.account_id).count()
    return rows.exclude(actor_kind="staff").count()


def whom_to_urge(case: Case, standing: Standing) -> set[UUID]:
    """Who has the case, and who is still asked; everybody who could take it when nobody has."""
    waiting = case.steps.filter(state="todo", is_opinion=True)
    whom: set[UUID] = set()
    for named, department in waiting.values_list("named_account_id", "department_id"):
        whom |= {named} if named else _some(department, "cases.sign")
    if case.holder_account_id:
        return whom | {case.holder_account_id}
    rights = ("cases.transfer",) if standing.offered else stage_rights(standing)
    return whom | _some(case.holder_department_id, *rights)


def _some(department_id: UUID, *rights: str) -> set[UUID]:
    return {account for account, _name in staff_who_may(department_id, *rights)[:MOST_URGED]}


def colleagues_fit(case: Case) -> list[tuple[UUID, str]]:
    """To whom a case may be given in the stage it is in: (account, name)."""
    standing = standing_of(case)
    able = staff_who_may(case.holder_department_id, *stage_rights(standing))
    return [(account, name) for account, name in able if not fits(standing, account, {account})]


def colleagues_asked(actor: Actor) -> list[tuple[UUID, str]]:
    """Whom one may ask by name for an opinion: those of one's own department who may give one."""
    if actor.department_id is None:
        return []
    able = staff_who_may(actor.department_id, "cases.sign")
    return [(account, name) for account, name in able if account not in actor.names]
