"""Files somebody brings: genuine ones, and those that were edited, cut, packed anew, signed by strangers or made to harm."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from tongban.foundation.layouts.actions import ofd_of, pdf_of, sealed_ofd, sealed_pdf
from tongban.foundation.layouts.gateways import packages
from tongban.foundation.layouts.queries import judge_ofd, judge_pdf
from tongban.foundation.seals.actions import suspend_seal
from tongban.foundation.seals.tests.factories import SETTER_UP, make_used_seal

from .samples import METADATA, licence_pages, page, text

LIST, PAGE, MAIN = "Doc_0/Signs/Signatures.xml", "Doc_0/Pages/Page_0/Content.xml", "OFD.xml"


@pytest.fixture
def seal(db):
    return make_used_seal()


@pytest.fixture
def pdf(seal):
    drawn = pdf_of(pages=[*licence_pages(), page(text("第二页"))], title="许可证", metadata=METADATA)
    return sealed_pdf(pdf=drawn, seal_id=seal.pk, page=0, x=140, y=220, reason="颁发", subject="licence:1")


@pytest.fixture
def ofd(seal):
    drawn = ofd_of(pages=licence_pages(), title="许可证", metadata=METADATA)
    return sealed_ofd(ofd=drawn, seal_id=seal.pk, places=[(0, 140, 220)], subject="licence:1")


def files_of(ofd):
    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        return {name: package.read(name) for name in package.namelist()}


def changed(ofd, **files):
    return packages.packed({**files_of(ofd), **files})


def edited(pdf, words="涂改"):
    """Written on after signing, by a program that leaves the signed bytes alone."""
    writer = PdfWriter(io.BytesIO(pdf), incremental=True)
    writer.add_annotation(0, FreeText(text=words, rect=(50, 550, 200, 650)))
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_a_genuine_pdf_is_genuine_step_by_step(pdf, seal):
    judged = judge_pdf(pdf)
    assert judged.genuine, judged
    assert [one.name for one in judged.signers] == [str(seal)]
    assert judged.signers[0].at is not None
    assert judged.identifier == METADATA["ZZBS"]
    assert all(step.ok for step in judged.steps)


def test_a_pdf_sealed_twice_is_genuine_twice(pdf):
    other = make_used_seal()
    judged = judge_pdf(sealed_pdf(pdf=pdf, seal_id=other.pk, page=1, x=50, y=50, reason="会签", subject="licence:1"))
    assert judged.genuine, judged
    assert len(judged.signers) == 2


def test_one_changed_byte_of_a_pdf_is_told_and_on_which_page(pdf):
    at = PdfReader(io.BytesIO(pdf)).pages[1].get_contents()
    raw = at._data if hasattr(at, "_data") else at.get_data()
    place = pdf.index(raw[:40]) + 20 if raw[:40] in pdf else pdf.index(b"stream\n", 2000) + 30
    judged = judge_pdf(pdf[:place] + bytes([pdf[place] ^ 0x55]) + pdf[place + 1 :])
    assert not judged.intact
    assert judged.altered
    assert not judged.genuine


def test_a_pdf_edited_after_signing_is_told_with_its_page(pdf):
    judged = judge_pdf(edited(pdf))
    assert not judged.intact
    assert judged.altered == ["第 1 页"]


def test_a_pdf_without_a_signature_proves_nothing(pdf):
    judged = judge_pdf(pdf_of(pages=licence_pages(), title="许可证"))
    assert not judged.genuine
    assert judged.signers == []


def written_anew(pdf):
    target = io.BytesIO()
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.compress_identical_objects()
    writer.write(target)
    return target.getvalue()


DEEP = b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF"
LOOP = (
    b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Count 1/Kids[2 0 R]>>\nendobj\n"
    b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000056 00000 n \ntrailer\n<</Size 3/Root 1 0 R>>\n"
    b"startxref\n108\n%%EOF"
)


PDF_HARMS = {
    "cut in half": lambda pdf: pdf[: len(pdf) // 2],
    "end cut off": lambda pdf: pdf[:-300],
    "head cut off": lambda pdf: pdf[2000:],
    "written anew": written_anew,
    "empty": lambda pdf: b"",
    "head only": lambda pdf: b"%PDF-1.7",
    "no byte range": lambda pdf: pdf.replace(b"/ByteRange", b"/ByteRangf"),
    "another way of signing": lambda pdf: pdf.replace(b"ETSI.CAdES.detached", b"ETSI.CAdES.detachee"),
    "deep": lambda pdf: DEEP,
    "loop": lambda pdf: LOOP,
    "zeros": lambda pdf: b"\x00" * 1000 + pdf[1000:],
    "too big": lambda pdf: b"x" * ((30 << 20) + 1),
}


def test_a_harmed_pdf_is_judged_and_never_a_fault(pdf):
    for harm, harmed in PDF_HARMS.items():
        judged = judge_pdf(harmed(pdf))
        assert not judged.genuine, harm
        assert any(step.ok is False for step in judged.steps), harm


def test_a_genuine_ofd_is_genuine_step_by_step(ofd, seal):
    judged = judge_ofd(ofd)
    assert judged.genuine, judged
    assert [one.name for one in judged.signers] == [str(seal)]
    assert judged.identifier == METADATA["ZZBS"]


def test_an_ofd_sealed_in_turn_is_genuine_for_each(ofd):
    for _again in range(2):
        ofd = sealed_ofd(ofd=ofd, seal_id=make_used_seal().pk, places=[(0, 80, 220)], subject="licence:1")
    judged = judge_ofd(ofd)
    assert judged.genuine, judged
    assert len(judged.signers) == 3


def test_packing_an_ofd_anew_changes_nothing_it_says(ofd):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as package:
        for name, data in reversed(files_of(ofd).items()):
            package.writestr(name, data)
    assert judge_ofd(target.getvalue()).genuine


CHANGES = [
    (lambda ofd: changed(ofd, **{PAGE: files_of(ofd)[PAGE].replace("卫生".encode(), "卫牲".encode())}), PAGE),
    (lambda ofd: changed(ofd, **{"Doc_0/Extra.xml": b"<a/>"}), "Doc_0/Extra.xml"),
    (lambda ofd: changed(ofd, **{MAIN: files_of(ofd)[MAIN].replace(b"1.2.156", b"1.2.157")}), MAIN),
    (
        lambda ofd: packages.packed({n: d for n, d in files_of(ofd).items() if n != "Doc_0/PublicRes.xml"}),
        "Doc_0/PublicRes.xml",
    ),
    (
        lambda ofd: changed(
            ofd,
            **{
                "Doc_0/Signs/Sign_0/Signature.xml": files_of(ofd)["Doc_0/Signs/Sign_0/Signature.xml"].replace(
                    b'Boundary="140', b'Boundary="100'
                )
            },
        ),
        "Doc_0/Signs/Sign_0/Signature.xml",
    ),
    (lambda ofd: changed(ofd, **{"Doc_0/Signs/Sign_0/SignedValue.dat": b"0\x00"}), "Doc_0/Signs/Sign_0/Signature.xml"),
]


def test_what_was_changed_in_an_ofd_is_named(ofd):
    for change, named in CHANGES:
        judged = judge_ofd(change(ofd))
        assert not judged.genuine, named
        assert not judged.intact, named
        assert named in judged.altered


def test_a_changed_file_spoils_every_signature_that_covers_it(ofd):
    twice = sealed_ofd(ofd=ofd, seal_id=make_used_seal().pk, places=[(0, 80, 220)], subject="licence:1")
    judged = judge_ofd(changed(twice, **{PAGE: b"<x/>"}))
    assert [one.ok for one in judged.signers] == [False, False]


def test_a_later_signature_exempts_no_file_from_an_earlier_one(ofd):
    """A stranger who puts his own signature in cannot bring other files along with it."""
    files = files_of(ofd)
    more = files[LIST].replace(
        b"</ofd:Signatures>", b'<ofd:Signature ID="s2" BaseLoc="/Doc_0/Pages/S.xml"/></ofd:Signatures>'
    )
    judged = judge_ofd(changed(ofd, **{LIST: more, "Doc_0/Pages/S.xml": b"<x/>", "Doc_0/Pages/Page_9.xml": b"<x/>"}))
    assert "Doc_0/Pages/Page_9.xml" in judged.altered
    assert not judged.genuine


def test_a_seal_suspended_later_leaves_what_it_signed_good(ofd, seal):
    suspend_seal(actor=SETTER_UP, seal_id=seal.pk, reason="更换保管人")
    assert judge_ofd(ofd).genuine


def bomb(_ofd):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("OFD.xml", b"\x00" * (101 << 20))
    return target.getvalue()


def named_twice(ofd):
    target = io.BytesIO(ofd)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(target, "a") as package:
        package.writestr(PAGE, b"<x/>")
    return target.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'


OFD_HARMS = {
    "bomb": bomb,
    "a name twice": named_twice,
    "path upwards": lambda ofd: changed(ofd, **{"../../etc/passwd": b"x"}),
    "path with backslashes": lambda ofd: changed(ofd, **{"Doc_0\\..\\x": b"x"}),
    "outside entity": lambda ofd: changed(ofd, **{MAIN: XXE}),
    "entities in entities": lambda ofd: changed(ofd, **{MAIN: LAUGHS}),
    "outside entity in the list": lambda ofd: changed(ofd, **{LIST: XXE}),
    "deep": lambda ofd: changed(ofd, **{LIST: b"<a>" * 50_000}),
    "outside entity in the signature": lambda ofd: changed(ofd, **{"Doc_0/Signs/Sign_0/Signature.xml": XXE}),
    "no text": lambda ofd: changed(ofd, **{MAIN: b"\xff\xfe\x00"}),
    "many files": lambda ofd: packages.packed({f"{number}.xml": b"" for number in range(3001)}),
    "cut in half": lambda ofd: ofd[: len(ofd) // 2],
    "head cut off": lambda ofd: ofd[100:],
    "empty": lambda ofd: b"",
    "heads only": lambda ofd: b"PK\x03\x04" * 10,
    "not sealed": lambda ofd: ofd_of(pages=licence_pages(), title="未签章"),
}


def test_a_harmed_ofd_is_judged_and_never_a_fault(ofd):
    for harm, harmed in OFD_HARMS.items():
        judged = judge_ofd(harmed(ofd))
        assert not judged.genuine, harm
        assert any(step.ok is False for step in judged.steps), harm
