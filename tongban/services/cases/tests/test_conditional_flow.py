"""Stages and parts with conditions, ways back, counters, kept rehearsals, and diagrams that were changed elsewhere."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.errors import NotAllowed, NotFound
from tongban.foundation.organisations.actions import add_hall, add_window, place_post
from tongban.foundation.organisations.tests.factories import make_department
from tongban.services.cases.actions import accept, certify, decide, deliver, review
from tongban.services.cases.queries import WorkFilters, case_for, standing_of, what_may_be_done, worklist
from tongban.services.cases.queries.flows import flow_remarks, longest_days
from tongban.services.cases.queries.rehearsals import kept, trials_of
from tongban.services.cases.rules import stages_of
from tongban.services.cases.rules.bpmn import drawing_of, in_order, write_bpmn
from tongban.services.cases.rules.bpmn_reading import LARGEST, NotOurDiagram, read_bpmn
from tongban.services.cases.rules.flow import Stage
from tongban.services.cases.rules.flow_checks import Desks, remarks_on_flow, standings_without_end
from tongban.services.cases.rules.rehearsal import changes_to, expectation, rehearse

from .factories import make_accepted, make_case, make_office

RENTED, LARGE = "situation.house == 'rent'", "area > 100"
START = date(2026, 3, 2)


def stage(key: str, kind: str = "review", days: int = 1, **more: Any) -> dict[str, Any]:
    post = {"review": "reviewer", "decide": "approver"}.get(kind, "clerk")
    parts = [{"department": "self", "post": post}]
    return {"key": key, "name": key, "kind": kind, "limit_days": days, "parts": parts} | more


def flow(*stages: dict[str, Any]) -> dict[str, Any]:
    return {"accept": {"post": "clerk", "limit_days": 1}, "stages": list(stages)}


WHOLE = flow(
    stage("look"),
    stage("lease", days=4, when=RENTED),
    stage(
        "site",
        days=2,
        parts=[
            {"department": "self", "post": "reviewer"},
            {"department": "区住建局", "post": "reviewer", "when": LARGE},
        ],
    ),
    stage("decide", "decide"),
    stage("certify", "certify"),
    stage("deliver", "deliver"),
)
HOUSE = {
    "key": "house",
    "question": "房子是？",
    "options": [
        {"value": "rent", "label": "租的", "promise": {"days": 9, "unit": "1"}},
        {"value": "own", "label": "自己的"},
    ],
}


def content(made: dict[str, Any], **more: Any) -> dict[str, Any]:
    about = {"promise": {"days": 4, "unit": "1"}, "project_type": "2", "department": "区卫健局", "situations": [HOUSE]}
    return {"flow": made} | about | more


def found(made: dict[str, Any]) -> set[tuple[str, str]]:
    return {(remark.code, remark.at) for remark in remarks_on_flow(made)}


# --- which stages ---------------------------------------------------------------------------------------------------------


def test_a_stage_is_passed_over_when_its_condition_or_those_of_all_its_parts_fail():
    keys = [one.key for one in stages_of(WHOLE, lambda text: not text)]
    assert keys == ["look", "site", "decide", "certify", "deliver"]
    site = next(one for one in stages_of(WHOLE, lambda text: text != LARGE) if one.key == "site")
    assert [part.department for part in site.parts] == ["self"]
    nobody = flow(
        stage("site", parts=[{"department": "self", "post": "reviewer", "when": LARGE}]), stage("decide", "decide")
    )
    assert [one.key for one in stages_of(nobody, lambda text: not text)] == ["decide", "deliver"]


@pytest.mark.django_db
@pytest.mark.parametrize(("venue", "passed"), [("hotel", ["look", "hotel"]), ("pool", ["look"])])
def test_a_running_case_passes_the_stages_its_answers_ask_for(venue: str, passed: list[str]):
    office = make_office(
        flow=flow(
            stage("look"),
            stage("hotel", when="situation.venue == 'hotel'"),
            stage("decide", "decide"),
            stage("deliver", "deliver"),
        )
    )
    case = make_case(office)
    case.situation = {"venue": venue}
    case.save()
    case = accept(actor=office.clerk, case_id=case.pk)
    for _stage in passed:
        case = review(actor=office.reviewer, case_id=case.pk, verdict="agree")
    assert [step.stage_key for step in case.steps.order_by("started_at")] == [*passed, "decide"]
    assert case.stage_key == "decide"


@pytest.mark.django_db
def test_a_condition_over_answers_is_asked_of_the_case():
    office = make_office(
        flow=flow(
            stage("look"),
            stage("again", when="name == '翠屏理发店'"),
            stage("decide", "decide"),
            stage("deliver", "deliver"),
        )
    )
    case = make_accepted(office)
    assert "again" in [one.key for one in standing_of(case).stages]
    case.answers = {"name": "别的店"}
    assert "again" not in [one.key for one in standing_of(case).stages]


# --- checks ---------------------------------------------------------------------------------------------------------------


def test_limits_are_added_up_on_every_course():
    assert ("limits_beyond_promise", "/promise") in found(content(WHOLE))
    assert ("limits_beyond_promise", "/promise") not in found(content(WHOLE, promise={"days": 8, "unit": "1"}))


@pytest.mark.django_db
def test_what_the_situation_settles_is_not_added_up_where_it_cannot_be():
    # Only who rents goes through `lease`, and he is promised nine days.
    assert "limits_beyond_promise" not in {remark.code for remark in flow_remarks(content(WHOLE))}
    assert longest_days(content(WHOLE)) == 8
    shorter = content(WHOLE, promise={"days": 3, "unit": "1"})
    assert [one.at for one in flow_remarks(shorter) if one.code == "limits_beyond_promise"] == ["/promise"]


def test_a_decision_must_not_be_passed_over():
    made = flow(stage("look"), stage("decide", "decide", when=LARGE), stage("deliver", "deliver"))
    assert ("decision_passed_over", "/flow/stages/1/when") in found(content(made))
    both = flow(
        stage("look"), stage("decide", "decide", when=LARGE), stage("small", "decide"), stage("deliver", "deliver")
    )
    assert "decision_passed_over" not in {code for code, _at in found(content(both))}


@given(st.lists(st.sampled_from(["", RENTED, LARGE, "c == 1"]), min_size=3, max_size=3), st.integers(0, 7))
def test_every_case_ends_whatever_the_conditions(conditions: list[str], mask: int):
    names = ("look", "site", "again")
    made = flow(
        *[stage(name, when=text) for name, text in zip(names, conditions, strict=True)],
        stage("decide", "decide"),
        stage("deliver", "deliver"),
    )
    assert "dead_end" not in {code for code, _at in found(content(made))}
    true = {text for n, text in enumerate([RENTED, LARGE, "c == 1"]) if mask & 1 << n}
    went = rehearse(
        content(made), [], START, lambda day, days: day + timedelta(days), lambda text: not text or text in true
    )
    passed = {step.key for step in went.steps if step.verb == "review"}
    assert went.ended_on is not None
    assert passed == {name for name, text in zip(names, conditions, strict=True) if not text or text in true}


def test_a_flow_from_which_nobody_decides_is_found():
    look, hand = Stage("look", "审查", "review"), Stage("hand", "送达", "deliver")
    stuck = standings_without_end((look, hand), "2")
    assert {standing.stage for standing in stuck} >= {"look"}
    assert not standings_without_end((look, Stage("decide", "决定", "decide"), hand), "2")


@pytest.mark.parametrize(
    ("stages", "code", "at"),
    [
        ([stage("look", return_to=["gone"])], "return_unknown", "/flow/stages/0/return_to"),
        ([stage("look", return_to=["look"])], "return_in_circles", "/flow/stages/0/return_to"),
        ([stage("look", return_to=["site"]), stage("site")], "return_in_circles", "/flow/stages/0/return_to"),
        ([stage("look"), stage("hand", "deliver", return_to=["look"])], "return_too_late", "/flow/stages/1/return_to"),
    ],
)
def test_ways_back_that_lead_nowhere_are_found(stages: list[dict[str, Any]], code: str, at: str):
    assert (code, at) in found(content(flow(*stages, stage("decide", "decide"))))


def test_a_counter_there_is_not_is_found():
    made = flow(
        stage("decide", "decide"),
        stage(
            "hand",
            "deliver",
            parts=[{"department": "self", "post": "clerk", "window": {"hall": "甲厅", "number": "9"}}],
        ),
    )
    codes = [one.code for one in remarks_on_flow(content(made), Desks(windows=frozenset({("甲厅", "")})))]
    assert "window_unknown" in codes


# --- the diagram ----------------------------------------------------------------------------------------------------------


def test_conditions_ways_back_and_counters_are_drawn():
    made = json.loads(json.dumps(WHOLE))
    made["stages"][2]["return_to"] = ["look"]
    made["stages"][5]["parts"][0]["window"] = {"hall": "政务大厅", "number": "3"}
    drawing = drawing_of(made, says=lambda text: f"若{text}")
    arrows = {(start, end): words for start, end, words in drawing.arrows}
    kinds = {node.id: node.kind for node in drawing.nodes}
    assert arrows["when-lease", "stage-lease"] == "是"
    assert arrows["when-lease", "split-site"] == "否"
    assert kinds["split-site"] == "inclusiveGateway"
    assert arrows["split-site", "stage-site-1"] == f"若{LARGE}"
    assert arrows["reviewed-site", "stage-look"] == "退回"
    assert arrows["decision", "split-site"] == "退回"
    assert "本部门 · 政务大厅 · 3号窗口" in write_bpmn(made, name="x")
    assert read_bpmn(write_bpmn(made, name="x"))["stages"] == in_order(made)


def test_what_was_changed_in_a_modeller_is_taken_over():
    text = write_bpmn(WHOLE, name="x")
    text = text.replace('name="lease&#10;4个工作日"', 'name="核对租约&#10;6个工作日"')
    lease = read_bpmn(text)["stages"][1]
    assert (lease["key"], lease["name"], lease["limit_days"], lease["when"]) == ("lease", "核对租约", 6, RENTED)


HOSTILE = [
    ("x" * (LARGEST + 1), "too_large"),
    (b"\xff\xfe<\x00a\x00", "not_utf8"),
    ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "doctype"),
    ('<!doctype lolz [<!ENTITY a "b">]><a/>', "doctype"),
    ("<a>" * 5000 + "</a>" * 5000, "too_deep"),
    ("<a>" + "<b/>" * 30_000 + "</a>", "too_deep"),
    ("<a>&x;</a>", "not_xml"),
    ("<a", "not_xml"),
    ("", "not_xml"),
    ("<a/>", "not_bpmn"),
]


@pytest.mark.parametrize(("data", "code"), HOSTILE, ids=[code + str(n) for n, (_d, code) in enumerate(HOSTILE)])
def test_a_hostile_file_is_refused(data: str | bytes, code: str):
    with pytest.raises(NotOurDiagram) as refusal:
        read_bpmn(data)
    assert [one for one, _values in refusal.value.reasons] == [code]


def test_every_reason_is_told_at_once():
    text = write_bpmn(WHOLE, name="x")
    text = text.replace(
        "</bpmn:process>",
        '<bpmn:userTask id="new" name="新步骤"/><bpmn:boundaryEvent id="t" name="超时"/></bpmn:process>',
    )
    text = text.replace('<bpmn:lane id="lane-2" name="区住建局">', '<bpmn:lane id="lane-2" name="区公安分局">')
    with pytest.raises(NotOurDiagram) as refusal:
        read_bpmn(text)
    assert {code for code, _values in refusal.value.reasons} == {"foreign_step", "foreign_kind", "lane_moved"}


# --- kept rehearsals ------------------------------------------------------------------------------------------------------


def test_a_rehearsal_tells_what_came_and_went():
    days = {"add": lambda day, days: day + timedelta(days)}
    before = expectation(rehearse(content(WHOLE), [], START, **days))
    renamed = json.loads(json.dumps(WHOLE))
    renamed["stages"][0]["name"] = "初审"
    assert changes_to(before, rehearse(content(renamed), [], START, **days)) == []
    shorter = flow(*[one for one in WHOLE["stages"] if one["key"] != "lease"])
    codes = [change.code for change in changes_to(before, rehearse(content(shorter), [], START, **days))]
    assert codes == ["now_in_time", "gone"]


@pytest.mark.django_db
def test_a_kept_rehearsal_is_run_again_with_its_own_answers():
    rented = {"situation": {"house": "rent"}, "answers": {"area": 10}, "applicant": "person"}
    made = content(WHOLE)
    row = kept("租房的", made, events=["correction"], started_on=START, **rented)
    assert {"lease", "site"} <= {told["stage"] for told in row["expect"]["course"]}
    made["flow"] = {**WHOLE, "rehearsals": [row]}
    assert [trial.passed for trial in trials_of(made)] == [True]
    made["flow"]["stages"] = [one for one in WHOLE["stages"] if one["key"] != "lease"]
    (trial,) = trials_of(made)
    assert not trial.passed
    assert "lease" in trial.changes[0]


# --- counters -------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_step_at_a_counter_comes_to_whoever_works_there_and_to_nobody_else(client):
    admin = officer("system_admin")
    hall = add_hall(actor=admin, division="511602000000", name="区政务大厅", address="城北", hours="9-17", phone="")
    window = add_window(actor=admin, hall_id=hall.pk, number="3", name="出证")
    elsewhere = make_department("区政务服务局")
    at_counter, other = officer("clerk", department=elsewhere), officer("clerk", department=elsewhere)
    place_post(actor=admin, post_id=at_counter.post_id, window_id=window.pk)
    counter = type(at_counter)(**{**at_counter.__dict__, "counter": ("区政务大厅", "3")})
    there = [{"department": "self", "post": "clerk", "window": {"hall": "区政务大厅", "number": "3"}}]
    office = make_office(
        flow=flow(
            stage("look"),
            stage("decide", "decide"),
            stage("certify", "certify"),
            stage("deliver", "deliver", parts=there),
        )
    )
    case = make_accepted(office, citizen())
    with pytest.raises(NotFound):
        case_for(counter, case.pk)
    review(actor=office.reviewer, case_id=case.pk, verdict="agree")
    decide(actor=office.approver, case_id=case.pk, result="granted")
    certify(actor=office.clerk, case_id=case.pk)
    assert case_for(counter, case.pk).steps.get(state="todo").hall == "区政务大厅"
    assert "deliver" in what_may_be_done(counter, case_for(counter, case.pk))
    assert [row.pk for row in worklist(counter, WorkFilters(asked=True)).rows] == [case.pk]
    assert not worklist(other, WorkFilters(asked=True)).rows
    with pytest.raises(NotAllowed):
        deliver(actor=other, case_id=case.pk, way="counter", receiver="张三")
    assert deliver(actor=counter, case_id=case.pk, way="counter", receiver="张三").state != "certifying"
