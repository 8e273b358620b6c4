"""A value of a base register, back to the rule it was chosen by, the batch that brought it, its row and the file or table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tongban.data.lake.queries import datasets
from tongban.data.registries.queries import SEE as SEE_REGISTERS
from tongban.data.registries.queries import origin_in, record_of, rulings_of
from tongban.foundation.kernel.actors import Actor, may, permit
from tongban.foundation.kernel.errors import NotFound

from .rows import SEE, Trace, Value, trace_of

__all__ = ["SEE_REGISTERS", "Place", "Story", "story_of"]


@dataclass(frozen=True)
class Place:
    """Where one source says it. `trace` is None for rows of another department, and for a value delivered by hand (`dataset` None, too).

    `rank`: which source of the rule it is, from 1; 0: the rule no longer names it.
    """

    source: str
    as_of: str
    since: str
    batch: int
    row: int
    rank: int
    dataset: Any
    trace: Trace | None
    values: list[Value] = field(default_factory=list)


@dataclass(frozen=True)
class Story:
    """The first place is the one whose value stands; `losers` said something else or the same. `ruling` None: none was kept."""

    register: Any
    record_id: UUID
    element: str
    title: str
    by: str
    ruling: Any
    decided: bool
    stands: Place
    losers: list[Place]

    @property
    def places(self) -> list[Place]:
        return [self.stands, *self.losers]


def story_of(actor: Actor, record_id: UUID, element: str) -> Story:
    """Asks for both rights, of the register and of lineage. Raises `NotFound` for an element the record does not have.

    Values are shown by the grade of their columns, and only of rows the actor may follow; `actions.trace_value` writes the look down.
    """
    permit(actor, SEE, department_id=actor.department_id)
    register, kept = record_of(actor=actor, record_id=record_id)
    if element not in kept.values:
        raise NotFound
    origin = origin_in(register, kept, element)
    rulings = rulings_of(actor=actor, register=register.code)
    ruling = next((one for one in rulings if one.version == origin["ruling"]), None)
    elements = ruling.content["elements"] if ruling else []
    rule: dict[str, Any] = next((one for one in elements if one["name"] == element), {"from": []})
    known = {one.key: one for one in datasets()}

    def place(said: Mapping[str, Any]) -> Place:
        return _place(actor, said, known.get(said["dataset"] or ""), rule["from"])

    return Story(
        register=register, record_id=kept.pk, element=element, title=str(rule.get("title") or element),
        by=str(rule.get("by", "")), ruling=ruling, decided=origin["decided"],
        stands=place(origin), losers=[place(one) for one in origin["losers"]],
    )  # fmt: skip


def _place(actor: Actor, said: Mapping[str, Any], dataset: Any, sources: list[dict[str, Any]]) -> Place:
    ranked = [(rank, one) for rank, one in enumerate(sources, 1) if one["dataset"] == said["dataset"]]
    rank, rule = ranked[0] if ranked else (0, {})
    columns = set((rule.get("columns") or {"": rule.get("column", "")}).values())
    batch, row = (int(said["batch"]), int(said["row"])) if dataset is not None else (0, 0)
    trace = None
    if dataset is not None and may(actor, SEE, department_id=dataset.department_id):
        trace = trace_of(actor, dataset.pk, batch=batch, row=row)
    values = [value for value in trace.values if value.name in columns] if trace else []
    return Place(
        str(said["source"]), str(said["as_of"]), str(said["since"] or ""), batch, row, rank, dataset, trace, values
    )
