"""Lineage from what the rooms recorded: back from a row to its source, forward from a column to whoever would feel its change."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tongban.data.gathering.models import Job
from tongban.data.gathering.tests.factories import fetch
from tongban.data.lake.tests.factories import own_lake
from tongban.data.lineage.actions import find_rows, hear_of_readings, trace_row
from tongban.data.lineage.models import Reading
from tongban.data.lineage.queries import assets, impact, look
from tongban.data.lineage.queries.graph import built_graph, whole_graph
from tongban.data.registries.models import Register, Ruling
from tongban.data.registries.tests.lake import CONTENT, make_datasets
from tongban.foundation.audit.models import Fact
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.kernel.errors import NotAllowed
from tongban.foundation.kernel.grades import INTERNAL
from tongban.foundation.organisations.tests.factories import make_department

from .factories import PEOPLE, make_gathered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.GATHERING_ROOT, settings.GATHERING_INSIDE = str(tmp_path / "inbox"), True
    with own_lake(tmp_path / "lake"):
        yield tmp_path / "inbox"


@pytest.fixture
def steward() -> Actor:
    return officer("data_steward", clearance=INTERNAL)


def column(job: Job, name: str) -> str:
    return f"column:{job.source_id}:{job.table}:{name}"


def test_a_source_column_is_felt_as_far_as_the_interface_and_not_by_what_does_not_read_it(
    steward: Actor, inbox: Path
) -> None:
    job, _run, entry = make_gathered(steward, inbox)
    node, felt = impact(steward, column(job, "姓名"))
    assert (node.kind, node.name) == ("column", "姓名")
    assert [(one.kind, one.name) for one in felt] == [
        ("dataset", "人员归集（示例）"),
        ("field", "姓名"),
        ("resource", entry.name),
        ("data_item", "姓名"),
    ]
    assert [one.kind for one in impact(steward, column(job, "备注"))[1]] == []


def test_a_row_is_followed_back_to_batch_file_row_and_steps(steward: Actor, inbox: Path) -> None:
    job, run, _entry = make_gathered(steward, inbox)
    row = find_rows(actor=steward, dataset_id=job.dataset_id, key={"gmsfhm": "110101198501210022"})[0]
    assert row["gmsfhm"] == "110***********0022", "shown by the grade of its data item"
    trace = trace_row(actor=steward, dataset_id=job.dataset_id, batch=row["_batch"], row=row["_row"])
    assert (trace.run, trace.batch.pk, trace.row, trace.part["place"], trace.is_current) == (
        run,
        run.batch_id,
        2,
        2,
        True,
    )
    told = {value.name: (value.source, value.came, value.now, value.steps[1:]) for value in trace.values}
    assert told["xm"] == ("姓名", "王示例", "王示例", ["读作文字", "必填"])
    assert told["gmsfhm"][:3] == ("公民身份号码", "110***********0022", "110***********0022")
    assert "主键" in told["gmsfhm"][3]
    assert Fact.objects.filter(name="lineage.row_traced").count() == 1


def test_what_was_done_is_told_as_it_was_when_the_batch_came_in(steward: Actor, inbox: Path) -> None:
    job, run, _entry = make_gathered(steward, inbox)
    Job.objects.filter(pk=job.pk).update(columns=[one | {"source": "备注"} for one in job.columns])
    trace = trace_row(actor=steward, dataset_id=job.dataset_id, batch=1, row=1)
    assert [value.source for value in trace.values] == ["公民身份号码", "姓名", "出生日期"]
    assert trace.run == run


def test_a_row_that_was_replaced_still_tells_what_came_then(steward: Actor, inbox: Path) -> None:
    job, _run, _entry = make_gathered(steward, inbox)
    trace = trace_row(actor=steward, dataset_id=job.dataset_id, batch=1, row=2)
    assert trace.is_current
    folder = next(inbox.rglob("people.csv"))
    folder.write_text(PEOPLE.replace("王示例", "王新例"))
    fetch(job)
    old = trace_row(actor=steward, dataset_id=job.dataset_id, batch=1, row=2)
    assert not old.is_current
    assert {value.name: value.came for value in old.values}["xm"] == "王示例"
    new = find_rows(actor=steward, dataset_id=job.dataset_id, key={"gmsfhm": "110101198501210022"})[0]
    assert (new["_batch"], new["xm"]) == (2, "王新例")


def test_what_forms_read_is_told_by_them_and_said_again_changes_nothing(steward: Actor) -> None:
    assert steward.department_id is not None
    said: dict[str, Any] = {
        "item_code": "elderly-card",
        "item_name": "老年人优待证",
        "department_id": steward.department_id,
    }
    reading = {"field": "name", "label": "姓名", "register": "population", "element": "name"}
    for _twice in range(2):
        assert hear_of_readings(readings=[reading, reading | {"field": "phone", "element": "phone"}], **said) == 2
    hear_of_readings(readings=[reading], **said)
    assert Reading.objects.count() == 1
    felt = impact(steward, "element:population:name")[1]
    kinds = [("item", "老年人优待证"), ("form_field", "姓名"), ("interface", "申请草稿接口")]
    assert [(one.kind, one.name) for one in felt] == kinds
    hear_of_readings(readings=[reading | {"on_licence": True}], **said)
    felt = impact(steward, "element:population:name")[1]
    assert {one.name for one in felt if one.kind == "interface"} == {"申请草稿接口", "证照接口"}
    assert "GET /api/v1/licences/{identifier}" in {one.name: one.note for one in felt}["证照接口"]


def test_rows_of_another_department_are_not_shown(steward: Actor, inbox: Path) -> None:
    job, _run, _entry = make_gathered(steward, inbox)
    with pytest.raises(NotAllowed):
        trace_row(actor=officer("data_steward"), dataset_id=job.dataset_id, batch=1, row=1)
    assert trace_row(actor=officer("data_admin"), dataset_id=job.dataset_id, batch=1, row=1).row == 1


def test_assets_are_counted_by_department_with_who_looked(steward: Actor, inbox: Path) -> None:
    job, _run, _entry = make_gathered(steward, inbox)
    trace_row(actor=steward, dataset_id=job.dataset_id, batch=1, row=1)
    told = assets(steward)
    assert [(one.rows, one.used, one.level, one.readers) for one in told.datasets] == [(2, 1, 3, 1)]
    assert told.datasets[0].bytes > 0
    assert [(one.resources, one.datasets, one.rows, one.looks) for one in told.offices] == [(1, 1, 2, 1)]
    assert not assets(officer("data_steward")).datasets


def test_the_graph_asks_as_much_for_many_datasets_as_for_one(
    steward: Actor, inbox: Path, django_assert_max_num_queries: Any
) -> None:
    make_gathered(steward, inbox)
    with django_assert_max_num_queries(10):
        graph = built_graph()
    assert {node.kind for node in graph.nodes.values()} >= {
        "table",
        "column",
        "dataset",
        "field",
        "resource",
        "data_item",
    }


def test_the_pages(client: Client, steward: Actor, inbox: Path) -> None:
    job, _run, entry = make_gathered(steward, inbox)
    desk = sign_in(client, steward)
    assert "人员归集（示例）" in desk.get("/console/lineage/?q=人员").content.decode()
    drawn = desk.get("/console/lineage/picture/", {"at": f"dataset:{job.dataset_id}"}).content.decode()
    assert drawn.count('class="lineage-picture"') == 1
    assert entry.name in drawn
    assert "人员归集（示例）" in drawn, "what happens on the way is in the list, too"
    one_way = desk.get("/console/lineage/picture/", {"at": f"dataset:{job.dataset_id}", "way": "back", "depth": "1"})
    assert entry.name not in one_way.content.decode()
    assert desk.get("/console/lineage/picture/", {"at": "dataset:none"}).status_code == 404
    felt = desk.get("/console/lineage/impact/", {"at": column(job, "姓名")})
    assert entry.name in felt.content.decode()
    piece = desk.get("/console/lineage/impact/", {"at": column(job, "姓名")}, headers={"HX-Request": "true"})
    assert b"<html" not in piece.content
    sheet = desk.get("/console/lineage/impact/", {"at": column(job, "姓名"), "as": "csv"})
    assert entry.name in sheet.content.decode("utf-8-sig")
    where = f"/console/lineage/datasets/{job.dataset_id}/"
    assert "110101198501210022" not in desk.post(f"{where}rows/", {"act": "some"}).content.decode()
    assert desk.post(f"{where}rows/", {"act": "find", "key-gmsfhm": ""}).status_code == 422
    found = desk.post(f"{where}rows/", {"act": "find", "key-gmsfhm": "110101198501210022"}).content.decode()
    assert f"{where}rows/1/2/" in found
    row = desk.get(f"{where}rows/1/2/")
    assert "part-000001.parquet 的第2行" in row.content.decode()
    assert row["Cache-Control"] == "no-store"
    assert "人员归集（示例）" in desk.get("/console/lineage/assets/").content.decode()


def test_a_question_about_a_changed_source_has_its_impact_beside_it(
    client: Client, steward: Actor, inbox: Path
) -> None:
    job, _run, _entry = make_gathered(steward, inbox)
    Job.objects.filter(pk=job.pk).update(
        state="asking", changes=[{"what": "gone", "name": "姓名", "was": "VARCHAR", "now": ""}]
    )
    desk = sign_in(client, steward)
    page = desk.get(f"/console/gathering/jobs/{job.pk}/shape/").content.decode()
    asked = page.partition('hx-get="/console/lineage/impact/?at=')[2].partition('"')[0]
    assert "数据集" in desk.get(f"/console/lineage/impact/?at={asked}").content.decode()


def test_other_systems_ask_the_same(steward: Actor, inbox: Path, client: Client) -> None:
    job, _run, entry = make_gathered(steward, inbox)
    desk = sign_in(client, steward)
    told = desk.get("/api/v1/lineage", {"at": f"dataset:{job.dataset_id}", "way": "forward"})
    assert [(flow["start"], flow["end"]) for flow in told.json()["flows"]] == [
        (f"dataset:{job.dataset_id}", f"resource:{entry.pk}")
    ]
    felt = desk.get("/api/v1/lineage/impact", {"at": column(job, "姓名")}).json()["felt"]
    assert {one["kind"] for one in felt} == {"dataset", "field", "resource", "data_item"}


def test_the_picture_of_a_column_goes_from_the_source_to_the_data_item(steward: Actor, inbox: Path) -> None:
    job, _run, _entry = make_gathered(steward, inbox)
    found = look(steward, f"field:{job.dataset_id}:xm")
    assert [(start.kind, how, end.kind) for start, how, end in found.flows] == [
        ("column", "读作文字；必填", "field"),
        ("field", "是它的内容", "data_item"),
    ]


def test_a_column_is_felt_by_the_register_built_from_it_and_the_forms_that_read_it(steward: Actor) -> None:
    held = make_datasets()["insurance"]
    office = make_department()
    register = Register.objects.create(
        code="population", title="人口库", personal=True, department=office, made_at=now()
    )
    Ruling.objects.create(register=register, version=1, status="published", effective_on=today(), content=CONTENT)
    reading = {"field": "phone", "label": "联系电话", "register": "population", "element": "phone"}
    hear_of_readings(item_code="elderly-card", item_name="老年人优待证", department_id=office.pk, readings=[reading])
    felt = impact(steward, f"field:{held}:phone")[1]
    assert [(one.kind, one.name) for one in felt] == [
        ("register", "人口库"),
        ("element", "电话"),
        ("item", "老年人优待证"),
        ("form_field", "联系电话"),
        ("interface", "申请草稿接口"),
    ]
    flows = [(start.kind, how, end.kind) for start, how, end in look(steward, f"field:{held}:phone").flows]
    assert ("field", "一数一源：第1个来源", "element") in flows


def test_registers_elements_and_the_fields_they_fill_have_their_grade(client: Client, steward: Actor) -> None:
    make_datasets()
    office, content = make_department(), deepcopy(CONTENT)
    for element in content["elements"]:
        element["level"] = {"phone": 3, "address": 5}.get(element["name"], 0)
    register = Register.objects.create(
        code="population", title="人口总库", personal=True, department=office, made_at=now()
    )
    Ruling.objects.create(register=register, version=1, status="published", effective_on=today(), content=content)
    reading = {"field": "phone", "label": "联系电话", "register": "population", "element": "phone"}
    hear_of_readings(item_code="elderly-card", item_name="老年人优待证", department_id=office.pk, readings=[reading])
    nodes = whole_graph().nodes
    levels = {one.id: one.level for one in nodes.values()}
    assert (
        levels["element:population:phone"]
        == levels["form_field:elderly-card:phone"]
        == levels["item:elderly-card"]
        == 3
    )
    assert (levels["register:population"], levels["element:population:address"]) == (5, 5)
    said = levels["element:population:name"]  # by no rule: as the columns it is taken from
    assert said == max(one.level for one in nodes.values() if one.kind == "field" and one.note == "name")
    sign_in(client, steward)
    page = client.get("/console/lineage/picture/?at=element:population:phone").content.decode()
    assert "基础库的数据元·三级" in page
    assert "lineage-sensitive" in page
