"""The desk's pages: a seal from application to use in the browser, and what others do not get to see."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tongban.foundation.identity.tests.factories import officer, sign_in
from tongban.foundation.organisations.tests.factories import make_department
from tongban.foundation.seals.models import Application, Request, Seal

from .factories import DOCUMENT, make_request, make_used_seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return make_department("区水务局", name="广安市广安区水务局")


def desk(role, office=None):
    return sign_in(Client(), officer(role, department=office))


def paper(content=DOCUMENT, name="document.pdf"):
    return SimpleUploadedFile(name, content)


def test_from_the_application_to_the_seal_on_a_document(office):
    keeper = officer("reviewer", department=office)
    approver, registrar, clerk = desk("approver", office), desk("security_admin"), desk("clerk", office)
    assert "广安市广安区水务局" in approver.get("/console/seals/apply/").content.decode()
    assert approver.get("/console/seals/preview.svg?kind=legal&name=水务局")["Content-Type"] == "image/svg+xml"
    given = {"kind": "business", "name": office.name, "business": "行政审批专用章", "uses": ["contract"]}
    rest = {"control": "one", "reason": "办理取水许可需要", "document": "机编〔2024〕1号"}
    wrong = approver.post("/console/seals/apply/", given | rest)
    assert wrong.status_code == 422
    assert "可以保管印章" in wrong.content.decode()
    done = approver.post("/console/seals/apply/", given | rest | {"keeper": str(keeper.account_id)})
    application = Application.objects.get()
    assert done.url == f"/console/seals/applications/{application.pk}/"
    assert approver.post(done.url, {"answer": "approve"}).status_code == 403
    assert "通过" in registrar.get(done.url).content.decode()
    page = registrar.post(done.url, {"answer": "approve"}).url
    for act in ("make", "register"):
        assert registrar.post(page, {"act": act}).status_code == 302
    assert approver.get(f"{page}picture.png")["Content-Type"] == "image/png"
    asked = clerk.post(
        f"{page}ask/", {"title": "供水协议", "purpose": "与供水企业签订", "copies": "1", "document": paper()}
    ).url
    assert "要由另一个人同意" in clerk.get(asked).content.decode()
    approver.post(asked, {"act": "agree"})
    refused = clerk.post(f"{asked}use/", {"document": paper(b"other")})
    assert (refused.status_code, "不是同一份" in refused.content.decode()) == (422, True)
    signed = clerk.post(f"{asked}use/", {"document": paper()})
    assert signed["Content-Disposition"].endswith('.dat"')
    checked = clerk.post("/console/seals/check/", {"document": paper(), "signature": paper(signed.content, "s.dat")})
    assert "签章有效" in checked.content.decode()
    altered = clerk.post(
        "/console/seals/check/", {"document": paper(b"x"), "signature": paper(signed.content, "s.dat")}
    )
    assert "被改动过" in altered.content.decode()
    told = approver.get(page).content.decode()
    for words in ("申请制作", "申请审核通过", "备案，开始使用", "供水协议"):
        assert words in told
    assert "供水协议" in clerk.get("/console/seals/log/?text=供水").content.decode()
    assert "供水协议" in clerk.get("/console/seals/log/export/").content.decode()
    assert Seal.objects.get().number in clerk.get("/console/seals/lists/export/").content.decode()


def test_a_suspended_seal_says_why(office):
    seal, approver = make_used_seal(office), desk("approver", office)
    page = f"/console/seals/{seal.pk}/"
    assert approver.post(page, {"act": "suspend", "reason": ""}).status_code == 422
    approver.post(page, {"act": "suspend", "reason": "保管人岗位调整"})
    assert "保管人岗位调整" in approver.get(page).content.decode()
    refused = approver.post(f"{page}ask/", {"title": "协议", "purpose": "签订协议", "copies": "1", "document": paper()})
    assert (refused.status_code, "保管人岗位调整" in refused.content.decode()) == (409, True)
    assert approver.post(page, {"act": "melt"}).status_code == 404


def test_nobody_reads_another_departments_seals(office):
    seal, clerk = make_used_seal(office), officer("clerk", department=office)
    asked = make_request(clerk, seal)
    stranger = desk("clerk")
    for path in (f"{seal.pk}/", f"{seal.pk}/picture.png", f"{seal.pk}/ask/", f"requests/{asked.pk}/"):
        assert stranger.get(f"/console/seals/{path}").status_code == 404
    for path in ("", "requests/", "log/", "lists/", "applications/"):
        assert seal.number not in stranger.get(f"/console/seals/{path}").content.decode()
    assert Request.objects.get().state == "waiting"


def test_anything_may_be_typed_into_filters_and_previews(office):
    clerk = desk("clerk", office)
    for path in ("?text=%25&kind=x&state=y", "log/?since=9999-12-31&until=9999-12-31&seal=z", "preview.svg?kind=legal&name=%3Cb%3E",
                 "preview.svg?kind=gold", "requests/?state=zzz", "applications/?cursor=!"):  # fmt: skip
        assert clerk.get(f"/console/seals/{path}").status_code in (200, 422), path


def test_no_page_asks_more_the_more_there_is(office, django_assert_max_num_queries):
    clerk = desk("clerk", office)
    seal = make_used_seal(office)
    for _ in range(3):
        make_request(officer("clerk", department=office), seal)
    clerk.get("/console/seals/")
    for path in ("", "requests/", "lists/", f"{seal.pk}/"):
        with django_assert_max_num_queries(26):
            assert clerk.get(f"/console/seals/{path}").status_code == 200
