"""Every recorded decision reached again from what was kept: the same snapshot under the same version of the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from tongban.foundation.kernel.lookup import find
from tongban.services.decisions.models import Decided
from tongban.services.decisions.rules import engine

from .weighing import digest_of, weighed_snapshot


@dataclass(frozen=True)
class Replayed:
    """What came out this time. `differs` names what is not as recorded: outcome, grounds, digest, engine."""

    decided_id: UUID
    case_id: UUID
    outcome: str
    differs: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Another version of the engine that comes to the same is no difference."""
        return not set(self.differs) - {"engine"}


def replay(decided_id: UUID | str) -> Replayed:
    """Reach one recorded decision again."""
    return _replayed(find(Decided.objects.select_related("rule_set"), pk=decided_id))


def replay_all() -> Iterator[Replayed]:
    """Reach every recorded decision again, the oldest first."""
    for decided in Decided.objects.select_related("rule_set").order_by("id").iterator(chunk_size=200):
        yield _replayed(decided)


def _replayed(decided: Decided) -> Replayed:
    rules = decided.rule_set
    weighed = weighed_snapshot(rules.content, decided.snapshot)
    grounds = [ground.as_data() for ground in weighed.grounds]
    found = {
        "outcome": weighed.outcome != decided.outcome,
        "grounds": grounds != decided.grounds,
        "digest": digest_of(rules.digest, decided.snapshot, weighed) != decided.digest,
        "engine": engine() != decided.engine,
    }
    differs = tuple(name for name, stands in found.items() if stands)
    return Replayed(decided.pk, decided.case_id, weighed.outcome, differs)
