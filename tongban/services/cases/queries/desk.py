"""What the staff's pages ask beside the worklist: numbers, the day's counts, what changed since somebody looked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from tongban.services.cases.models import Case, CaseEvent

from .asked import waiting_for
from .figures import open_rows
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
    rows, sums = open_rows(actor)
    found = {row.pop("lamp"): Counter(row) for row in rows.values("lamp").annotate(**sums).order_by()}
    counts = sum(found.values(), Counter())
    mine = visible_cases(actor).filter(is_open=True, holder_account_id=actor.seat_id).count() if actor.seat_id else 0
    asked = Case.objects.filter(is_open=True, pk__in=waiting_for(actor)).count()
    return DeskCounts(
        by_lamp={lamp: found.get(lamp, Counter())["number"] for lamp in LAMPS},
        total=counts["number"],
        overdue=counts["overdue"],
        mine=mine,
        free=counts["free"],
        fresh=counts["fresh"],
        asked=asked,
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
