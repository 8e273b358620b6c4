"""Licences as files: what is on the paper, that it is made once, and what is said when there is no seal or no key."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from tongban.foundation.files.models import StoredFile
from tongban.foundation.identity.tests.factories import citizen, officer, sign_in
from tongban.foundation.kernel.clock import today
from tongban.foundation.kernel.errors import NotFound
from tongban.foundation.kernel.statements import one_row
from tongban.foundation.layouts.queries import faults_in, judge_ofd, judge_pdf, too_long
from tongban.foundation.organisations.queries import department
from tongban.foundation.seals.actions import suspend_seal
from tongban.foundation.seals.models import Use as SealUse
from tongban.foundation.seals.rules.names import key_name
from tongban.foundation.seals.tests.factories import SETTER_UP, make_used_seal
from tongban.foundation.trust.gateways import keyring
from tongban.services.licences.actions import change, copy_for, layout_of
from tongban.services.licences.actions.drawing import pages_of
from tongban.services.licences.errors import CopyRefused, LayoutWaiting, NotShowable, SealingAway, TypeRefused
from tongban.services.licences.models import Layout, Licence, Use
from tongban.services.licences.queries import ledger_of
from tongban.services.licences.rules.drawing import filled, seals_off_page, standard

from .factories import DEFINER, make_licence, make_licence_copy, make_type

pytestmark = pytest.mark.django_db
VALUES = {
    "number": "JY1",
    "credential": "1" * 400,
    "issuer": "某局",
    "issued_on": "2026年1月2日",
    "identifier": "1.2.156.3005.2",
}
PAGE = {
    "size": [297, 210],
    "marks": [
        {"kind": "text", "x": 20, "y": 20, "w": 200, "h": 20, "text": "{name}：{business_name}", "size": 20},
        {"kind": "qr", "x": 20, "y": 150, "w": 30, "text": "{credential}"},
        {"kind": "text", "x": 20, "y": 60, "w": 200, "h": 20, "text": "{leader}", "size": 12},
        {"kind": "seal", "x": 240, "y": 160},
    ],
}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def holder():
    return citizen()


@pytest.fixture
def unsealed(holder):
    return make_licence(holder=holder)


@pytest.fixture
def licence(unsealed):
    unsealed.seal = make_used_seal(department(unsealed.issuer_id))
    return unsealed


def pdf_of(actor, licence):
    return layout_of(actor=actor, licence_id=licence.pk, form="pdf")


def test_the_files_of_a_licence_are_genuine_and_name_it(holder, licence):
    for form, judge in (("pdf", judge_pdf), ("ofd", judge_ofd)):
        judged = judge(layout_of(actor=holder, licence_id=licence.pk, form=form))
        assert judged.genuine, judged
        assert judged.identifier == licence.identifier
        assert [one.name for one in judged.signers] == [str(licence.seal)]


def test_a_file_is_made_once_and_the_same_ever_after(holder, licence):
    first = pdf_of(holder, licence)
    assert pdf_of(holder, licence) == first
    assert Layout.objects.count() == StoredFile.objects.count() == SealUse.objects.count() == 1


def test_a_later_version_has_a_file_of_its_own(holder, licence):
    first = pdf_of(holder, licence)
    issuer = officer("approver", department=department(licence.issuer_id))
    later = change(actor=issuer, licence_id=licence.pk, reason="地址变更", fields={"address": "广安区建设路8号"})
    assert judge_pdf(pdf_of(holder, later)).identifier == later.identifier != licence.identifier
    assert pdf_of(holder, licence) == first


def test_a_version_that_was_never_drawn_is_not_drawn_when_it_no_longer_holds(holder, licence):
    Licence.objects.filter(pk=licence.pk).update(state="revoked")
    with pytest.raises(NotShowable):
        pdf_of(holder, licence)


def test_the_issuers_people_may_and_it_stands_in_the_ledger(holder, licence):
    clerk = officer("clerk", department=department(licence.issuer_id))
    assert pdf_of(clerk, licence) == pdf_of(holder, licence)
    assert [use.way for use in ledger_of(holder)] == ["issuer"]
    for stranger in (citizen(), officer("clerk")):
        with pytest.raises(NotFound):
            pdf_of(stranger, licence)


def test_without_a_seal_there_is_no_file_and_the_page_says_why(holder, unsealed):
    with pytest.raises(LayoutWaiting):
        pdf_of(holder, unsealed)
    browser = sign_in(Client(), holder)
    answer = browser.get(f"/my/licences/{unsealed.pk}/licence.pdf", follow=True)
    words = answer.content.decode()
    assert "没有可用的电子印章" in words
    assert unsealed.identifier in words
    assert browser.get(f"/my/licences/{unsealed.pk}/record.json").json()["text"] == str(unsealed.record)


def test_a_seal_suspended_between_decision_and_file_seals_nothing(holder, licence):
    suspend_seal(actor=SETTER_UP, seal_id=licence.seal.pk, reason="更换保管人")
    with pytest.raises(LayoutWaiting):
        pdf_of(holder, licence)
    assert not Layout.objects.exists()


def test_a_key_store_that_is_away_leaves_nothing_half_done(holder, licence, settings, tmp_path):
    pages_of(licence)  # the process has opened the key of the code on the page, and goes on with it
    for algorithm in ("sm2", "p256"):
        keyring.take_off(f"seal:{licence.seal.pk}", key_name(1), algorithm)
    plugged_in, settings.KEY_FOLDER = settings.KEY_FOLDER, tmp_path / "unplugged"
    for form in ("pdf", "ofd"):
        with pytest.raises(SealingAway):
            layout_of(actor=holder, licence_id=licence.pk, form=form)
    assert not Layout.objects.exists()
    settings.KEY_FOLDER = plugged_in
    assert judge_pdf(pdf_of(holder, licence)).genuine  # when next asked


@pytest.mark.django_db(transaction=True)
def test_two_people_asking_at_once_make_one(holder, licence):
    made = []

    def ask():
        made.append(pdf_of(holder, licence))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == made[1]
    assert Layout.objects.count() == SealUse.objects.count() == 1


IN_THE_MIDST = """
select pg_terminate_backend(pid) from pg_stat_activity
where datname = current_database() and pid <> pg_backend_pid() and state = 'idle in transaction'
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_draws_leaves_the_licence_and_no_half_file(holder, licence):
    """Its connection dies with it in the midst of its transaction, as it does when the process is killed."""
    told = []

    def ask():
        try:
            told.append(pdf_of(holder, licence))
        except DatabaseError as fault:
            told.append(fault)
        finally:
            connection.close()

    worker = threading.Thread(target=ask)
    worker.start()
    killed = None
    while killed is None and worker.is_alive():
        killed = one_row(IN_THE_MIDST, [])
    worker.join()
    assert killed == (True,)
    assert isinstance(told[0], DatabaseError)
    assert not Layout.objects.exists()
    assert not SealUse.objects.exists(), "no use of the seal is told that came to nothing"
    assert judge_pdf(pdf_of(holder, licence)).genuine  # when next asked
    assert Layout.objects.count() == SealUse.objects.count() == 1


def test_a_copy_says_what_for_and_stands_in_the_ledger(holder, licence):
    copy = make_licence_copy(holder, licence)
    _copy, pdf = copy_for(actor=holder, licence_id=licence.pk, copy_id=copy.pk)
    assert judge_pdf(pdf).genuine
    [use] = ledger_of(holder)
    assert (use.way, use.case_no) == ("copy", copy.number)
    assert "办理开户" in use.purpose
    page = sign_in(Client(), holder).get(f"/my/licences/{licence.pk}/copy/").content.decode()
    assert copy.number in page
    with pytest.raises(NotFound):
        copy_for(actor=citizen(), licence_id=licence.pk, copy_id=copy.pk)


def test_a_copy_without_purpose_body_or_day_is_not_made(holder, licence):
    browser = sign_in(Client(), holder)
    answer = browser.post(
        f"/my/licences/{licence.pk}/copy/", {"purpose": "", "user_name": "某" * 41, "until_on": "2020-01-01"}
    )
    assert answer.status_code == 422
    for words in ("请写明用途", "名称太长", "不能早于今天"):
        assert words in answer.content.decode()
    with pytest.raises(CopyRefused):
        make_licence_copy(holder, licence, until_on=today() + timedelta(days=400))
    assert not Use.objects.exists()


def test_a_copy_is_posted_and_downloaded(holder, licence):
    browser = sign_in(Client(), holder)
    given = {"purpose": "办理开户", "user_name": "某银行", "until_on": str(today())}
    answer = browser.post(f"/my/licences/{licence.pk}/copy/", given)
    assert answer.status_code == 302
    copy = licence.copies.get()
    file = browser.get(f"/my/licences/{licence.pk}/copies/{copy.pk}.pdf")
    assert file.content.startswith(b"%PDF")
    assert "attachment" in file["Content-Disposition"]


def test_the_desk_downloads_and_a_clerk_of_another_department_does_not(holder, licence):
    clerk = officer("clerk", department=department(licence.issuer_id))
    file = sign_in(Client(), clerk).get(f"/console/licences/{licence.pk}/licence.ofd")
    assert (file["Content-Type"], file["Cache-Control"]) == ("application/ofd", "private, no-store")
    assert sign_in(Client(), officer("clerk")).get(f"/console/licences/{licence.pk}/licence.pdf").status_code == 404


def test_a_types_own_pages_are_filled_and_the_seal_has_its_place():
    pages, place = filled([PAGE], {"name": "许可证", "business_name": "茶馆", "credential": "1234"})
    assert [mark.get("text") for mark in pages[0]["marks"]] == [
        "许可证：茶馆",
        "1234",
    ]  # what was not said is not drawn
    assert place == (0, 240, 160)
    assert not faults_in(pages)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"marks": [*PAGE["marks"], {"kind": "text", "x": 1}]}, "pages.0.marks.3.y"),
        ({"marks": [*PAGE["marks"], {**PAGE["marks"][0], "text": "{colour}"}]}, "colour"),
        ({"marks": [{"kind": "seal", "x": 290, "y": 160}]}, "seal"),
        ({"marks": None}, "pages.0.marks"),
    ],
)
def test_a_type_whose_pages_cannot_be_drawn_is_not_published(change, path):
    with pytest.raises(TypeRefused) as refused:
        make_type(pages=[PAGE | change])
    assert path in refused.value.fields


def test_an_item_called_like_a_gap_is_the_item(holder):
    fields = [
        {"key": "name", "label": "姓名"},
        {"key": "number", "label": "号码"},
        {"key": "born", "label": "生日", "type": "date"},
    ]
    kind = make_type(code=f"{DEFINER}077", name="居民身份证", fields=fields)
    values = {"name": "李小华", "number": "七号", "born": "1990-03-07"}
    pages, _place = pages_of(make_licence(holder=holder, type_code=kind.code, fields=values))
    texts = [mark["text"] for mark in pages[0]["marks"] if mark["kind"] == "text"]
    assert {"李小华", "七号", "1990年3月7日", "居　民　身　份　证"} <= set(texts)


def test_the_standard_page_takes_any_licence():
    lines = [("经营范围", "食品、茶叶零售；" * 60), ("字段名称很长很长的一个数据项", "值"), *[("项目", "值")] * 30]
    pages, place = standard("食品经营许可证", lines, VALUES, "red")
    assert len(pages) > 1
    assert place[0] == 0
    assert not faults_in(pages)
    assert not too_long(pages)
    assert not seals_off_page(pages)
