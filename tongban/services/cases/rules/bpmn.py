"""A flow as a BPMN 2.0 diagram: lanes for those who act, side by side what runs side by side. Read back in `bpmn_reading`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
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
LANE = "\t"  # between department, hall and window of a lane
WORDS = {
    "applicant": "申请人", "self": "本部门", "apply": "申请", "accept": "受理", "accepted": "是否受理", "correct": "补正材料",
    "yes": "受理", "missing": "要补正", "no": "不予受理", "refused": "不予受理", "decision": "决定结果", "granted": "准予",
    "denied": "不予许可", "back": "退回", "reviewed": "审查结论", "passed": "通过", "holds": "是", "fails": "否",
    "closed": "办结", "split": "并行", "join": "汇合", "days": "%s个工作日", "window": "%s号窗口",
    "special": "可以启动特别程序，不计时：",
}  # fmt: skip


Says = Callable[[str], str]  # a condition in words


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


def drawing_of(flow: Mapping[str, Any], specials: Iterable[Mapping[str, Any]] = (), says: Says = str) -> Drawing:
    """The way of a case: received, accepted or not, through the stages, decided, handed out. `says` words conditions."""
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
    _Stages(out, in_order(flow), says).draw(asked)
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


@dataclass
class _Stages:
    """The stages being drawn from left to right. `loose` are the nodes whose arrow waits for what comes next."""

    out: Drawing
    stages: list[Mapping[str, Any]]
    says: Says
    column: int = 3
    loose: list[tuple[Node, str]] = field(default_factory=list)
    first: dict[str, Node] = field(default_factory=dict)  # where one arrives who comes back to a stage
    decision: Node | None = None
    refused_on: bool = True  # whether an arrow from the decision already leads to whatever hands out

    def draw(self, asked: Node) -> None:
        self.loose = [(asked, WORDS["yes"])]
        for place, stage in enumerate(self.stages):
            self._enter(stage)
            into, after = self._stage(stage)
            self._arrive(stage, into)
            self.loose = [*self._passing, (after, "")]
            self._leave(stage, after, self.stages[:place])
        end = self.out.add("closed", "endEvent", WORDS["closed"], "applicant", self.column)
        self._link(end)

    def _link(self, to: Node) -> None:
        for node, words in self.loose:
            self.out.link(node, to, words)
        self.loose = []

    def _enter(self, stage: Mapping[str, Any]) -> None:
        """Where the stage has a condition, a gateway before it lets the others pass it by."""
        self._passing: list[tuple[Node, str]] = []
        if text := str(stage.get("when") or "").strip():
            gate = self.out.add(f"when-{_key(stage)}", "exclusiveGateway", self.says(text), "self", self.column)
            self.column += 1
            self._link(gate)
            self.loose, self._passing = [(gate, WORDS["holds"])], [(gate, WORDS["fails"])]

    def _arrive(self, stage: Mapping[str, Any], into: Node) -> None:
        if stage["kind"] == "deliver" and self.decision is not None and not self.refused_on:
            self.loose.append((self.decision, WORDS["denied"]))
            self.refused_on = True
        self._link(into)
        self.first.setdefault(_key(stage), into)

    def _leave(self, stage: Mapping[str, Any], after: Node, earlier: list[Mapping[str, Any]]) -> None:
        """After a decision its result; after a review that may send back, what it came to."""
        kind, named = stage["kind"], set(stage.get("return_to") or ())
        back = [_key(one) for one in earlier if _key(one) in named]
        if kind in ("decide", INSTANTLY) and self.decision is None:
            self.decision = gate = self.out.add("decision", "exclusiveGateway", WORDS["decision"], "self", self.column)
            self.refused_on = not any(one["kind"] == "certify" for one in self.stages)
            words, back = WORDS["granted"], back or [_key(one) for one in earlier[-1:]]
        elif kind in ("review", "decide", INSTANTLY) and back:
            gate = self.out.add(f"reviewed-{_key(stage)}", "exclusiveGateway", WORDS["reviewed"], "self", self.column)
            words = WORDS["passed"]
        else:
            return
        self.column += 1
        self.out.link(after, gate)
        self.loose = [*self._passing, (gate, words)]
        for key in back:
            self.out.link(gate, self.first[key], WORDS["back"])

    def _stage(self, stage: Mapping[str, Any]) -> tuple[Node, Node]:
        """One stage: a task, or several between two gateways. Its first node and its last."""
        parts = list(stage.get("parts") or ()) or [{}]
        name = _named(str(stage.get("name") or DEFAULT_NAMES.get(stage["kind"], "")), stage.get("limit_days"))
        key = _key(stage)
        if len(parts) == 1:
            task = self.out.add(f"stage-{key}", "userTask", name, lane_of(parts[0]), self.column, told=stage)
            self.column += 1
            return task, task
        # Parts with conditions: whoever's holds takes part, so the gateways are inclusive.
        kind = "inclusiveGateway" if any(part.get("when") for part in parts) else "parallelGateway"
        split = self.out.add(f"split-{key}", kind, WORDS["split"], "self", self.column)
        join = self.out.add(f"join-{key}", kind, WORDS["join"], "self", self.column + 2)
        for place, part in enumerate(parts):
            told = stage if place == 0 else {"part_of": key}
            task = self.out.add(
                f"stage-{key}" + (f"-{place}" if place else ""),
                "userTask",
                name,
                lane_of(part),
                self.column + 1,
                told=told,
            )
            condition = str(part.get("when") or "").strip()
            self.out.link(split, task, self.says(condition) if condition else "")
            self.out.link(task, join)
        self.column += 3
        return split, join


def _key(stage: Mapping[str, Any]) -> str:
    return str(stage.get("key") or stage["kind"])


def lane_of(part: Mapping[str, Any]) -> str:
    """A lane for each department, and one for each counter at which it works."""
    window = part.get("window") or {}
    words = [part.get("department") or "self", window.get("hall"), window.get("number")]
    return LANE.join(str(word) for word in words if word)


def lane_name(lane: str) -> str:
    """What a lane is called: 本部门 · 政务服务中心 · 3号窗口."""
    department, *where = lane.split(LANE)
    named = where[:1] + [WORDS["window"] % number for number in where[1:]]
    return " · ".join([WORDS.get(department, department), *named])


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


def tag(space: str, name: str) -> str:
    return f"{{{NAMESPACES[space]}}}{name}"


def write_bpmn(
    flow: Mapping[str, Any],
    *,
    name: str,
    specials: Iterable[Mapping[str, Any]] = (),
    key: str = "flow",
    says: Says = str,
) -> str:
    """The diagram as XML. What the definition says of each step rides along, so that it can be read back."""
    for prefix, space in NAMESPACES.items():
        ElementTree.register_namespace(prefix, space)
    drawing = drawing_of(flow, list(specials), says)
    root = ElementTree.Element(tag("bpmn", "definitions"), {"id": f"definitions-{key}", "targetNamespace": OURS})
    together = ElementTree.SubElement(root, tag("bpmn", "collaboration"), {"id": "collaboration"})
    whole = {"id": "pool", "name": name, "processRef": "process"}
    ElementTree.SubElement(together, tag("bpmn", "participant"), whole)
    process = ElementTree.SubElement(
        root, tag("bpmn", "process"), {"id": "process", "name": name, "isExecutable": "false"}
    )
    _write_lanes(process, drawing)
    for node in drawing.nodes:
        _write_node(process, node, drawing)
    for number, (start, end, words) in enumerate(drawing.arrows):
        told = {"id": f"arrow-{number}", "sourceRef": start, "targetRef": end} | ({"name": words} if words else {})
        ElementTree.SubElement(process, tag("bpmn", "sequenceFlow"), told)
    for number, (noted, words) in enumerate(drawing.notes):
        note = ElementTree.SubElement(process, tag("bpmn", "textAnnotation"), {"id": f"note-{number}"})
        ElementTree.SubElement(note, tag("bpmn", "text")).text = words
        told = {"id": f"noted-{number}", "sourceRef": noted, "targetRef": f"note-{number}"}
        ElementTree.SubElement(process, tag("bpmn", "association"), told)
    _write_places(root, drawing)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _write_lanes(process: ElementTree.Element, drawing: Drawing) -> None:
    lanes = ElementTree.SubElement(process, tag("bpmn", "laneSet"), {"id": "lanes"})
    for number, (name, _top, _height) in enumerate(lanes_of(drawing)):
        told = {"id": f"lane-{number}", "name": lane_name(name)}
        lane = ElementTree.SubElement(lanes, tag("bpmn", "lane"), told)
        for node in drawing.nodes:
            if node.lane == name:
                ElementTree.SubElement(lane, tag("bpmn", "flowNodeRef")).text = node.id


def _write_node(process: ElementTree.Element, node: Node, drawing: Drawing) -> None:
    made = ElementTree.SubElement(process, tag("bpmn", node.kind), {"id": node.id, "name": node.name})
    if node.told is not None:
        more = ElementTree.SubElement(made, tag("bpmn", "extensionElements"))
        ElementTree.SubElement(more, tag("tongban", "step")).text = json.dumps(
            node.told, ensure_ascii=False, sort_keys=True
        )
    for number, (start, end, _words) in enumerate(drawing.arrows):
        if end == node.id:
            ElementTree.SubElement(made, tag("bpmn", "incoming")).text = f"arrow-{number}"
        if start == node.id:
            ElementTree.SubElement(made, tag("bpmn", "outgoing")).text = f"arrow-{number}"


def _write_places(root: ElementTree.Element, drawing: Drawing) -> None:
    diagram = ElementTree.SubElement(root, tag("bpmndi", "BPMNDiagram"), {"id": "diagram"})
    plane = ElementTree.SubElement(diagram, tag("bpmndi", "BPMNPlane"), {"id": "plane", "bpmnElement": "collaboration"})
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
    shape = ElementTree.SubElement(plane, tag("bpmndi", "BPMNShape"), told)
    x, y, width, height = map(str, box)
    ElementTree.SubElement(shape, tag("dc", "Bounds"), {"x": x, "y": y, "width": width, "height": height})


def _edge(plane: ElementTree.Element, element: str, points: list[tuple[int, int]]) -> None:
    edge = ElementTree.SubElement(plane, tag("bpmndi", "BPMNEdge"), {"id": f"edge-{element}", "bpmnElement": element})
    for x, y in points:
        ElementTree.SubElement(edge, tag("di", "waypoint"), {"x": str(x), "y": str(y)})
