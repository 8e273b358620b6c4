"""Items and guides as data: the same as the pages, under the exchange standard's names."""

from __future__ import annotations

import pytest

from tongban.services.items.actions.standing import resume_item, split_item, suspend_item

from .factories import make_item, manager_of, new_item

pytestmark = pytest.mark.django_db


def test_anybody_may_find_items(client):
    make_item()
    body = client.get("/api/v1/items", {"q": "开宾馆"}).json()
    assert [(hit["code"], hit["kind"], hit["dept_name"]) for hit in body["items"]] == [
        ("venue-permit", "guide", "区卫健局")
    ]
    assert client.get("/api/v1/items", {"department": "没有的局"}).json()["total"] == 0


def test_pages_follow_their_cursor(client):
    make_item()
    make_item(code="second-permit", catalog_code="000123010000", task_name="第二种许可", plain_name="第二种")
    first = client.get("/api/v1/items", {"size": 1}).json()
    second = client.get("/api/v1/items", {"size": 1, "cursor": first["next"]}).json()
    assert first["total"] == 2
    assert first["items"] != second["items"]
    assert second["next"] == ""
    assert client.get("/api/v1/items", {"cursor": "!"}).status_code == 422


def test_an_item_has_the_names_of_the_standard(client):
    version = make_item()
    answer = client.get("/api/v1/items/venue-permit")
    body = answer.json()
    basic = body["general_basic"]
    assert (basic["task_code"], basic["promise_day"], basic["anticipate_day"]) == (version.item.task_code, 5, 20)
    assert basic["server_type"] == "1^2"
    assert body["depth"] == {"level": "IV", "online_handle_depth": ["2", "4", "5", "6"], "blocks": []}
    assert [material["material_name"] for material in body["materials"]] == ["平面图", "水质检测报告", "身份证"]
    again = client.get("/api/v1/items/venue-permit", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_an_item_of_another_day_or_none(client):
    make_item()
    assert client.get("/api/v1/items/venue-permit", {"on": "2025-12-31"}).status_code == 404
    assert client.get("/api/v1/items/venue-permit", {"on": "soon"}).status_code == 422
    problem = client.get("/api/v1/items/no-such-item")
    assert (problem.status_code, problem.json()["code"]) == (404, "items.not_found")


def test_an_item_that_is_not_had_says_why_and_what_took_its_place(client):
    item = make_item().item
    manager, colleague = manager_of(item.department_id), manager_of(item.department_id)
    suspend_item(actor=manager, code=item.code, reason="系统升级")
    problem = client.get("/api/v1/items/venue-permit").json()
    assert [(reason["code"], "系统升级" in reason["text"]) for reason in problem["reasons"]] == [("suspended", True)]
    resume_item(actor=manager, code=item.code, reason="升级好了")
    for code, number in (("hotels", "3"), ("pools", "4")):
        new_item(manager, colleague, code, f"00012300900{number}", task_name=f"{code}许可")
    split_item(actor=manager, code=item.code, into=["hotels", "pools"], reason="分开办")
    problem = client.get("/api/v1/items/venue-permit/guide").json()
    assert [reason["code"] for reason in problem["reasons"]] == ["split", "successor", "successor"]
    assert "hotels许可（hotels）" in problem["reasons"][1]["text"]


def test_a_guide_is_narrowed_by_the_answers(client):
    make_item()
    body = client.get("/api/v1/items/venue-permit/guide").json()
    assert [question["key"] for question in body["questions_to_answer"]] == ["venue"]
    assert [material["key"] for material in body["further_materials"]] == ["water"]
    pool = client.get("/api/v1/items/venue-permit/guide", {"venue": "pool"}).json()
    assert pool["answers"] == {"venue": "pool"}
    assert [material["key"] for material in pool["materials"]] == ["plan", "water"]
    assert [material["key"] for material in pool["waived_materials"]] == ["identity"]
    assert pool["further_materials"] == []
