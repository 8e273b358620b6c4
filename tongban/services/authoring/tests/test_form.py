"""The form's page: what a press amounts to, conditions put together, pasted tables, the preview, the library."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.actors import Actor, installer
from tongban.services.authoring.errors import FormEditRefused
from tongban.services.authoring.queries.designer import canvas_of, chosen_of, removal_of
from tongban.services.authoring.queries.designer import tests_of as trials_of
from tongban.services.authoring.queries.plans import plan
from tongban.services.authoring.queries.terms import builder_of, posted
from tongban.services.cases.tests.factories import make_draft, make_office
from tongban.services.forms.actions import share_part
from tongban.services.forms.queries import names_of

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db
KIND = {"key": "kind", "label": "类型", "type": "radio", "required": True,
        "options": [{"value": "rent", "label": "租"}, {"value": "own", "label": "自有"}]}  # fmt: skip
RENT = {"key": "rent", "label": "月租", "type": "money", "required": True, "show_if": "kind == 'rent'"}
PHONE = {"key": "phone", "label": "手机", "type": "phone", "required": True, "element": "person.phone"}
BANK = {
    "key": "bank",
    "title": "收款账户",
    "fields": [{"key": "card", "label": "卡号", "type": "text", "required": True}],
}
FIELDS = "/form/groups/0/fields"


def form(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"title": "申请表", "groups": [{"key": "place", "title": "场所", "fields": list(fields)}], **more}


@pytest.fixture
def manager() -> Actor:
    return make_manager()


@pytest.fixture
def draft(manager: Actor) -> Draft:
    return make_item_draft(manager, form=form(KIND, RENT, PHONE))


@pytest.fixture
def browser(client: Client, manager: Actor) -> Client:
    return sign_in(client, manager)


def address(draft: Draft, name: str) -> str:
    return reverse(f"authoring-form{'-' if name else ''}{name}", args=[draft.pk])


def press(browser: Client, draft: Draft, name: str = "edits", **body: Any) -> Any:
    """What a press is answered with; its operations are done, as the page does them."""
    answer = browser.post(address(draft, name), json.dumps(body), content_type="application/json")
    told = answer.json()
    if answer.status_code == 200 and told["ops"]:
        draft.refresh_from_db()
        edit(
            actor=a_manager_of(draft), draft_id=draft.pk, revision=draft.revision, ops=told["ops"], label=told["label"]
        )
        draft.refresh_from_db()
    return told


def a_manager_of(draft: Draft) -> Actor:
    return officer("item_manager", department=draft.department)


def keys(draft: Draft) -> list[str]:
    return [raw["key"] for group in draft.content["form"]["groups"] for raw in group["fields"]]


def test_a_form_is_put_together_press_by_press(browser: Client, draft: Draft) -> None:
    told = press(browser, draft, do="add", element="person.id_number", after=f"{FIELDS}/0")
    assert (told["select"], keys(draft)) == (f"{FIELDS}/1", ["kind", "id_number", "rent", "phone"])
    told = press(browser, draft, do="step", at=f"{FIELDS}/1", way="down")
    assert (told["select"], keys(draft)) == (f"{FIELDS}/2", ["kind", "rent", "id_number", "phone"])
    press(browser, draft, do="move", at=f"{FIELDS}/3", array=FIELDS, number=0)
    assert keys(draft) == ["phone", "kind", "rent", "id_number"]
    press(browser, draft, do="rename", at=f"{FIELDS}/1", key="tenure")
    assert draft.content["form"]["groups"][0]["fields"][2]["show_if"] == "tenure == 'rent'"
    press(browser, draft, do="retype", at=f"{FIELDS}/1", type="text")
    assert "options" not in draft.content["form"]["groups"][0]["fields"][1]
    told = press(browser, draft, do="remove", at=f"{FIELDS}/3")
    assert (told["select"], keys(draft)) == (f"{FIELDS}/2", ["phone", "tenure", "rent"])


def test_the_first_field_brings_a_group_along(manager: Actor, client: Client) -> None:
    draft = make_item_draft(manager, form={"title": "空"})
    browser = sign_in(client, manager)
    assert press(browser, draft, do="add", kind="text")["select"] == f"{FIELDS}/0"
    assert draft.content["form"]["groups"][0]["title"] == "申请内容"


@pytest.mark.parametrize(
    "body",
    [{}, {"do": "fly"}, {"do": "step", "at": "/code", "way": "up"}, {"do": "remove", "at": f"{FIELDS}/99"},
     {"do": "rename", "at": f"{FIELDS}/0", "key": "phone"}, {"do": "add", "kind": "spaceship"}, {"do": "paste", "rows": []}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_a_sentence(browser: Client, draft: Draft, body: dict[str, Any]) -> None:
    answer = browser.post(address(draft, "edits"), json.dumps(body), content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["reasons"][0]


def test_broken_json_is_refused(browser: Client, draft: Draft) -> None:
    assert browser.post(address(draft, "edits"), "{", content_type="application/json").status_code == 422


def test_somebody_elses_draft_is_not_found(client: Client, draft: Draft) -> None:
    other = sign_in(client, officer("item_manager"))
    assert other.get(address(draft, "")).status_code == 404
    assert other.post(address(draft, "edits"), "{}", content_type="application/json").status_code == 404


def test_the_page_shows_conditions_in_words_and_faults_beside_the_field(browser: Client, manager: Actor) -> None:
    draft = make_item_draft(manager, form=form({**KIND, "show_if": "rent > 1"}, RENT, {**PHONE, "label": ""}))
    page = browser.get(address(draft, "")).content.decode()
    assert "当“类型”是“租”时出现" in page
    assert "请写上给申请人看的字段名称。" in page
    draft.content["form"]["groups"][0]["fields"][2]["label"] = "手机"
    canvas = canvas_of(manager, draft.content)
    assert canvas.groups[0].pieces[0].faults == [
        "这些字段的条件互相依赖，绕成了圈：“类型” → “月租” → “类型”。请改掉其中一个条件。"
    ]


def test_what_would_go_with_a_field_is_told_first(browser: Client) -> None:
    office = make_office()
    manager = officer("item_manager", department=office.department)
    make_draft(office)
    content = {
        **office.version.content,
        "form": form({"key": "name", "label": "名称", "type": "text"}, {**RENT, "show_if": "name == 'x'"}),
    }
    removal = removal_of(manager, content, f"{FIELDS}/0")
    assert removal is not None
    assert (removal.uses, removal.drafts, removal.is_plain) == (["“月租”的出现条件"], 1, False)
    whole = removal_of(manager, content, "/form/groups/0")
    assert whole is not None
    assert (whole.uses, whole.drafts) == ([], 1)


def test_a_bound_field_shows_how_others_see_it(manager: Actor, draft: Draft) -> None:
    chosen = chosen_of(draft.content, f"{FIELDS}/2")
    assert chosen is not None
    assert chosen.sample == "138****8000"


# --- conditions -------------------------------------------------------------------------------------------------------------


def term(name: str, operator: str, value: Any = "") -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


@pytest.mark.parametrize(
    ("terms", "expression"),
    [
        ([term("kind", "is", "rent")], "kind == 'rent'"),
        ([term("kind", "one_of", ["rent", "own"])], "kind in ['rent', 'own']"),
        ([term("rent", "at_least", "12.5"), term("phone", "filled")], "rent >= 1250 and phone != null"),
        ([term("situation.venue", "is_not", "pool")], "situation.venue != 'pool'"),
        ([term("day", "less", "today")], "d(day) < d(today)"),
        ([term("day", "at_least", "2026-03-08")], "d(day) >= d('2026-03-08')"),
        ([term("agreed", "unticked")], "agreed != true"),
        ([term("extras", "has", "tea")], "contains(extras ?? [], 'tea')"),
        ([term("extras", "empty")], "len(extras ?? []) == 0"),
        ([term("kind", "is", "")], ""),  # not complete yet
        ([term("nobody", "is", "x")], ""),
        ([term("rent", "is", "much")], ""),
    ],
)
def test_the_builder_writes_what_it_reads_back(terms: list[dict[str, Any]], expression: str) -> None:
    more = [
        {"key": "day", "label": "日子", "type": "date"},
        {"key": "agreed", "label": "同意", "type": "boolean"},
        {"key": "extras", "label": "另有", "type": "checkboxes", "options": [{"value": "tea", "label": "茶"}]},
    ]
    names = names_of({"form": form(KIND, RENT, PHONE, *more), "situations": [
        {"key": "venue", "question": "哪类", "options": [{"value": "pool", "label": "泳池"}]}]})  # fmt: skip
    made = posted("/form/x/show_if", {"terms": terms}, names)
    assert made.expression == expression
    if expression:
        again = builder_of("/form/x/show_if", expression, names)
        assert again.readable
        assert again.faults == []
        assert [(one.name, one.operator) for one in again.terms] == [(one["name"], one["operator"]) for one in terms]


def test_a_typed_expression_is_judged_and_said(browser: Client, draft: Draft) -> None:
    ask = {"at": f"{FIELDS}/1/show_if"}
    told = browser.post(
        address(draft, "condition"), json.dumps({**ask, "raw": "kind == 'own'"}), content_type="application/json"
    )
    assert told.json() == {"expression": "kind == 'own'", "says": "“类型”是“自有”", "faults": []}
    told = browser.post(
        address(draft, "condition"), json.dumps({**ask, "raw": "knd == 1"}), content_type="application/json"
    )
    assert told.json()["faults"] == ["表达式“knd == 1”提到了不存在的“knd”。"]
    told = browser.post(
        address(draft, "condition"), json.dumps({**ask, "terms": [term("", "")]}), content_type="application/json"
    )
    assert told.json()["expression"] == ""
    assert "选一项" in told.json()["html"]


# --- pasted tables ----------------------------------------------------------------------------------------------------------


def test_a_pasted_table_is_shown_before_it_is_added(browser: Client, draft: Draft) -> None:
    page = browser.post(
        address(draft, "pasted"),
        {"table": "<table><tr><td>邮箱</td><td></td><td>性别</td><td>□男 □女</td></tr></table>"},
    )
    assert "认出2个字段" in page.content.decode()
    draft.refresh_from_db()
    assert keys(draft) == ["kind", "rent", "phone"]
    rows = [
        {"label": "邮箱", "type": "email", "key": "email"},
        {"label": "性别", "type": "radio", "key": "sex", "options": ["男", "女"]},
    ]
    told = press(browser, draft, do="paste", rows=rows, after=f"{FIELDS}/0")
    assert (told["select"], keys(draft)) == (f"{FIELDS}/1", ["kind", "email", "sex", "rent", "phone"])
    assert "没有认出字段" in browser.post(address(draft, "pasted"), {"table": ""}).content.decode()


# --- preview and tests ------------------------------------------------------------------------------------------------------


def test_the_preview_fills_in_live_and_keeps_nothing(browser: Client, draft: Draft) -> None:
    page = browser.get(address(draft, "preview") + "?as=care")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'class="tb-care"' in page.content.decode()
    assert "月租" not in page.content.decode()
    page = browser.post(
        address(draft, "preview"), {"_shown": ["kind", "phone"], "kind": "rent", "phone": "123", "_check": "1"}
    )
    assert "月租" in page.content.decode()
    assert "应填11位手机号" in page.content.decode()
    draft.refresh_from_db()
    assert "tests" not in draft.content["form"]


def test_what_is_filled_in_becomes_a_test_that_watches_the_form(browser: Client, draft: Draft) -> None:
    answer = browser.post(address(draft, "record"), {"_shown": ["kind"], "kind": "own", "_name": "自有"})
    edit(actor=a_manager_of(draft), draft_id=draft.pk, revision=0, ops=answer.json()["ops"])
    draft.refresh_from_db()
    assert [(one["name"], one["passed"]) for one in trials_of(draft.content)] == [("自有", True)]
    press(browser, draft, do="remove", at=f"{FIELDS}/1")
    assert trials_of(draft.content)[0]["passed"]  # the field went with its expectations
    draft.content["form"]["groups"][0]["fields"][1]["show_if"] = "kind == 'rent'"
    draft.save()
    (test,) = trials_of(draft.content)
    assert (test["passed"], test["differences"]) == (
        False,
        ["“手机”原来出现，现在不出现了", "“手机”原来会被指出问题，现在通过了"],
    )
    answer = browser.post(address(draft, "record"), {"_again": "0"})
    edit(actor=a_manager_of(draft), draft_id=draft.pk, revision=draft.revision, ops=answer.json()["ops"])
    draft.refresh_from_db()
    assert trials_of(draft.content)[0]["passed"]


def test_a_broken_form_is_not_previewed_but_told(browser: Client, manager: Actor) -> None:
    draft = make_item_draft(manager, form=form({**KIND, "show_if": "gone == 1"}))
    assert "改正后才能预览" in browser.get(address(draft, "preview")).content.decode()
    assert browser.post(address(draft, "record"), {}).status_code == 422


# --- the library ------------------------------------------------------------------------------------------------------------


def test_a_part_is_copied_and_its_newer_version_taken(browser: Client, draft: Draft) -> None:
    city = installer("items.manage")
    share_part(actor=city, key="bank", content=BANK)
    press(browser, draft, do="add", shared="bank")
    assert draft.content["form"]["groups"][1]["origin"] == {"key": "bank", "version": 1}
    newer = {**BANK, "fields": [*BANK["fields"], {"key": "branch", "label": "开户行", "type": "text"}]}
    share_part(actor=city, key="bank", content=newer, note="加开户行")
    assert "公共库有新版本" in browser.get(address(draft, "canvas")).content.decode()
    page = browser.get(address(draft, "newer") + "?at=/form/groups/1").content.decode()
    assert "新增“开户行”" in page
    press(browser, draft, do="take", at="/form/groups/1")
    assert keys(draft)[-2:] == ["card", "branch"]
    page = browser.get(reverse("authoring-library")).content.decode()
    assert "1张表" in page
    page = browser.get(reverse("authoring-library-part", args=["bank"])).content.decode()
    assert draft.title in page
    assert "加开户行" in page


def test_a_group_of_ones_form_is_put_into_the_library(browser: Client, draft: Draft) -> None:
    told = press(browser, draft, "share", at="/form/groups/0", key="tenancy", note="第一版")
    assert draft.content["form"]["groups"][0]["origin"] == {"key": "tenancy", "version": 1}
    told = press(browser, draft, "share", at="/form/groups/0", key="Tenancy")
    assert "字段名“Tenancy”" in told["reasons"][0]


def test_a_form_of_500_fields_stays_usable(browser: Client, manager: Actor, django_assert_max_num_queries: Any) -> None:
    fields = [
        {"key": f"f{n}", "label": f"字段{n}", "type": "text", "required": True, "show_if": f"f{n - 1} != null"}
        for n in range(1, 500)
    ]
    draft = make_item_draft(manager, form=form({"key": "f0", "label": "字段0", "type": "text"}, *fields))
    with django_assert_max_num_queries(12):
        page = browser.get(address(draft, "canvas"))
    assert "500个字段" in page.content.decode()
    assert "字段很多" in page.content.decode()
    assert len(page.content) < 400_000
    ops = plan(manager, draft.content, {"do": "step", "at": f"{FIELDS}/499", "way": "up"}).ops
    assert len(ops) == 2
    with pytest.raises(FormEditRefused):
        plan(manager, draft.content, {"do": "step", "at": f"{FIELDS}/500", "way": "up"})


@pytest.mark.parametrize("at", ["", "/", "/code", "/form", f"{FIELDS}/99", "/form/groups/x"])
@pytest.mark.parametrize("name", ["piece", "removal", "newer"])
def test_a_place_that_is_not_of_the_form_is_told_of(browser: Client, draft: Draft, name: str, at: str) -> None:
    assert browser.get(address(draft, name), {"at": at}).status_code in (200, 404, 422)
