"""What a clerk sees of somebody who stands at his counter, and what that person sees of the clerk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.foundation.audit.actions import look
from tongban.foundation.identity.queries import staff_names
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.lookup import find
from tongban.foundation.organisations.queries import department_names
from tongban.services.cases.models import Draft, Help, Visit
from tongban.services.items.queries import items_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tongban.foundation.kernel.actors import Actor

LIGHT = ("answers", "sources", "situation", "delivery_wish")  # each is deciphered when it is loaded


@dataclass(frozen=True)
class Helper:
    """Who writes for the applicant: name and department, since when and how long."""

    name: str
    department: str
    since: datetime
    until: datetime
    account_id: UUID


def visit_for(actor: Actor, visit_id: UUID | str) -> Visit:
    """A visit at this clerk's own counter that is not over yet; any other is `NotFound`."""
    return find(Visit.objects.filter(account_id=actor.account_id, until__gt=now()), pk=visit_id)


def drafts_of_visitor(actor: Actor, visit: Visit) -> list[Draft]:
    """What the visitor has begun of the items of this clerk's department, the latest first, without answers.

    The look is written down, whatever is found.
    """
    if actor.department_id is None or visit.account_id != actor.account_id:
        return []
    look(actor=actor, person_id=visit.person_id, what="drafts", purpose="cases.counter", subject=visit)
    codes = [item.code for item in items_of(actor.department_id)]
    rows = Draft.objects.defer(*LIGHT).filter(
        applicant_kind=visit.applicant_kind, applicant_id=visit.applicant_id, item_code__in=codes, case_id=None
    )
    return list(rows.order_by("-saved_at", "-id")[:50])


def helped_now(actor: Actor) -> list[Help]:
    """The drafts this clerk is let into at the moment, the latest first."""
    mine = Help.objects.filter(visit__account_id=actor.account_id, visit__until__gt=now(), ended_at=None)
    return list(mine.select_related("draft", "visit").defer(*(f"draft__{name}" for name in LIGHT)).order_by("-id")[:20])


def last_help(actor: Actor, draft_id: UUID | str) -> Help | None:
    """This clerk's latest help with a draft, over or not."""
    mine = Help.objects.filter(visit__account_id=actor.account_id, draft=draft_id)
    return mine.select_related("draft", "visit").order_by("-id").first()


def helpers_of(draft_ids: Iterable[UUID]) -> dict[UUID, Helper]:
    """By draft, the clerk who may write in it now. Three queries."""
    rows = Help.objects.filter(draft__in=list(draft_ids), ended_at=None, visit__until__gt=now())
    helps = list(rows.select_related("visit"))
    if not helps:
        return {}
    names = staff_names(help_.visit.account_id for help_ in helps)
    departments = department_names({help_.visit.department_id for help_ in helps})
    return {
        help_.draft_id: Helper(
            name=names.get(help_.visit.account_id, ""),
            department=departments.get(help_.visit.department_id, ""),
            since=help_.began_at,
            until=help_.visit.until,
            account_id=help_.visit.account_id,
        )
        for help_ in helps
    }
