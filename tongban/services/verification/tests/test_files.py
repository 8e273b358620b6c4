"""Files somebody brings to the verification page: what is genuine, how it stands today, and each way in which it is not."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from tongban.foundation.attempts.rules import Limit
from tongban.foundation.identity.tests.factories import citizen, officer
from tongban.foundation.kernel.clock import now, today
from tongban.foundation.layouts.actions import ofd_of, pdf_of, sealed_ofd, sealed_pdf
from tongban.foundation.layouts.gateways import packages
from tongban.foundation.layouts.tests.samples import licence_pages
from tongban.foundation.organisations.queries import department
from tongban.foundation.seals.actions import suspend_seal
from tongban.foundation.seals.tests.factories import SETTER_UP, make_used_seal
from tongban.services.licences.actions import copy_for, credential_of, declare_lost, layout_of, renew
from tongban.services.licences.models import Licence
from tongban.services.licences.queries import story_of
from tongban.services.licences.tests.factories import make_licence, make_licence_copy
from tongban.services.verification.queries import verdict_of_file, verdicts_of
from tongban.services.verification.rules import MOST_BYTES, answer_of_file, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def licence():
    holder = citizen()
    licence = make_licence(holder=holder)
    licence.holder, licence.seal = holder, make_used_seal(department(licence.issuer_id))
    return licence


def file_of(licence: Licence, form: str) -> bytes:
    return layout_of(actor=licence.holder, licence_id=licence.pk, form=form)


def edited(pdf: bytes) -> bytes:
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_annotation(0, FreeText(text="涂改", rect=(50, 550, 200, 650)))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def with_part(ofd: bytes, name: str, data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        return packages.packed({each: package.read(each) for each in package.namelist()} | {name: data})


def asked(data: bytes, name: str = "证照.pdf") -> dict:
    answer = Client().post("/api/v1/verifications/files", {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_the_files_of_a_licence_are_valid_and_say_by_whom(licence) -> None:
    for form in ("pdf", "ofd"):
        found = asked(file_of(licence, form))
        assert found["answer"] == "valid", found
        assert all(step["ok"] for step in found["steps"])
        values = " ".join(entry["value"] for entry in found["face"])
        assert str(licence.seal) in values
        assert str(licence.holder_name) not in values  # no more than before: masked


def test_a_seal_suspended_later_leaves_what_it_sealed_valid(licence) -> None:
    files = [file_of(licence, form) for form in ("pdf", "ofd")]
    suspend_seal(actor=SETTER_UP, seal_id=licence.seal.pk, reason="更换保管人")
    assert [verdict_of_file(data).code for data in files] == ["valid", "valid"]


def test_a_genuine_file_is_answered_for_as_the_licence_stands_today(licence) -> None:
    pdf = file_of(licence, "pdf")
    for state in ("suspended", "revoked", "superseded"):
        Licence.objects.filter(pk=licence.pk).update(state=state)
        assert verdict_of_file(pdf).code == state


def test_a_lost_one_says_by_which_it_was_replaced(licence) -> None:
    issuer = officer("approver", department=department(licence.issuer_id))
    pdf, code = file_of(licence, "pdf"), credential_of(licence)
    declare_lost(actor=issuer, licence_id=licence.pk, reason="搬家时遗失")
    assert verdict_of_file(pdf).code == "revoked"
    renew(actor=issuer, licence_id=licence.pk, reason="补发")
    for found in (verdict_of_file(pdf), *verdicts_of(code), *verdicts_of(licence.identifier)):
        assert (found.code, found.superseded_by, found.superseded_on) == ("superseded", 2, today())
    (new,) = verdicts_of(str(licence.number))
    assert (new.code, new.face["版本"]) == ("valid", "第2版")
    page = Client().post("/verify/", {"text": licence.identifier}).content.decode()
    assert "换成第2版，手里的这一版已经作废" in page
    told = [word for chapter in story_of(licence) if (word := chapter.act) != "issue"]
    assert told == ["replace", "declare_lost"]


def test_what_was_done_to_a_file_is_told_and_where(licence) -> None:
    pdf, ofd = file_of(licence, "pdf"), file_of(licence, "ofd")
    page = "Doc_0/Pages/Page_0/Content.xml"
    for data, answer, place in (
        (edited(pdf), "altered", "第 1 页"),
        (with_part(ofd, page, b"<x/>"), "altered", page),
        (with_part(ofd, "../../etc/passwd", b"x"), "broken", "../../etc/passwd"),
        (pdf[: len(pdf) // 2], "broken", None),
        (ofd[: len(ofd) // 2], "broken", None),
        (b"MZ\x90\x00" * 30, "broken", None),
    ):
        found = verdict_of_file(data)
        assert found.code == answer, found
        assert (place in found.altered) if place else not found.altered
        assert not found.face.get("证照名称")


def test_a_copy_says_for_whom_for_what_and_until_when_and_how_the_licence_stands(licence) -> None:
    made = make_licence_copy(licence.holder, licence)
    _copy, pdf = copy_for(actor=licence.holder, licence_id=licence.pk, copy_id=made.pk)
    found = verdict_of_file(pdf)
    assert found.code == "copy"
    face = found.face
    assert (face["只供谁用"], face["只用于"], face["证照本身"]) == ("某银行广安支行", "办理开户", "有效")
    assert face["加注件编号"] == made.number
    assert "别人拿来的，或者办别的事，不能收" in "".join(row.words for row in found.rows)
    with time_machine.travel(now() + timedelta(days=31)):
        late = verdict_of_file(pdf)
    assert (late.code, late.face["证照本身"]) == ("copy_over", "有效")
    Licence.objects.filter(pk=licence.pk).update(state="suspended")
    held = verdict_of_file(pdf)
    assert (held.code, held.face["证照本身"], held.face["只用于"]) == ("suspended", "暂扣中", "办理开户")
    assert asked(edited(pdf))["answer"] == "altered"


def test_a_licence_sealed_by_another_department_or_by_nobody_is_not_believed(licence) -> None:
    told = {"pages": licence_pages(), "title": "许可证", "metadata": {"ZZBS": licence.identifier}}
    other = make_used_seal()
    sealed = {"seal_id": other.pk, "subject": "licence:1"}
    assert (
        verdict_of_file(sealed_pdf(pdf=pdf_of(**told), page=0, x=140, y=220, reason="颁发", **sealed)).code
        == "doubtful"
    )
    assert verdict_of_file(sealed_ofd(ofd=ofd_of(**told), places=[(0, 140, 220)], **sealed)).code == "doubtful"
    assert [verdict_of_file(data).code for data in (pdf_of(**told), ofd_of(**told))] == ["unsigned", "unsigned"]


def test_the_page_takes_a_file_with_no_script(licence, client: Client) -> None:
    words = client.post(
        "/verify/", {"text": "", "file": SimpleUploadedFile("x.pdf", file_of(licence, "pdf"))}
    ).content.decode()
    assert "有效" in words
    assert "由颁发机关的印章盖章" in words
    assert str(licence.holder_name) not in words
    assert "文件不完整" in client.post("/verify/", {"file": SimpleUploadedFile("x.ofd", b"PK")}).content.decode()


def test_files_are_limited_as_numbers_are(client: Client, settings) -> None:
    too_big = client.post("/verify/", {"file": SimpleUploadedFile("x.pdf", b"%PDF-" + b"0" * MOST_BYTES)})
    assert (too_big.status_code, "20 MB" in too_big.content.decode()) == (413, True)
    settings.LIMITS = settings.LIMITS | {"verification": Limit(1, 60, "")}
    answer = client.post("/api/v1/verifications/files", {"file": SimpleUploadedFile("x.pdf", b"x")})
    assert answer.json()["code"] == "verification.too_many"


@pytest.mark.parametrize(
    ("signed", "intact", "altered", "answer"),
    [
        ([(True, True)], True, False, "genuine"),
        ([(True, True), (True, False)], True, False, "genuine"),
        ([], False, False, "unsigned"),
        ([], False, True, "altered"),
        ([(True, True)], False, True, "altered"),
        ([(False, False)], True, True, "altered"),
        ([(None, False)], True, False, "foreign"),
        ([(False, False)], True, False, "foreign"),
        ([(True, True), (None, False)], True, False, "foreign"),
        ([(False, True)], True, False, "doubtful"),
        ([(None, True)], True, False, "unsure"),
    ],
)
def test_what_is_said_of_signatures(signed, intact, altered, answer) -> None:
    assert answer_of_file(signed=signed, intact=intact, altered=altered, readable=True) == answer
    assert answer_of_file(signed=signed, intact=intact, altered=altered, readable=False) == "broken"


def test_a_file_is_what_its_bytes_say() -> None:
    assert (form_of(b"\n%PDF-1.7"), form_of(b"PK\x03\x04"), form_of(b"%PD"), form_of(b" " * 1024 + b"%PDF-")) == (
        "pdf",
        "ofd",
        "",
        "",
    )
