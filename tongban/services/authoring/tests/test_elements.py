"""The editor of elements and materials, and the guide beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tongban.foundation.drafting.actions import edit
from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import sign_in
from tongban.foundation.kernel.actors import Actor
from tongban.services.authoring.actions import begin_item
from tongban.services.authoring.queries.choices import condition_choices
from tongban.services.authoring.queries.editing import fresh_row, section_of
from tongban.services.authoring.queries.elements import MATERIALS, SECTIONS, Maybe, Rows
from tongban.services.items.tests.factories import DEFINITION

from .factories import make_item_draft, make_manager

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Actor:
    return make_manager()


@pytest.fixture
def browser(client: Client, manager: Actor) -> Client:
    return sign_in(client, manager)


@pytest.fixture
def draft(manager: Actor) -> Draft:
    return make_item_draft(manager)


def page(browser: Client, draft: Draft, part: str = "") -> str:
    answer = browser.get(f"/console/authoring/{draft.pk}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_element_of_a_definition_has_its_control(draft: Draft) -> None:
    elsewhere = {"code", "sample", "version", "effective_on", "task_code", "form", "flow", "letters", "situations"}
    told = {part.name.partition(".")[0] for section in SECTIONS for part in section.parts} | {"materials"}
    assert set(DEFINITION) - elsewhere <= told


def test_every_element_is_explained() -> None:
    def unexplained(parts: Any, above: str) -> list[str]:
        found = [f"{above}.{part.name}" for part in parts if not part.help]
        return found + [
            name
            for part in parts
            if isinstance(part, Rows | Maybe)
            for name in unexplained(part.fields, f"{above}.{part.name}")
        ]

    assert [name for section in SECTIONS for name in unexplained(section.parts, section.key)] == []
    assert unexplained(MATERIALS.fields, "materials") == []


def test_controls_know_their_place(browser: Client, draft: Draft) -> None:
    html = page(browser, draft)
    for path in (
        "/plain_name",
        "/promise/days",
        "/by_law/0/text",
        "/locations/0/hall",
        "/topics/person",
        "/questions/0/a",
    ):
        assert f'data-path="{path}"' in html, path
    assert 'value="公共场所卫生许可（新证）"' in html
    assert "开宾馆、理发店要办的卫生许可证" in html


def test_materials_are_rows_with_conditions_to_choose(browser: Client, draft: Draft) -> None:
    html = page(browser, draft, "materials/")
    assert 'data-row="/materials/2"' in html
    assert '<option value="situation.venue == &#x27;pool&#x27;">哪一类场所？ 游泳馆</option>' in html
    assert '"key&quot;: &quot;material_4' in html.replace("{&quot;", '"')


def test_a_fresh_row_has_a_key_of_its_own() -> None:
    assert fresh_row(MATERIALS, [{"key": "material_2"}])["key"] == "material_3"


def test_one_section_can_be_asked_for(browser: Client, draft: Draft) -> None:
    assert 'id="sec-basis"' in page(browser, draft, "section/basis/")
    assert browser.get(f"/console/authoring/{draft.pk}/section/none/").status_code == 404


@pytest.mark.parametrize(
    "content", [{}, {"materials": 7, "by_law": "x", "promise": 3, "topics": None, "server_type": 1}]
)
def test_a_broken_document_can_still_be_edited(browser: Client, manager: Actor, content: dict) -> None:
    draft = make_item_draft(manager)
    Draft.objects.filter(pk=draft.pk).update(content=content)
    for part in ("", "materials/", "findings/", "guide/"):
        page(browser, draft, part)


def test_the_guide_is_what_the_citizen_will_see(browser: Client, draft: Draft) -> None:
    answer = browser.get(f"/console/authoring/{draft.pk}/guide/?venue=pool")
    html = answer.content.decode()
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert "水质检测报告" in html
    assert "<header" not in html, "the guide alone, not the portal around it"


def test_the_guide_of_an_empty_draft_is_shown(browser: Client, manager: Actor) -> None:
    draft = begin_item(manager, manager.department_id, name="公共场所卫生许可")
    assert "公共场所卫生许可" in page(browser, draft, "guide/")


def test_the_name_follows(browser: Client, draft: Draft, manager: Actor) -> None:
    ops = [{"op": "replace", "path": "/plain_name", "value": "开理发店"}]
    edit(actor=manager, draft_id=draft.pk, revision=0, ops=ops)
    assert "<h1>开理发店</h1>" in page(browser, draft)


def test_answers_of_the_tree_are_conditions() -> None:
    second = {"key": "b", "question": "乙？", "options": [{"value": "2", "label": "二"}]}
    tree = [{"key": "a", "question": "甲？", "options": [{"value": "1", "label": "一", "then": [second]}]}]
    found = condition_choices({"situations": tree, "applicants": ["person"]}, "situation.a == '1'")
    assert ("甲？", [("situation.a == '1'", "一")]) in found.questions
    assert ("乙？", [("situation.b == '2'", "二")]) in found.questions
    assert found.strange == ""
    both = condition_choices({"situations": tree}, "situation.a == '1' or situation.b == '2'")
    assert "或者" in both.strange
    assert condition_choices({"situations": "broken"}, None).strange == ""


def test_the_form_s_answers_are_conditions_too() -> None:
    fields = [
        {"key": "rent", "label": "租房", "type": "boolean"},
        {"key": "kind", "label": "种类", "type": "radio", "options": [{"value": "a", "label": "甲"}]},
        {"key": "has", "label": "设施", "type": "checkboxes", "options": [{"value": "b", "label": "乙"}]},
        {"key": "area", "label": "面积", "type": "number"},
    ]
    content = {"form": {"groups": [{"key": "g", "title": "组", "fields": fields}]}}
    found = dict(condition_choices(content, "").questions)
    assert [expression for expression, _words in found["租房"]] == ["rent == true", "rent == false"]
    assert found["种类"] == [("kind == 'a'", "甲")]
    assert found["设施"] == [("contains(has ?? [], 'b')", "乙")]
    assert "面积" not in found


def test_a_material_s_condition_is_chosen(browser: Client, manager: Actor) -> None:
    tree = [{"key": "a", "question": "甲？", "options": [{"value": "1", "label": "一"}, {"value": "2", "label": "二"}]}]
    draft = make_item_draft(manager, code="chosen", situations=tree)
    shown = page(browser, draft, "materials/")
    assert '<optgroup label="甲？">' in shown
    assert shown.count('data-path="/materials/0/when"') == 1


def test_every_part_can_be_shown_without_a_value() -> None:
    for section in SECTIONS:
        shown = section_of(section, {})
        assert len(shown["parts"]) == len(section.parts)
        assert all(part["is"] == "field" for part, one in zip(shown["parts"], section.parts, strict=True)
                   if not isinstance(one, Rows | Maybe))  # fmt: skip
