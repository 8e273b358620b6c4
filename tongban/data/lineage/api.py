"""Lineage for other systems: what flows into a thing, what would feel its change."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from .queries import impact, look
from .rules import Node

router = Router(tags=["lineage"])


class NodeOut(Schema):
    """A system, table, dataset, resource, register, service item, interface, or one of their parts (`of` names the whole).

    `level`: 1–4 general, 5 important, 6 core data; 0: not graded.
    """

    id: str
    kind: str
    name: str
    note: str
    department: str
    of: str
    level: int


class FlowOut(Schema):
    """`how`: what is done on the way."""

    start: str
    end: str
    how: str


class LineageOut(Schema):
    node: NodeOut
    nodes: list[NodeOut]
    flows: list[FlowOut]


class LineageAsked(Schema):
    at: str = Field("", max_length=600, description="the id of a node, such as dataset:…")
    way: Literal["both", "back", "forward"] = "both"
    depth: int = Field(0, ge=0, le=5, description="steps; 0: as far as it goes")


class ImpactOut(Schema):
    node: NodeOut
    felt: list[NodeOut]


def _told(node: Node) -> dict[str, Any]:
    return {name: getattr(node, name) for name in ("id", "kind", "name", "note", "department", "of", "level")}


@router.get("/lineage", response=LineageOut, summary="What flows into a thing and out of it")
def one_lineage(request: HttpRequest, asked: Query[LineageAsked]) -> dict[str, Any]:
    """Nodes and flows around one node, by what jobs, datasets, the catalogue and service items have recorded."""
    found = look(request.actor, asked.at, way=asked.way, depth=asked.depth)  # type: ignore[attr-defined]
    nodes = {node.id: node for start, _how, end in found.flows for node in (start, end)}
    flows = [{"start": start.id, "end": end.id, "how": how} for start, how, end in found.flows]
    return {"node": _told(found.node), "nodes": [_told(node) for node in nodes.values()], "flows": flows}


@router.get("/lineage/impact", response=ImpactOut, summary="What would feel a change")
def one_impact(request: HttpRequest, at: str = Query("", max_length=600)) -> dict[str, Any]:
    """Every dataset, resource, register, form field and interface that a change of this node would reach."""
    node, felt = impact(request.actor, at)  # type: ignore[attr-defined]
    return {"node": _told(node), "felt": [_told(one) for one in felt]}
