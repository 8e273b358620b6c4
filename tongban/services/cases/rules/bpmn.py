"""A flow as a BPMN 2.0 diagram: lanes for those who act, side by side what runs side by side, and read back again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from .flow import DEFAULT_NAMES, INSTANTLY, KINDS

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
OURS = "urn:tongban:flow:1"
NAMESPACES = {"bpmn": MODEL, "bpmndi": DI, "dc": DC, "di": DD, "tongban": OURS}
COLUMN, ROW, MARGIN, LABELS = 170, 110, 40, 30
SIZES = {"userTask": (110, 80), "startEvent": (36, 36), "endEvent": (36, 36)}
GATEWAY = (50, 50)
LARGEST = 512 * 1024
WORDS = {
    "applicant": "申请人", "self": "本部门", "apply": "申请", "accept": "受理", "accepted": "是否受理", "correct": "补正材料",
    "yes": "受理", "missing": "要补正", "no": "不予受理", "refused": "不予受理", "decision": "决定结果", "granted": "准予",
    "denied": "不予许可", "back": "退回重审", "closed": "办结", "split": "并行", "join": "汇合", "days": "%s个工作日",
    "special": "可以启动特别程序，不计时：",
}  # fmt: skip


class NotOurDiagram(ValueError):
    """No diagram of a flow that this house drew."""


@dataclass
class Node:
    """One thing in the diagram: its kind in BPMN, the lane it stands in, and where."""

    id: str
    kind: str
    name: str
    lane: str
    column: int
    row: int = 0
    told: Mapping[str, Any] | None = None  # the part of the definition it stands for

    @property
    def size(self) -> tuple[int, int]:
        return SIZES.get(self.kind, GATEWAY)


@dataclass
class Drawing:
    """The nodes and the arrows between them, by id."""

    nodes: list[Node] = field(default_factory=list)
    arrows: list[tuple[str, str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)  # a node, and what is written beside it

    def add(self, *node: Any, **more: Any) -> Node:
        made = Node(*node, **more)
        taken = [other.row for other in self.nodes if (other.lane, other.column) == (made.lane, made.column)]
        made.row = max(taken, default=-1) + 1
        self.nodes.append(made)
        return made

    def link(self, start: Node, end: Node, name: str = "") -> None:
        self.arrows.append((start.id, end.id, name))


def drawing_of(flow: Mapping[str, Any], specials: Iterable[Mapping[str, Any]] = ()) -> Drawing:
    """The way of a case: received, accepted or not, through the stages, decided, handed out."""
    out, w = Drawing(), WORDS
    start = out.add("start", "startEvent", w["apply"], "applicant", 0)
    accept = flow.get("accept") or {}
    task = out.add("accept", "userTask", _named(w["accept"], accept.get("limit_days")), "self", 1, told=accept)
    asked = out.add("accepted", "exclusiveGateway", w["accepted"], "self", 2)
    correct = out.add("correct", "userTask", w["correct"], "applicant", 2)
    refused = out.add("refused", "endEvent", w["refused"], "applicant", 3)
    out.link(start, task)
    out.link(task, asked)
    out.link(asked, correct, w["missing"])
    out.link(correct, task)
    out.link(asked, refused, w["no"])
    _draw_stages(out, in_order(flow), asked)
    noted = next((node for node in out.nodes if (node.told or {}).get("kind") in ("review", "decide", INSTANTLY)), None)
    names = "、".join(str(special.get("name")) for special in specials if special.get("name"))
    if noted is not None and names:
        out.notes.append((noted.id, w["special"] + names))
    return out


def in_order(flow: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The stages as a case passes them, whatever order they are written in."""
    order = {kind: place for place, kind in enumerate(KINDS)} | {INSTANTLY: KINDS.index("decide")}
    stages = [stage for stage in flow.get("stages") or () if stage.get("kind") in order]
    return sorted(stages, key=lambda stage: order[stage["kind"]])


def _draw_stages(out: Drawing, stages: list[Mapping[str, Any]], asked: Node) -> None:
    before, words, column = asked, WORDS["yes"], 3
    first_review: Node | None = None
    decision: Node | None = None
    for stage in stages:
        into, after, column = _draw_stage(out, stage, column)
        out.link(before, into, words)
        before, words = after, ""
        if stage["kind"] == "review" and first_review is None:
            first_review = into
        if stage["kind"] in ("decide", INSTANTLY) and decision is None:
            decision = out.add("decision", "exclusiveGateway", WORDS["decision"], "self", column)
            out.link(after, decision)
            before, words, column = decision, WORDS["granted"], column + 1
            if first_review is not None:
                out.link(decision, first_review, WORDS["back"])
        elif stage["kind"] == "deliver" and decision is not None and before.told and _is_after(out, decision, into):
            out.link(decision, into, WORDS["denied"])
    end = out.add("closed", "endEvent", WORDS["closed"], "applicant", column)
    out.link(before, end, words)


def _is_after(out: Drawing, decision: Node, into: Node) -> bool:
    """Whether something stands between the decision and this, so that a refusal needs an arrow of its own."""
    return (decision.id, into.id) not in {(start, end) for start, end, _name in out.arrows}


def _draw_stage(out: Drawing, stage: Mapping[str, Any], column: int) -> tuple[Node, Node, int]:
    """One stage: a task, or several between two gateways. Its first node, its last, and the column after it."""
    parts = list(stage.get("parts") or ()) or [{}]
    name = _named(str(stage.get("name") or DEFAULT_NAMES.get(stage["kind"], "")), stage.get("limit_days"))
    key = str(stage.get("key") or stage["kind"])
    if len(parts) == 1:
        task = out.add(f"stage-{key}", "userTask", name, _lane(parts[0]), column, told=stage)
        return task, task, column + 1
    split = out.add(f"split-{key}", "parallelGateway", WORDS["split"], "self", column)
    join = out.add(f"join-{key}", "parallelGateway", WORDS["join"], "self", column + 2)
    for place, part in enumerate(parts):
        told = stage if place == 0 else {"part_of": key}
        task = out.add(
            f"stage-{key}" + (f"-{place}" if place else ""), "userTask", name, _lane(part), column + 1, told=told
        )
        out.link(split, task)
        out.link(task, join)
    return split, join, column + 3


def _lane(part: Mapping[str, Any]) -> str:
    return str(part.get("department") or "self")


def _named(name: str, days: Any) -> str:
    return f"{name}\n{WORDS['days'] % days}" if days else name


# --- where things stand ---------------------------------------------------------------------------------------------------

Box = tuple[int, int, int, int]


def lanes_of(drawing: Drawing) -> list[tuple[str, int, int]]:
    """Each lane with its top and height, in the order in which they first act, the applicant above."""
    found, top = [], MARGIN
    names = dict.fromkeys(["applicant", "self", *(node.lane for node in drawing.nodes)])
    for name in names:
        rows = max((node.row for node in drawing.nodes if node.lane == name), default=0) + 1
        found.append((name, top, rows * ROW + LABELS))
        top += rows * ROW + LABELS
    return found


def boxes_of(drawing: Drawing) -> dict[str, Box]:
    """Each node's place: x, y, width, height."""
    tops = {name: top for name, top, _height in lanes_of(drawing)}
    found = {}
    for node in drawing.nodes:
        width, height = node.size
        x = MARGIN + LABELS + 20 + node.column * COLUMN + (110 - width) // 2
        y = tops[node.lane] + node.row * ROW + (ROW + LABELS - height) // 2
        found[node.id] = (x, y, width, height)
    return found


def _waypoints(start: Box, end: Box, bottom: int) -> list[tuple[int, int]]:
    """An arrow at right angles; one that leads back runs below everything."""
    right, left = start[0] + start[2], end[0]
    y0, y1 = start[1] + start[3] // 2, end[1] + end[3] // 2
    if right < left and y0 == y1 and left - right > COLUMN:  # past what stands between
        below, x0, x1 = y0 + 58, start[0] + start[2] // 2, end[0] + end[2] // 2
        return [(x0, start[1] + start[3]), (x0, below), (x1, below), (x1, end[1] + end[3])]
    if right < left:
        middle = left - 25
        return [(right, y0), (left, y1)] if y0 == y1 else [(right, y0), (middle, y0), (middle, y1), (left, y1)]
    if start[0] + start[2] // 2 == end[0] + end[2] // 2:
        x = start[0] + start[2] // 2
        up = y1 < y0
        return [(x, start[1] if up else start[1] + start[3]), (x, end[1] + end[3] if up else end[1])]
    x0, x1 = start[0] + start[2] // 2, end[0] + end[2] // 2
    if y0 < y1:  # from the lane above straight down into the side of what stands before
        return [(start[0], y0), (x1, y0), (x1, end[1])]
    return [(x0, start[1] + start[3]), (x0, bottom), (x1, bottom), (x1, end[1] + end[3])]


# --- writing --------------------------------------------------------------------------------------------------------------


def _tag(space: str, name: str) -> str:
    return f"{{{NAMESPACES[space]}}}{name}"


def write_bpmn(
    flow: Mapping[str, Any], *, name: str, specials: Iterable[Mapping[str, Any]] = (), key: str = "flow"
) -> str:
    """The diagram as XML. What the definition says of each step rides along, so that it can be read back."""
    for prefix, space in NAMESPACES.items():
        ElementTree.register_namespace(prefix, space)
    drawing = drawing_of(flow, list(specials))
    root = ElementTree.Element(_tag("bpmn", "definitions"), {"id": f"definitions-{key}", "targetNamespace": OURS})
    together = ElementTree.SubElement(root, _tag("bpmn", "collaboration"), {"id": "collaboration"})
    whole = {"id": "pool", "name": name, "processRef": "process"}
    ElementTree.SubElement(together, _tag("bpmn", "participant"), whole)
    process = ElementTree.SubElement(
        root, _tag("bpmn", "process"), {"id": "process", "name": name, "isExecutable": "false"}
    )
    _write_lanes(process, drawing)
    for node in drawing.nodes:
        _write_node(process, node, drawing)
    for number, (start, end, words) in enumerate(drawing.arrows):
        told = {"id": f"arrow-{number}", "sourceRef": start, "targetRef": end} | ({"name": words} if words else {})
        ElementTree.SubElement(process, _tag("bpmn", "sequenceFlow"), told)
    for number, (noted, words) in enumerate(drawing.notes):
        note = ElementTree.SubElement(process, _tag("bpmn", "textAnnotation"), {"id": f"note-{number}"})
        ElementTree.SubElement(note, _tag("bpmn", "text")).text = words
        told = {"id": f"noted-{number}", "sourceRef": noted, "targetRef": f"note-{number}"}
        ElementTree.SubElement(process, _tag("bpmn", "association"), told)
    _write_places(root, drawing)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _write_lanes(process: ElementTree.Element, drawing: Drawing) -> None:
    lanes = ElementTree.SubElement(process, _tag("bpmn", "laneSet"), {"id": "lanes"})
    for number, (name, _top, _height) in enumerate(lanes_of(drawing)):
        told = {"id": f"lane-{number}", "name": WORDS.get(name, name)}
        lane = ElementTree.SubElement(lanes, _tag("bpmn", "lane"), told)
        for node in drawing.nodes:
            if node.lane == name:
                ElementTree.SubElement(lane, _tag("bpmn", "flowNodeRef")).text = node.id


def _write_node(process: ElementTree.Element, node: Node, drawing: Drawing) -> None:
    made = ElementTree.SubElement(process, _tag("bpmn", node.kind), {"id": node.id, "name": node.name})
    if node.told is not None:
        more = ElementTree.SubElement(made, _tag("bpmn", "extensionElements"))
        ElementTree.SubElement(more, _tag("tongban", "step")).text = json.dumps(
            node.told, ensure_ascii=False, sort_keys=True
        )
    for number, (start, end, _words) in enumerate(drawing.arrows):
        if end == node.id:
            ElementTree.SubElement(made, _tag("bpmn", "incoming")).text = f"arrow-{number}"
        if start == node.id:
            ElementTree.SubElement(made, _tag("bpmn", "outgoing")).text = f"arrow-{number}"


def _write_places(root: ElementTree.Element, drawing: Drawing) -> None:
    diagram = ElementTree.SubElement(root, _tag("bpmndi", "BPMNDiagram"), {"id": "diagram"})
    plane = ElementTree.SubElement(
        diagram, _tag("bpmndi", "BPMNPlane"), {"id": "plane", "bpmnElement": "collaboration"}
    )
    boxes, lanes = boxes_of(drawing), lanes_of(drawing)
    width = max(x + w for x, _y, w, _h in boxes.values()) + 60 - MARGIN
    bottom = lanes[-1][1] + lanes[-1][2]
    _shape(plane, "pool", (MARGIN, MARGIN, width, bottom - MARGIN), isHorizontal="true")
    for number, (_name, top, height) in enumerate(lanes):
        _shape(plane, f"lane-{number}", (MARGIN + LABELS, top, width - LABELS, height), isHorizontal="true")
    for node in drawing.nodes:
        _shape(plane, node.id, boxes[node.id])
    for number, (start, end, _words) in enumerate(drawing.arrows):
        _edge(plane, f"arrow-{number}", _waypoints(boxes[start], boxes[end], bottom - 12))
    for number, (noted, _words) in enumerate(drawing.notes):
        x, y, w, _h = boxes[noted]
        _shape(plane, f"note-{number}", (x, bottom + 20, 260, 50))
        _edge(plane, f"noted-{number}", [(x + w // 2, y + 80), (x + w // 2, bottom + 20)])


def _shape(plane: ElementTree.Element, element: str, box: Box, **more: str) -> None:
    told = {"id": f"shape-{element}", "bpmnElement": element, **more}
    shape = ElementTree.SubElement(plane, _tag("bpmndi", "BPMNShape"), told)
    x, y, width, height = map(str, box)
    ElementTree.SubElement(shape, _tag("dc", "Bounds"), {"x": x, "y": y, "width": width, "height": height})


def _edge(plane: ElementTree.Element, element: str, points: list[tuple[int, int]]) -> None:
    edge = ElementTree.SubElement(plane, _tag("bpmndi", "BPMNEdge"), {"id": f"edge-{element}", "bpmnElement": element})
    for x, y in points:
        ElementTree.SubElement(edge, _tag("di", "waypoint"), {"x": str(x), "y": str(y)})


# --- reading --------------------------------------------------------------------------------------------------------------


def read_bpmn(text: str) -> dict[str, Any]:
    """The flow that `write_bpmn` wrote; `NotOurDiagram` for anything else."""
    if len(text) > LARGEST or "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotOurDiagram("no plain diagram")
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - without a DOCTYPE there is nothing to expand
    except ElementTree.ParseError:
        raise NotOurDiagram("no XML") from None
    told: list[tuple[str, dict[str, Any]]] = []
    for task in root.iter(_tag("bpmn", "userTask")):
        step = task.find(f"{_tag('bpmn', 'extensionElements')}/{_tag('tongban', 'step')}")
        if step is not None and step.text:
            told.append((task.get("id", ""), _step(step.text)))
    accept = next((step for name, step in told if name == "accept"), None)
    stages = [step for name, step in told if name != "accept" and "part_of" not in step]
    if accept is None or not stages:
        raise NotOurDiagram("no steps")
    return {"accept": accept, "stages": stages}


def _step(text: str) -> dict[str, Any]:
    try:
        step = json.loads(text)
    except ValueError:
        raise NotOurDiagram("no step") from None
    if not isinstance(step, dict):
        raise NotOurDiagram("no step")
    return step
