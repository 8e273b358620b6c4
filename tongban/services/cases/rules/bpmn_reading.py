"""A BPMN 2.0 file read back as a flow: what was changed in a modeller is taken over, what cannot be is told in full."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

from .bpmn import MODEL, WORDS, in_order, lane_name, lane_of, tag

LARGEST = 512 * 1024
MOST_ELEMENTS, DEEPEST = 20_000, 60
ACCEPT, CORRECT = "accept", "correct"
WORK = frozenset(
    "task userTask manualTask serviceTask scriptTask sendTask receiveTask businessRuleTask subProcess transaction "
    "adHocSubProcess callActivity".split()
)
WAITS = frozenset(
    "intermediateCatchEvent intermediateThrowEvent boundaryEvent eventBasedGateway complexGateway".split()
)
_DAYS = re.compile(WORDS["days"].replace("%s", r"(\d{1,3})"))


class NotOurDiagram(ValueError):
    """A file that is no diagram of a flow, or one that cannot be taken over: every reason as (code, values)."""

    def __init__(self, reasons: list[tuple[str, Mapping[str, Any]]]) -> None:
        self.reasons = reasons
        super().__init__(", ".join(code for code, _values in reasons))


def read_bpmn(data: str | bytes) -> dict[str, Any]:
    """The flow of a diagram that `write_bpmn` wrote and somebody may have changed since; else `NotOurDiagram`.

    Taken over are names, days, the order of the arrows, and steps that were deleted. Who does a step, and new steps, are
    for the page: a lane says too little.
    """
    root = _parsed(data)
    if root.tag != tag("bpmn", "definitions"):
        raise NotOurDiagram([("not_bpmn", {})])
    reading = _Reading(root)
    flow = reading.flow()
    if reading.reasons:
        raise NotOurDiagram(reading.reasons)
    return flow


def _parsed(data: str | bytes) -> ElementTree.Element:
    """The XML of a file nobody vouches for: no entities, no document type, bounded in size, number and depth."""
    text = _plain(data)
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    root: ElementTree.Element | None = None
    depth = seen = 0
    try:
        for start in range(0, len(text), 16_384):
            parser.feed(text[start : start + 16_384])
            for event, element in parser.read_events():
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                seen += 1
                if depth > DEEPEST or seen > 2 * MOST_ELEMENTS:
                    raise NotOurDiagram([("too_deep", {})])
        parser.close()
    except ElementTree.ParseError:
        root = None
    if root is None:
        raise NotOurDiagram([("not_xml", {})])
    return root


def _plain(data: str | bytes) -> str:
    """The text, unless it is too long, not UTF-8, or could make the parser fetch or unfold something."""
    if len(data) > LARGEST:
        raise NotOurDiagram([("too_large", {"most": LARGEST // 1024})])
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotOurDiagram([("not_utf8", {})]) from None
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise NotOurDiagram([("doctype", {})])
    return text


@dataclass
class _Reading:
    """A diagram on its way to being a flow, and all that stands against it."""

    root: ElementTree.Element
    reasons: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def flow(self) -> dict[str, Any]:
        told = dict(self._steps())
        accept = told.pop(ACCEPT, None)
        stages = {name: step for name, step in told.items() if "part_of" not in step}
        if accept is None or not stages:
            self.reasons.append(("no_steps", {}))
            return {}
        owned = {stage.get("key") for stage in stages.values()}
        for name, step in told.items():
            if "part_of" in step and step["part_of"] not in owned:
                self.reasons.append(("part_alone", {"name": self._name(name)}))
        places = self._distances()
        lanes = self._lanes()
        for name, stage in stages.items():
            self._parts(name, stage, told, lanes)
        for name in (ACCEPT, *told):
            if name not in places:
                self.reasons.append(("unconnected", {"name": self._name(name)}))
        order = sorted(stages, key=lambda name: places.get(name, 0))
        return {ACCEPT: accept, "stages": in_order({"stages": [stages[name] for name in order]})}

    # --- what stands in the file ------------------------------------------------------------------------------------------

    def _steps(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Each of our steps by the id of its task, as the file words it now; whatever is not ours is a reason."""
        for node in self.root.iter():
            kind = node.tag.removeprefix(f"{{{MODEL}}}") if isinstance(node.tag, str) else ""
            if kind in WAITS:
                self.reasons.append(("foreign_kind", {"name": node.get("name") or node.get("id", ""), "kind": kind}))
            if kind not in WORK or node.get("id") == CORRECT:
                continue
            step = self._step(node)
            if step is not None:
                yield node.get("id", ""), step

    def _step(self, node: ElementTree.Element) -> dict[str, Any] | None:
        title = _title(node)
        written = node.find(f"{tag('bpmn', 'extensionElements')}/{tag('tongban', 'step')}")
        if written is None or not written.text:
            self.reasons.append(("foreign_step", {"name": title or node.get("id", "")}))
            return None
        try:
            step = json.loads(written.text)
        except (ValueError, RecursionError):
            step = None
        if not isinstance(step, dict) or not _is_ours(node.get("id", ""), step):
            self.reasons.append(("step_unreadable", {"name": title or node.get("id", "")}))
            return None
        return _renamed(step, node)

    def _name(self, node_id: str) -> str:
        return next((_title(node) for node in self.root.iter() if node.get("id") == node_id), "") or node_id

    def _lanes(self) -> dict[str, str]:
        """The name of the lane each node stands in."""
        return {
            str(ref.text).strip(): str(lane.get("name") or "")
            for lane in self.root.iter(tag("bpmn", "lane"))
            for ref in lane.findall(tag("bpmn", "flowNodeRef"))
        }

    def _distances(self) -> dict[str, int]:
        """How many arrows each node is from the beginning."""
        after: dict[str, list[str]] = {}
        for arrow in self.root.iter(tag("bpmn", "sequenceFlow")):
            after.setdefault(arrow.get("sourceRef", ""), []).append(arrow.get("targetRef", ""))
        starts = [node.get("id", "") for node in self.root.iter(tag("bpmn", "startEvent"))]
        found = dict.fromkeys(starts, 0)
        waiting = deque(starts)
        while waiting:
            here = waiting.popleft()
            for there in after.get(here, ()):
                if there not in found:
                    found[there] = found[here] + 1
                    waiting.append(there)
        return found

    # --- who does it ------------------------------------------------------------------------------------------------------

    def _parts(self, name: str, stage: dict[str, Any], told: Mapping[str, Any], lanes: Mapping[str, str]) -> None:
        """The parts whose tasks are still there; one moved to another lane is a reason."""
        parts = [part for part in stage.get("parts") or () if isinstance(part, dict)]
        tasks = [name, *(f"{name}-{place}" for place in range(1, len(parts)))]
        left = [(task, part) for task, part in zip(tasks, parts, strict=False) if task in told]
        for task, part in left:
            was, now = lane_name(lane_of(part)), lanes.get(task)
            if now is not None and now != was:
                values = {"name": str(stage.get("name") or ""), "was": was, "now": now}
                self.reasons.append(("lane_moved", values))
        if parts:
            stage["parts"] = [part for _task, part in left]


def _title(node: ElementTree.Element) -> str:
    return (node.get("name") or "").split("\n")[0].strip()


def _is_ours(node_id: str, step: Mapping[str, Any]) -> bool:
    if "part_of" in step or node_id == ACCEPT:
        return True
    return all(isinstance(step.get(name), str) for name in ("key", "kind")) and isinstance(step.get("parts"), list)


def _renamed(step: dict[str, Any], node: ElementTree.Element) -> dict[str, Any]:
    """The step as its task is worded now: another name, another number of days."""
    if "part_of" in step:
        return step
    title, days = _title(node), _DAYS.search(node.get("name") or "")
    if title and node.get("id") != ACCEPT and not _DAYS.fullmatch(title):
        step["name"] = title
    if days:
        step["limit_days"] = int(days[1])
    return step
