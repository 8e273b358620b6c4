"""One node of the graph with what is around it, for those who may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tongban.data.lineage.rules import BOTH, Graph, Node, Picture, drawn
from tongban.foundation.kernel.actors import Actor, permit
from tongban.foundation.kernel.errors import NotFound

from .graph import whole_graph
from .rows import SEE

DEEPEST = 5


@dataclass(frozen=True)
class Look:
    """The picture around a node and the same as a list: (from, how, to)."""

    graph: Graph
    node: Node
    picture: Picture
    flows: list[tuple[Node, str, Node]]
    parts: list[Node]
    whole: Node | None


def look(actor: Actor, node_id: str, *, way: str = BOTH, depth: int = 0) -> Look:
    """`depth` 0: as far as it goes. Raises `NotFound` for what flows nowhere."""
    permit(actor, SEE, department_id=actor.department_id)
    graph = whole_graph()
    node = graph.nodes.get(node_id)
    if node is None:
        raise NotFound
    steps = graph.reach(node_id, way=way, depth=min(depth, DEEPEST))
    flows = sorted(graph.among(steps), key=lambda edge: (graph.nodes[edge.start].layer, edge.start, edge.end))
    told = [(graph.nodes[edge.start], edge.how, graph.nodes[edge.end]) for edge in flows]
    return Look(graph, node, drawn(graph, steps, node_id), told, graph.parts_of(node_id), graph.nodes.get(node.of))


def impact(actor: Actor, node_id: str) -> tuple[Node, list[Node]]:
    """Whatever would feel a change of a node; of a whole with parts: of any of its parts."""
    permit(actor, SEE, department_id=actor.department_id)
    graph = whole_graph()
    node = graph.nodes.get(node_id)
    if node is None:
        raise NotFound
    return node, graph.felt_by([node_id, *(part.id for part in graph.parts_of(node_id))])


def beginnings(actor: Actor, text: str = "", size: int = 60) -> list[dict[str, Any]]:
    """Wholes to begin from, those with the words asked for; beside each how much it feeds."""
    permit(actor, SEE, department_id=actor.department_id)
    graph, wanted = whole_graph(), text.strip().casefold()
    rows = [
        (node, len(graph.before.get(node.id, ())), len(graph.after.get(node.id, ())))
        for node in graph.nodes.values()
        if (not node.of or wanted) and wanted in f"{node.name} {node.note} {node.department}".casefold()
    ]
    joined = [row for row in rows if row[1] or row[2] or row[0].kind == "dataset"]
    joined.sort(key=lambda row: (-row[1] - row[2], row[0].layer, row[0].name))
    return [{"node": node, "fed": fed, "feeds": feeds} for node, fed, feeds in joined[:size]]
