"""What the staff's pages ask beside the worklist: numbers, the day's counts, what changed since somebody looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tongban.foundation.kernel.clock import today
from tongban.services.cases.models import Case, CaseEvent

from .asked import waiting_for
from .figures import open_rows, total_of
from .seen import visible_cases
from .timeline import TITLES
from .worklist import LAMPS

if TYPE_CHECKING:
    from tongban.foundation.kernel.actors import Actor


def case_numbers(actor: Actor, case_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Case numbers by id, of those he may see. One query."""
    return dict(visible_cases(actor).filter(pk__in=list(case_ids)).values_list("pk", "project_no"))


@dataclass(frozen=True)
class DeskCounts:
    """What waits for an officer today, in his department."""

    by_lamp: dict[str, int]
    total: int
    overdue: int
    mine: int
    free: int
    fresh: int
    asked: int


def desk_counts(actor: Actor) -> DeskCounts:
    """Open cases by lamp, his own, those nobody took, those not yet answered, opinions owed."""
    rows, each = open_rows(actor)
    sums: dict[str, dict[str, Any]] = {lamp: {"lamp": lamp} for lamp in LAMPS}
    sums |= {"total": {}, "overdue": {"urgent_on__lt": today()}, "free": {"is_free": True}}
    sums["fresh"] = {"state__in": ["submitted", "received"]}
    # Named apart from the columns, which they would hide.
    found = rows.aggregate(**{f"n_{name}": total_of(each, **condition) for name, condition in sums.items()})
    counts = {name: found[f"n_{name}"] for name in sums}
    mine = visible_cases(actor).filter(is_open=True, holder_account_id=actor.seat_id).count() if actor.seat_id else 0
    asked = Case.objects.filter(is_open=True, pk__in=waiting_for(actor)).count()
    return DeskCounts(
        {lamp: counts[lamp] for lamp in LAMPS},
        counts["total"],
        counts["overdue"],
        mine,
        counts["free"],
        counts["fresh"],
        asked,
    )


def last_event(case: Case) -> str:
    """A mark of the state somebody saw: the latest event of the case."""
    return str(case.events.order_by("-id").values_list("pk", flat=True).first() or "")


def events_since(case: Case, mark: str) -> list[CaseEvent]:
    """What happened after the state with this mark was seen; all of it when the mark is not one of ours."""
    rows = case.events.order_by("id")
    try:
        return list(rows.filter(pk__gt=UUID(mark)))
    except ValueError:
        return list(rows)


def event_title(verb: str) -> str:
    """What a verb is called on the time line."""
    return str(TITLES.get(verb, verb))
