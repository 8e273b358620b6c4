"""The list of drafts, a new one, the trash; handing in."""

from __future__ import annotations

import pytest
from django.test import Client

from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.foundation.kernel.errors import NotAllowed
from tongban.services.authoring.actions import begin_item, hand_in
from tongban.services.authoring.errors import HandInRefused, NewItemRefused
from tongban.services.authoring.queries import findings_of, item_draft
from tongban.services.items.actions.standing import cancel_item, suspend_item
from tongban.services.items.errors import ItemNotInForce
from tongban.services.items.queries import shape_faults
from tongban.services.items.tests.factories import make_item

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return make_manager()


@pytest.fixture
def browser(client: Client, manager: Actor) -> Client:
    return sign_in(client, manager)


def test_a_new_draft_leaves_little_to_fill_in(manager: Actor) -> None:
    draft = begin_item(manager, manager.department_id, name="公共场所卫生许可", catalog_code="000123009000")
    content = draft.content
    assert (content["task_type"], content["use_level"], content["department"]) == ("01", "4", "区卫健局")
    empty = {finding.path for finding in findings_of(content)}
    assert empty <= {
        "/summary", "/by_law", "/accept_conditions", "/topics/person", "/topics/company", "/questions", "/consult_phone",
        "/locations", "/complaint_phone", "/plain_name",
    }  # fmt: skip
    assert {path for path, *_ in shape_faults(content)} <= {"summary", "by_law", "accept_conditions", "consult_phone",
                                                            "locations", "complaint_phone", "plain_name"}  # fmt: skip


def test_two_new_items_with_like_names_are_two(manager: Actor) -> None:
    one, other = (begin_item(manager, manager.department_id, name=f"公共场所卫生许可（{word}）") for word in "甲乙")
    assert one.key != other.key


@pytest.mark.parametrize(
    ("name", "code", "fields"),
    [("", "", {"name"}), ("\u202e\u200b", "", {"name"}), ("卫", "12", {"name", "catalog_code"})],
)
def test_a_draft_needs_a_name(manager: Actor, name: str, code: str, fields: set[str]) -> None:
    with pytest.raises(NewItemRefused) as told:
        begin_item(manager, manager.department_id, name=name, catalog_code=code)
    assert set(told.value.fields) == fields


def test_ones_own_item_begins_its_next_version(manager: Actor) -> None:
    version = make_item()
    draft = begin_item(manager, manager.department_id, "item", version.item.code)
    assert (draft.key, draft.content["version"], draft.base["version"]) == (version.item.code, 2, 1)
    assert findings_of(draft.content) == []


def test_a_suspended_item_gets_its_next_version_and_one_that_has_ended_does_not(
    manager: Actor, browser: Client
) -> None:
    suspend_item(actor=manager, code=make_item().item.code, reason="系统升级")
    assert begin_item(manager, manager.department_id, "item", "venue-permit").content["version"] == 2
    assert 'value="venue-permit"' in browser.get("/console/authoring/new/").content.decode()
    cancel_item(actor=manager, code="venue-permit", reason="国务院决定")
    assert 'value="venue-permit"' not in browser.get("/console/authoring/new/").content.decode()
    with pytest.raises(ItemNotInForce):
        begin_item(manager, manager.department_id, "item", "venue-permit")


def test_anothers_item_is_copied_with_ones_own_place(manager: Actor) -> None:
    version = make_item()
    other = make_manager("区市监局")
    draft = begin_item(other, other.department_id, "item", version.item.code)
    assert draft.key != version.item.code
    assert (draft.content["department"], draft.content["version"]) == ("区市监局", 1)
    assert draft.base["department"] == "区卫健局"


def test_only_for_ones_own_department(manager: Actor) -> None:
    with pytest.raises(NotAllowed):
        begin_item(officer("item_manager"), manager.department_id, name="公共场所卫生许可")
    with pytest.raises(NotAllowed):
        begin_item(officer("clerk"), manager.department_id, name="公共场所卫生许可")


def test_handing_in_closes_the_draft(manager: Actor) -> None:
    make_item()
    draft = begin_item(manager, manager.department_id, "item", "venue-permit")
    version = hand_in(manager, draft.pk)
    assert (version.status, version.version) == ("in_review", 2)
    assert item_draft(manager, draft.pk).state == "in_review"


def test_a_new_item_is_made_when_it_is_handed_in(manager: Actor) -> None:
    draft = make_item_draft(manager, code="something-new", task_name="另一件事")
    version = hand_in(manager, draft.pk)
    assert (version.item.code, version.status, version.draft_id) == ("something-new", "in_review", draft.pk)
    assert version.authors == [str(manager.account_id)]


def test_an_unfinished_draft_is_not_handed_in(manager: Actor) -> None:
    make_item()
    draft = make_item_draft(manager, plain_name="", by_law=[])
    with pytest.raises(HandInRefused) as told:
        hand_in(manager, draft.pk)
    assert {reason.field for reason in told.value.reasons} == {"通俗名称", "设定依据"}
    assert item_draft(manager, draft.pk).state == "open"


def test_new_and_the_list(browser: Client, manager: Actor) -> None:
    assert "还没有草稿" in browser.get("/console/authoring/").content.decode()
    assert browser.post("/console/authoring/new/", {"name": ""}).status_code == 422
    answer = browser.post("/console/authoring/new/", {"name": "公共场所卫生许可", "catalog_code": "000123009000"})
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/console/authoring/{draft.pk}/"
    page = browser.get("/console/authoring/?q=卫生").content.decode()
    assert "公共场所卫生许可" in page
    assert "没有符合条件的草稿" in browser.get("/console/authoring/?q=烟草").content.decode()
    assert browser.get(f"/console/authoring/{draft.pk}/").status_code == 200
    assert "还没有填写" in browser.get(f"/console/authoring/{draft.pk}/findings/").content.decode()


def test_what_is_under_way_is_opened(browser: Client, manager: Actor) -> None:
    make_item()
    for _ in range(2):
        browser.post("/console/authoring/new/", {"source": "item", "ref": "venue-permit"})
    assert Draft.objects.count() == 1


def test_another_departments_item_is_found_and_copied(browser: Client, manager: Actor) -> None:
    make_item()
    other = make_item(
        code="cinema-permit", catalog_code="000132002000", task_name="电影放映单位设立", department="区文广旅局"
    )
    page = browser.get("/console/authoring/new/?q=电影").content.decode()
    assert other.content["task_name"] in page
    assert "照着编制" in page
    assert "没有找到这样的事项" in browser.get("/console/authoring/new/?q=火箭").content.decode()
    browser.post("/console/authoring/new/", {"source": "item", "ref": "cinema-permit"})
    draft = Draft.objects.get()
    assert draft.department_id == manager.department_id
    assert draft.base["task_name"] == "电影放映单位设立"
    assert "来自 cinema-permit 第1版" in browser.get("/console/authoring/").content.decode()


def test_trash_and_back(browser: Client, manager: Actor) -> None:
    draft = make_item_draft(manager)
    browser.post(f"/console/authoring/{draft.pk}/trash/")
    page = browser.get("/console/authoring/?state=trashed").content.decode()
    assert "恢复" in page
    assert "周丽" in page
    browser.post(f"/console/authoring/{draft.pk}/restore/")
    assert item_draft(manager, draft.pk).state == "open"


def test_the_list_asks_few_questions(browser: Client, manager: Actor, django_assert_max_num_queries) -> None:
    for number in range(12):
        make_item_draft(manager, code=f"item-{number}")
    with django_assert_max_num_queries(20):
        browser.get("/console/authoring/")


def test_another_departments_draft_is_not_there(client: Client, manager: Actor) -> None:
    draft = make_item_draft(manager)
    stranger = sign_in(client, officer("item_manager"))
    assert stranger.get(f"/console/authoring/{draft.pk}/").status_code == 404
    assert stranger.post(f"/console/authoring/{draft.pk}/trash/").status_code == 404
