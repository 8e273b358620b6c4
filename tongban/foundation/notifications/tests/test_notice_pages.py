"""The notices' pages: worded by one official, published by another, out of reach for others."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tongban.foundation.drafting.models import Draft
from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.foundation.notifications.models import MessageTemplate
from tongban.foundation.organisations.tests.factories import make_department

from .factories import make_notice, make_notice_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def health():
    return make_department("区卫健局", name="广安市广安区卫生健康局")


@pytest.fixture
def desk(client, health):
    return sign_in(client, officer("item_manager", department=health))


def posted(client, draft, ops):
    body = json.dumps({"revision": 0, "ops": ops})
    return client.post(f"/console/drafting/{draft.pk}/edit/", body, content_type="application/json")


def test_from_the_standard_text_to_the_departments_own(desk, health):
    assert "用标准文本" in desk.get("/console/notices/").content.decode()
    begun = desk.post("/console/notices/begin/", {"code": "cases.accepted"}).url
    draft = Draft.objects.get()
    assert "【事项名称】" in desk.get(begun).content.decode()
    posted(desk, draft, [{"op": "replace", "path": "/sms", "value": "【事项名称】已受理。"}])
    aside = desk.get(f"{begun}aside/").content.decode()
    assert "【通办】公共场所卫生许可（新证）已受理。" in aside
    assert "20个字，1条短信" in aside
    review = desk.post(f"{begun}hand-in/").url
    assert "另一位同事" in desk.get(review).content.decode()
    colleague = sign_in(Client(), officer("item_manager", department=health))
    assert "【事项名称】已受理。" in colleague.get(review).content.decode()
    wrong = colleague.post(f"{review}answer/", {"answer": "publish", "effective_on": "昨天"})
    assert wrong.status_code == 422
    done = colleague.post(f"{review}answer/", {"answer": "publish", "effective_on": today().isoformat()})
    assert done.url == review
    assert "在用" in desk.get(review).content.decode()
    back = desk.post(f"{review}answer/", {"answer": "use-standard", "reason": "标准的更清楚"}).url
    assert "改回标准文本" in colleague.get(back).content.decode()
    assert "已发布" in desk.get("/console/notices/").content.decode()
    assert MessageTemplate.objects.filter(department=health).count() == 2


def test_a_review_is_given_back_with_a_reason_or_told_what_is_missing(desk, health):
    template = make_notice(department_id=health.pk)
    path = f"/console/notices/versions/{template.pk}/answer/"
    assert desk.post(path, {"answer": "return", "reason": ""}).status_code == 422
    assert desk.post(path, {"answer": "dance"}).status_code == 422
    assert desk.post(path, {"answer": "return", "reason": "请写明期限"}).url == "/console/notices/"
    assert desk.post(path, {"answer": "return", "reason": "请写明期限"}).status_code == 409


@pytest.mark.parametrize("ops", [
    [{"op": "remove", "path": "/body"}],
    [{"op": "replace", "path": "/title", "value": [1]}],
    [{"op": "replace", "path": "/code", "value": "nothing"}],
    [{"op": "replace", "path": "/by_sms", "value": "x"}, {"op": "replace", "path": "/sms", "value": "【"}],
])  # fmt: skip
def test_a_draft_in_any_shape_is_shown_with_what_is_wrong(desk, health, ops):
    draft = make_notice_draft(department_id=health.pk)
    posted(desk, draft, ops)
    assert desk.get(f"/console/notices/{draft.pk}/").status_code == 200
    assert desk.post(f"/console/notices/{draft.pk}/hand-in/").status_code in (302, 422)


def test_another_departments_notices_are_not_there(desk):
    other = make_department("区教育局")
    notice, draft = make_notice(department_id=other.pk), make_notice_draft(department_id=other.pk)
    assert desk.get(f"/console/notices/{draft.pk}/").status_code == 404
    assert desk.get(f"/console/notices/versions/{notice.pk}/").status_code == 404
    assert desk.post(f"/console/notices/versions/{notice.pk}/answer/", {"answer": "recall"}).status_code in (403, 404)
