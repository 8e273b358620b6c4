"""我的证照 in the browser's eyes: one's own, shown, allowed, taken back, lost."""

import pytest
from django.test import Client

from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.services.licences.actions import look_up
from tongban.services.licences.models import Grant, Licence, ShortCode

from .factories import VALUES, make_grant, make_licence

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder():
    return citizen()


@pytest.fixture
def browser(holder):
    return sign_in(Client(), holder)


@pytest.fixture
def licence(holder):
    return make_licence(holder=holder)


def test_the_cards_tell_state_and_end_in_words(browser, licence):
    page = browser.get("/my/licences/").content.decode()
    assert licence.type_name in page
    assert "有效期至" in page
    assert browser.get("/my/licences/")["Cache-Control"] == "no-store"


def test_nobody_elses(licence):
    stranger = sign_in(Client(), citizen())
    assert "还没有电子证照" in stranger.get("/my/licences/").content.decode()
    assert stranger.get(f"/my/licences/{licence.pk}/").status_code == 404


def test_one_licence_tells_face_story_uses_and_permissions(browser, holder, licence):
    make_grant(holder, licence)
    clerk = officer("clerk")
    make_grant(holder, licence, clerk.department_id)
    look_up(actor=clerk, number=licence.holder_number, type_code=licence.type_code, purpose="补贴审核", case_no="1")
    page = browser.get(f"/my/licences/{licence.pk}/").content.decode()
    for text in (VALUES["business_name"], licence.identifier, licence.number, "补贴审核", "收回", "第1版"):
        assert text in page
    assert "补贴审核" in browser.get("/my/licences/uses/").content.decode()


def test_a_code_is_made_by_posting_only(browser, licence):
    address = f"/my/licences/{licence.pk}/code/"
    assert "生成亮证码" in browser.get(address).content.decode()
    assert not ShortCode.objects.exists()
    assert "<svg" in browser.post(address).content.decode()
    fragment = browser.post(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert ShortCode.objects.count() == 1


def test_allowing_and_taking_back(browser, licence):
    department = officer("clerk").department_id
    address = f"/my/licences/{licence.pk}/allow/"
    assert browser.get(address).status_code == 200
    refused = browser.post(address, {"department": "x"})
    assert refused.status_code == 422
    assert "请选择授权给哪个部门" in refused.content.decode()
    given = {"department": str(department), "fields": ["scope"], "purpose": "审核", "how": "once"}
    assert browser.post(address, given).status_code == 302
    grant = Grant.objects.get()
    browser.post(f"/my/licences/grants/{grant.pk}/", {"licence": str(licence.pk)})
    assert Grant.objects.get().taken_back_at is not None


def test_declaring_it_lost_asks_how(browser, licence):
    address = f"/my/licences/{licence.pk}/lost/"
    assert browser.get(address).status_code == 200
    assert browser.post(address, {"reason": ""}).status_code == 422
    assert browser.post(address, {"reason": "搬家丢了"}).status_code == 302
    assert Licence.objects.get().state == "lost"
