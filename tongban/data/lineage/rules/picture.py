"""Where the boxes of a lineage picture stand: layers from left to right, the fewest crossings that one look each way finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .graph import Edge, Graph, Node

WIDE, HIGH, ACROSS, DOWN, EDGE = 176, 52, 250, 68, 12  # a box, the distance between boxes, the margin
MOST = 60  # boxes; more cannot be read
SEEN = 8  # boxes one over another that a screen shows: short columns stand in the middle of those, not of a drawing that goes on far below
LETTERS = 11  # full-width characters in a box's first line


@dataclass(frozen=True)
class Box:
    node: Node
    x: int
    y: int
    label: str
    is_focus: bool = False

    @property
    def middle(self) -> int:
        return self.y + HIGH // 2


@dataclass(frozen=True)
class Line:
    """A curve from one box to another; `edge` says what happens on the way."""

    edge: Edge
    path: str


@dataclass
class Picture:
    width: int
    height: int
    boxes: list[Box] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    left_out: int = 0
    box_width: int = WIDE
    box_height: int = HIGH


def drawn(graph: Graph, steps: Mapping[str, int], focus: str) -> Picture:
    """The nodes of `steps` (node → how far from the focus), the nearest first when there are too many."""
    kept = sorted(steps, key=lambda one: (steps[one], graph.nodes[one].name))[:MOST]
    edges = sorted(graph.among(kept), key=lambda edge: (edge.start, edge.end))
    columns = _columns(graph, kept, edges)
    tallest = max((len(column) for column in columns), default=1)
    picture = Picture(
        width=EDGE * 2 + WIDE + ACROSS * (max(len(columns), 1) - 1),
        height=EDGE * 2 + HIGH + DOWN * (tallest - 1),
        left_out=len(steps) - len(kept),
    )
    for number, column in enumerate(columns):
        top = EDGE + max(min(tallest, SEEN) - len(column), 0) * DOWN // 2
        picture.boxes += [
            Box(
                graph.nodes[one], EDGE + number * ACROSS, top + place * DOWN, short(graph.nodes[one].name), one == focus
            )
            for place, one in enumerate(column)
        ]
    boxes = {box.node.id: box for box in picture.boxes}
    picture.lines = [Line(edge, _curve(boxes[edge.start], boxes[edge.end])) for edge in edges]
    return picture


def short(name: str, room: int = LETTERS) -> str:
    """As much of a name as a box holds; Latin letters are half as wide."""
    width, kept = 0.0, ""
    for letter in name:
        width += 0.56 if letter.isascii() else 1
        if width > room:
            return kept.rstrip() + "…"
        kept += letter
    return name


def _columns(graph: Graph, kept: list[str], edges: list[Edge]) -> list[list[str]]:
    layers = sorted({graph.nodes[one].layer for one in kept})
    columns = [
        sorted((one for one in kept if graph.nodes[one].layer == layer), key=lambda one: graph.nodes[one].name)
        for layer in layers
    ]
    before: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    for edge in edges:
        before.setdefault(edge.end, []).append(edge.start)
        after.setdefault(edge.start, []).append(edge.end)
    for sides, order in ((before, columns[1:]), (after, columns[-2::-1]), (before, columns[1:])):
        for column in order:
            places = {one: place for every in columns for place, one in enumerate(every)}
            own = {one: place for place, one in enumerate(column)}
            column.sort(key=lambda one: _mean([places[end] for end in sides.get(one, [])], own[one]))
    return columns


def _mean(places: list[int], own: int) -> float:
    return sum(places) / len(places) if places else own


def _curve(start: Box, end: Box) -> str:
    x, y, to_x, to_y = start.x + WIDE, start.middle, end.x, end.middle
    half = max((to_x - x) // 2, 24)
    return f"M{x} {y}C{x + half} {y} {to_x - half} {to_y} {to_x} {to_y}"
