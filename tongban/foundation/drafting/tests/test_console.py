"""The ways into a draft from a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tongban.foundation.drafting import actions
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.organisations.tests.factories import make_department

from .factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return officer("item_manager", department=make_department())


@pytest.fixture
def draft(manager: Actor) -> Draft:
    return make_draft(actor=manager, department_id=manager.department_id)


@pytest.fixture
def browser(client: Client, manager: Actor) -> Client:
    return sign_in(client, manager)


def post(client: Client, draft: Draft, way: str, body: Any = None) -> Any:
    address = f"/console/drafting/{draft.pk}/{way}/"
    return client.post(address, body or {}, content_type="application/json", headers={"accept": "application/json"})


NAME = [{"op": "replace", "path": "/name", "value": "茶馆"}]


def test_edit_undo_and_redo(browser: Client, draft: Draft) -> None:
    told = post(browser, draft, "edit", {"revision": 0, "ops": NAME}).json()
    assert (told["revision"], told["undo"], told["redo"]) == (1, True, False)
    assert "content" not in told, "the page knows what it wrote"
    back = post(browser, draft, "undo").json()
    assert (back["content"]["name"], back["redo"]) == ("茶", True)
    assert post(browser, draft, "redo").json()["content"]["name"] == "茶馆"
    assert post(browser, draft, "redo").status_code == 409


def test_a_conflict_is_told_place_by_place(browser: Client, draft: Draft, manager: Actor) -> None:
    other = officer("item_manager", department=draft.department)
    actions.edit(actor=other, draft_id=draft.pk, revision=0, ops=[{"op": "replace", "path": "/name", "value": "茶楼"}])
    answer = post(browser, draft, "edit", {"revision": 0, "ops": NAME})
    assert answer.status_code == 409
    (conflict,) = answer.json()["conflicts"]
    assert (conflict["theirs_text"], conflict["mine_text"], conflict["by"]) == ("茶楼", "茶馆", "周丽")


@pytest.mark.parametrize(
    "body", ["[]", "{", '{"revision": "1", "ops": []}', '{"revision": 0, "ops": [NaN]}', "[" * 5000]
)
def test_bad_bodies_are_refused(browser: Client, draft: Draft, body: str) -> None:
    answer = post(browser, draft, "edit", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "drafting.bad_edit")


def test_presence_tells_what_one_missed(browser: Client, draft: Draft) -> None:
    other = officer("item_manager", department=draft.department)
    actions.arrive(actor=other, draft_id=draft.pk, path="/name")
    actions.edit(actor=other, draft_id=draft.pk, revision=0, ops=NAME)
    told = post(browser, draft, "presence", {"path": "/rows", "revision": 0}).json()
    assert [one["path"] for one in told["others"]] == ["/name"]
    assert told["content"]["name"] == "茶馆"
    assert told["news"] == ["周丽：把“/name”从“茶”改为“茶馆”。"]
    assert "content" not in post(browser, draft, "presence", {"revision": 1}).json()


def test_what_is_sent_twice_is_done_once(browser: Client, draft: Draft) -> None:
    row = {"revision": 0, "token": "t-1", "ops": [{"op": "add", "path": "/rows/-", "value": {"key": "c"}}]}
    first, again = post(browser, draft, "edit", row).json(), post(browser, draft, "edit", row).json()
    assert (first["revision"], again["revision"]) == (1, 1)
    draft.refresh_from_db()
    assert len(draft.content["rows"]) == 3


def test_comments_and_history(browser: Client, draft: Draft, manager: Actor) -> None:
    address = f"/console/drafting/{draft.pk}/comments/?path=/name"
    assert "名称太短" in browser.post(address, {"text": "名称太短"}).content.decode()
    remark = draft.comments.get()
    base = f"/console/drafting/{draft.pk}/comments/{remark.pk}"
    assert "已改好" in browser.post(f"{base}/reply/?path=/name", {"text": "已改好"}).content.decode()
    assert "重新打开" in browser.post(f"{base}/resolve/").content.decode()
    assert "重新打开" not in browser.post(f"{base}/reopen/").content.decode()
    actions.edit(actor=manager, draft_id=draft.pk, revision=0, ops=NAME, label="改名")
    page = browser.get(f"/console/drafting/{draft.pk}/history/").content.decode()
    assert "把“/name”从“茶”改为“茶馆”" in page
    assert "周丽 · 改名" in page


def test_another_department_is_told_there_is_none(client: Client, draft: Draft) -> None:
    stranger = sign_in(client, officer("item_manager"))
    assert post(stranger, draft, "edit", {"revision": 0, "ops": NAME}).status_code == 404
    assert stranger.get(f"/console/drafting/{draft.pk}/history/").status_code == 404
