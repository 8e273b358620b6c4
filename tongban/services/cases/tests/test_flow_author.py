"""A flow before anybody goes through it: its diagram, its faults, and a made-up case taken through it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.cases.rules.bpmn import boxes_of, drawing_of, in_order, lanes_of, write_bpmn
from tongban.services.cases.rules.bpmn_reading import NotOurDiagram, read_bpmn
from tongban.services.cases.rules.flow_checks import Desks, days_of, remarks_on_flow
from tongban.services.cases.rules.rehearsal import EVENTS, rehearse, with_days

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
START = date(2026, 3, 2)


def stage(kind: str, key: str = "", days: int = 1, *departments: str, post: str = "") -> dict[str, Any]:
    role = post or {"review": "reviewer", "decide": "approver"}.get(kind, "clerk")
    parts = [{"department": name, "post": role} for name in departments or ("self",)]
    return {"key": key or kind, "name": key or kind, "kind": kind, "limit_days": days, "parts": parts}


WHOLE = [stage("review", "", 3, "self", "区市监局"), stage("decide"), stage("certify"), stage("deliver")]


def content(*stages: dict[str, Any], **more: Any) -> dict[str, Any]:
    flow = {"accept": {"post": "clerk", "limit_days": 1}, "stages": list(stages or WHOLE)}
    return {"flow": flow, "promise": {"days": 5, "unit": "1"}, "project_type": "2", "department": "区卫健局"} | more


def calendar_days(day: date, days: int) -> date:
    return day + timedelta(days)


@st.composite
def flows(draw: st.DrawFn) -> dict[str, Any]:
    """Flows in any order, stages missing or several of a kind."""
    kinds = draw(
        st.lists(st.sampled_from(["review", "decide", "certify", "deliver", "instant"]), min_size=1, max_size=6)
    )
    offices = st.lists(st.sampled_from(["self", "区市监局", "区公安分局"]), min_size=1, max_size=3, unique=True)
    stages = [stage(kind, f"s{n}", draw(st.integers(0, 9)), *draw(offices)) for n, kind in enumerate(kinds)]
    return content(*stages, project_type=draw(st.sampled_from(["1", "2"])))


@given(flows())
def test_a_diagram_is_read_back_as_it_was_written(made):
    flow = made["flow"]
    assert read_bpmn(write_bpmn(flow, name="甲 & <乙>")) == {"accept": flow["accept"], "stages": in_order(flow)}


@given(flows())
def test_a_diagram_is_whole(made):
    root = ElementTree.fromstring(write_bpmn(made["flow"], name="x"))
    process = root.find(f"{MODEL}process")
    ids = {node.get("id") for node in process.iter() if node.get("id")}
    arrows = process.findall(f"{MODEL}sequenceFlow")
    assert all({arrow.get("sourceRef"), arrow.get("targetRef")} <= ids for arrow in arrows)
    shapes = {shape.get("bpmnElement") for shape in root.iter() if shape.get("bpmnElement")}
    assert shapes <= ids | {"pool", "collaboration"}
    drawing = drawing_of(made["flow"])
    started = {start for start, _end, _words in drawing.arrows}
    ended = {end for _start, end, _words in drawing.arrows}
    assert {node.id for node in drawing.nodes if node.kind != "endEvent"} <= started
    assert {node.id for node in drawing.nodes if node.kind != "startEvent"} <= ended


@given(flows())
def test_nothing_lies_upon_another_and_each_in_its_lane(made):
    drawing = drawing_of(made["flow"])
    boxes, lanes = boxes_of(drawing), {name: (top, top + height) for name, top, height in lanes_of(drawing)}
    for node in drawing.nodes:
        _x, y, _w, h = boxes[node.id]
        assert lanes[node.lane][0] <= y
        assert y + h <= lanes[node.lane][1]
    placed = list(boxes.values())
    for n, (x, y, w, h) in enumerate(placed):
        for ox, oy, ow, oh in placed[n + 1 :]:
            assert x + w <= ox or ox + ow <= x or y + h <= oy or oy + oh <= y


@pytest.mark.parametrize("text", ["", "<a/>", "<!DOCTYPE a><a/>", "not xml", "<definitions xmlns='urn:x'/>"])
def test_another_diagram_is_refused(text):
    with pytest.raises(NotOurDiagram):
        read_bpmn(text)


@pytest.mark.slow
@given(flows(), st.sets(st.sampled_from(EVENTS)))
def test_a_made_up_case_ends_unless_a_dead_end_is_told(made, events):
    found = rehearse(
        made | {"special_procedures": [{"name": "检测", "limit_days": 7}], "extension": {"days": 3}},
        events,
        START,
        calendar_days,
    )
    codes = {remark.code for remark in remarks_on_flow(made)}
    assert found.ended_on is not None or "dead_end" in codes or made["project_type"] == "1"
    assert [step.on for step in found.steps] == sorted(step.on for step in found.steps) or len(
        made["flow"]["stages"]
    ) > 1


def test_a_case_takes_every_desks_whole_time_side_by_side_counted_once():
    found = rehearse(content(), [], START, with_days(calendar_days))
    assert [(step.verb, (step.on - START).days) for step in found.steps] == [
        ("submit", 0), ("receive", 0), ("accept", 1), ("give_opinion", 4), ("review", 4), ("decide", 5),
        ("certify", 6), ("deliver", 7), ("close", 7),
    ]  # fmt: skip
    assert found.is_in_time


def test_what_stops_the_clock_moves_the_last_day():
    made = content(special_procedures=[{"name": "现场核查", "limit_days": 5}], extension={"days": 10})
    plain, special = rehearse(made, [], START, calendar_days), rehearse(made, ["special"], START, calendar_days)
    assert (special.due_on - plain.due_on).days == (special.decided_on - plain.decided_on).days == 5
    assert (rehearse(made, ["extension"], START, calendar_days).due_on - plain.due_on).days == 10
    back = rehearse(made, ["send_back"], START, calendar_days)
    assert not back.is_in_time
    assert [step.verb for step in back.steps].count("review") == 2
    refused = rehearse(made, ["refused"], START, calendar_days)
    assert "certify" not in [step.verb for step in refused.steps]


@pytest.mark.parametrize(
    ("made", "code", "at"),
    [
        (content() | {"flow": {}}, "no_stages", "/flow/stages"),
        (
            content(stage("review"), stage("review"), stage("decide"), stage("deliver")),
            "stage_repeated",
            "/flow/stages/1",
        ),
        (content(stage("decide"), stage("review"), stage("deliver")), "stages_reordered", "/flow/stages"),
        (content(promise={"days": 3, "unit": "1"}), "limits_beyond_promise", "/promise"),
        (
            content(situations=[{"key": "a", "options": [{"value": "x", "promise": {"days": 1, "unit": "1"}}]}]),
            "limits_beyond_promise",
            "/situations/0/options/0/promise",
        ),
        (
            content(stage("review", days=0), stage("decide"), stage("deliver")),
            "stage_without_limit",
            "/flow/stages/0/limit_days",
        ),
        (
            content(stage("review", post="approver"), stage("decide"), stage("deliver")),
            "reviews_and_decides",
            "/flow/stages/1/parts/0",
        ),
    ],
)
def test_what_is_wrong_is_found(made, code, at):
    assert (code, at) in {(remark.code, remark.at) for remark in remarks_on_flow(made)}


def test_desks_nobody_sits_at_are_told():
    held = frozenset({("区卫健局", "clerk"), ("区卫健局", "reviewer")})
    remarks = remarks_on_flow(content(), Desks(frozenset({"区卫健局"}), held, ("张三",)))
    assert [(remark.code, remark.values.get("name") or remark.values.get("post")) for remark in remarks] == [
        ("department_unknown", "区市监局"),
        ("post_not_held", "approver"),
        ("person_does_both", "张三"),
    ]


def test_a_sound_flow_has_no_remark():
    assert remarks_on_flow(content()) == []
    assert days_of(content()["flow"]) == 4


def test_an_instant_item_may_do_it_all_at_one_desk():
    assert remarks_on_flow(content(stage("instant", days=1), project_type="1")) == []
