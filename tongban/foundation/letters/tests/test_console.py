"""The letters' pages: written by one official, published by another, out of reach for others."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.foundation.letters.actions import load_templates
from tongban.foundation.letters.models import LetterTemplate
from tongban.foundation.letters.tests.factories import make_letter_draft, make_template
from tongban.foundation.organisations.tests.factories import make_department

pytestmark = pytest.mark.django_db


@pytest.fixture
def health():
    return make_department("区卫健局", name="广安市广安区卫生健康局")


@pytest.fixture
def desk(client, health):
    return sign_in(client, officer("item_manager", department=health))


def posted(client, path, ops, revision=0):
    body = json.dumps({"revision": revision, "ops": ops})
    return client.post(path, body, content_type="application/json")


def test_from_the_standard_letter_to_the_departments_own(desk, health):
    load_templates()
    page = desk.get("/console/letters/")
    assert "准予决定书" in page.content.decode()
    begun = desk.post("/console/letters/begin/", {"step": "grant"})
    draft = Draft.objects.get()
    assert begun.url == f"/console/letters/{draft.pk}/"
    assert "您［于【申请日期】提出的" in desk.get(begun.url).content.decode()
    ops = [{"op": "replace", "path": "/blocks/1/text", "value": "同意。"}]
    assert posted(desk, f"/console/drafting/{draft.pk}/edit/", ops).status_code == 200
    assert "同意。" in desk.get(f"/console/letters/{draft.pk}/blocks/").content.decode()
    assert desk.get(f"/console/letters/{draft.pk}/preview/1.svg")["Content-Type"] == "image/svg+xml"
    review = desk.post(f"/console/letters/{draft.pk}/hand-in/").url
    assert "另一位同事" in desk.get(review).content.decode()
    colleague = sign_in(Client(), officer("item_manager", department=health))
    assert "同意。" in colleague.get(review).content.decode()
    done = colleague.post(f"{review}answer/", {"answer": "publish", "effective_on": today().isoformat()})
    assert done.status_code == 302
    assert LetterTemplate.objects.get(draft_id=draft.pk).status == "published"
    assert desk.post("/console/letters/begin/", {"code": draft.key}).status_code == 302


def test_what_is_wrong_stands_beside_the_block(desk, health):
    draft = make_letter_draft(department_id=health.pk)
    ops = [{"op": "replace", "path": "/blocks/1/text", "value": "【年龄】"}]
    posted(desk, f"/console/drafting/{draft.pk}/edit/", ops)
    assert "没有“年龄”这个空格" in desk.get(f"/console/letters/{draft.pk}/aside/").content.decode()
    answer = desk.post(f"/console/letters/{draft.pk}/hand-in/")
    assert answer.status_code == 422
    assert "没有“年龄”这个空格" in answer.content.decode()


@pytest.mark.parametrize("ops", [
    [{"op": "remove", "path": "/blocks"}],
    [{"op": "replace", "path": "/blocks", "value": "x"}],
    [{"op": "replace", "path": "/blocks/0", "value": 7}],
    [{"op": "replace", "path": "/step", "value": "nothing"}],
    [{"op": "replace", "path": "/blocks/1/text", "value": "［"}],
])  # fmt: skip
def test_a_draft_in_any_shape_is_shown_with_what_is_wrong(desk, health, ops):
    draft = make_letter_draft(department_id=health.pk)
    assert posted(desk, f"/console/drafting/{draft.pk}/edit/", ops).status_code == 200
    assert desk.get(f"/console/letters/{draft.pk}/").status_code == 200
    assert desk.post(f"/console/letters/{draft.pk}/hand-in/").status_code == 422
    assert desk.get(f"/console/letters/{draft.pk}/preview/1.svg").status_code in (404, 200)


@pytest.mark.parametrize("typed", [{"answer": "publish", "effective_on": "昨天"}, {"answer": "return", "reason": ""}])
def test_an_answer_without_what_it_needs_is_told(desk, health, typed):
    template = make_template(department_id=health.pk)
    assert desk.post(f"/console/letters/versions/{template.pk}/answer/", typed).status_code == 422


def test_another_departments_letters_are_not_there(desk):
    other = make_department("区教育局")
    template, draft = make_template(department_id=other.pk), make_letter_draft(department_id=other.pk)
    for path in (
        f"{draft.pk}/",
        f"{draft.pk}/preview/1.svg",
        f"versions/{template.pk}/",
        f"versions/{template.pk}/1.svg",
    ):
        assert desk.get(f"/console/letters/{path}").status_code == 404
    assert desk.post(f"/console/letters/{draft.pk}/hand-in/").status_code == 404
    assert desk.post("/console/letters/begin/", {"code": template.code}).status_code == 404
