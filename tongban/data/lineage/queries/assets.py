"""What data there are (数据资产): systems, resources, datasets with rows, size, grade and last change, by department; and who used them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from tongban.data.catalogue.queries import parts_for_lineage
from tongban.data.lake import queries as lake
from tongban.foundation.audit.queries import facts_named
from tongban.foundation.kernel.actors import Actor, Scope, permit
from tongban.foundation.kernel.clock import now

from .graph import whole_graph
from .rows import SEE

LOOKS = ("lineage.row_traced", "lineage.rows_shown", "gathering.rows_shown", "registries.looked")
PERIOD = timedelta(days=30)


@dataclass
class Asset:
    """One dataset. `used`: how often its rows were looked at in the last thirty days; `readers`: what is fed from it."""

    id: UUID
    title: str
    key: str
    department: str
    rows: int
    bytes: int
    level: int
    merged_at: datetime | None
    used: int
    readers: int


@dataclass
class Office:
    """A department with what it has and what it looked at."""

    name: str
    systems: int = 0
    resources: int = 0
    datasets: int = 0
    rows: int = 0
    bytes: int = 0
    looks: int = 0


@dataclass
class Assets:
    systems: int = 0
    resources: int = 0
    rows: int = 0
    bytes: int = 0
    datasets: list[Asset] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)


def assets(actor: Actor) -> Assets:
    """All of the city for the platform, one's own department's for its steward. Some fifteen queries, none for each dataset."""
    permit(actor, SEE, department_id=actor.department_id)
    everything = actor.scope(SEE) == Scope.ALL
    catalogue, sizes, graph = parts_for_lineage(), lake.sizes(), whole_graph()
    looks = facts_named(LOOKS, since=now() - PERIOD, until=now())
    by_dataset = Counter(look.data.get("dataset", "") for look in looks)
    told = Assets()
    offices: dict[UUID, Office] = {}

    def office(pk: UUID, name: str) -> Office:
        return offices.setdefault(pk, Office(name))

    def is_ours(department_id: Any) -> bool:
        return everything or department_id == actor.department_id

    for kind, entries in (("systems", catalogue.systems), ("resources", catalogue.resources)):
        for entry in (one for one in entries if is_ours(one["department_id"])):
            holder = office(entry["department_id"], entry["office"])
            setattr(told, kind, getattr(told, kind) + 1)
            setattr(holder, kind, getattr(holder, kind) + 1)
    for one in (one for one in lake.datasets() if is_ours(one.department_id)):
        size = sizes.get(one.pk, {})
        node = f"dataset:{one.pk}"
        fields = [part.id for part in graph.parts_of(node)]
        asset = Asset(
            one.pk, one.title, one.key, one.department.short_name, size.get("rows", 0), size.get("bytes", 0), graph.nodes[node].level,
            size.get("merged_at"), by_dataset[str(one.pk)], len([found for found in graph.felt_by([node, *fields]) if not found.of]),
        )  # fmt: skip
        told.datasets.append(asset)
        holder = office(one.department_id, one.department.short_name)
        holder.datasets, holder.rows, holder.bytes = (
            holder.datasets + 1,
            holder.rows + asset.rows,
            holder.bytes + asset.bytes,
        )
        told.rows, told.bytes = told.rows + asset.rows, told.bytes + asset.bytes
    for look in looks:
        if look.department_id in offices:
            offices[look.department_id].looks += 1
    told.offices = sorted(offices.values(), key=lambda one: (-one.rows, one.name))
    told.datasets.sort(key=lambda one: (-one.rows, one.title))
    return told
