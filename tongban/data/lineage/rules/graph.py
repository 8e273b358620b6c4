"""A graph of what flows into what (血缘): wholes (systems, tables, datasets …) and parts (their columns, items, elements …).

Edges go from where data come from to where they are used, and never back: the graph has no circles.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

FORWARD, BACK, BOTH = "forward", "back", "both"
# Kind → (layer from left to right, kind of its parts).
KINDS: dict[str, tuple[int, str]] = {
    "system": (0, ""),
    "result": (1, ""),  # what a service item gives out
    "table": (1, "column"),
    "dataset": (2, "field"),
    "resource": (3, "data_item"),
    "register": (4, "element"),
    "item": (5, "form_field"),
    "interface": (6, ""),
}
PARTS = {part: (layer, whole) for whole, (layer, part) in KINDS.items() if part}


class Node(NamedTuple):
    """`of` is the whole a part belongs to, empty for a whole; `department` whose it is; `level` its grade, 0 when it has none."""

    id: str
    kind: str
    name: str
    note: str = ""
    department: str = ""
    of: str = ""
    url: str = ""
    level: int = 0

    @property
    def layer(self) -> int:
        return PARTS[self.kind][0] if self.kind in PARTS else KINDS[self.kind][0]


class Edge(NamedTuple):
    """`how`: what is done on the way, in a few words; empty: taken as it is."""

    start: str
    end: str
    how: str = ""


@dataclass
class Graph:
    nodes: dict[str, Node] = field(default_factory=dict)
    after: dict[str, dict[str, Edge]] = field(default_factory=dict)
    before: dict[str, dict[str, Edge]] = field(default_factory=dict)

    def add(self, node: Node) -> Node:
        return self.nodes.setdefault(node.id, node)

    def join(self, start: str, end: str, how: str = "") -> None:
        """An edge between two nodes that are there; twice is once."""
        if start in self.nodes and end in self.nodes and start != end:
            after = self.after.setdefault(start, {})
            if end not in after:
                after[end] = self.before.setdefault(end, {})[start] = Edge(start, end, how)

    @cached_property
    def _parts(self) -> dict[str, list[Node]]:
        """Parts by their whole, by name; asked for when all nodes are there."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes.values():
            if node.of:
                found.setdefault(node.of, []).append(node)
        return {whole: sorted(parts, key=lambda node: node.name) for whole, parts in found.items()}

    def parts_of(self, whole: str) -> list[Node]:
        return self._parts.get(whole, [])

    def reach(self, start: str, *, way: str, depth: int = 0) -> dict[str, int]:
        """Node → how many steps away, the start itself 0. `depth` 0: as far as it goes."""
        sides = {FORWARD: [self.after], BACK: [self.before], BOTH: [self.after, self.before]}[way]
        found = {start: 0}
        for side in sides:  # one way at a time: what else flows into what this feeds is another question
            seen, edge = {start: 0}, [start]
            while edge and (not depth or seen[edge[0]] < depth):
                reached = [(one, end) for one in edge for end in side.get(one, {}) if end not in seen]
                for one, end in reached:
                    seen.setdefault(end, seen[one] + 1)
                edge = list(dict.fromkeys(end for _one, end in reached))
            found |= {one: steps for one, steps in seen.items() if one not in found}
        return found

    def among(self, chosen: Iterable[str]) -> list[Edge]:
        """Edges with both ends among some nodes."""
        wanted = set(chosen)
        return [edge for start in wanted for end, edge in self.after.get(start, {}).items() if end in wanted]

    def felt_by(self, starts: Sequence[str]) -> list[Node]:
        """Whatever would feel a change of these nodes: parts after them, and each whole such a part belongs to. By layer and name.

        A part's own whole is not felt by itself; a whole that stands after a whole is felt only through its parts where it has some.
        """
        given = set(starts)
        reached, waiting = set(given), list(given)
        while waiting:
            fresh = self.after.get(waiting.pop(), {}).keys() - reached
            reached |= fresh
            waiting += fresh
        reached -= given
        wholes = {self.nodes[one].of for one in reached} - {self.nodes[one].of for one in given}
        found = [self.nodes[one] for one in reached | {one for one in wholes if one in self.nodes}]
        return sorted(found, key=lambda node: (node.layer, node.of or node.id, bool(node.of), node.name))
