"""Sealed files: other programs call the signature valid and name the signer, and a second seal leaves the first one valid."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile

import ofdkit
import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tongban.foundation.kernel.actors import installer
from tongban.foundation.layouts.actions import ofd_of, pdf_of, sealed_ofd, sealed_pdf
from tongban.foundation.layouts.errors import NotSealable
from tongban.foundation.seals.actions import suspend_seal
from tongban.foundation.seals.errors import NotInUse
from tongban.foundation.seals.models import Use
from tongban.foundation.seals.tests.factories import make_used_seal
from tongban.foundation.trust.queries import anchors

from .samples import METADATA, licence_pages, page, text

TITLE = "公共场所卫生许可证"


@pytest.fixture
def seal(db):
    return make_used_seal()


@pytest.fixture
def pdf():
    return pdf_of(pages=licence_pages(), title=TITLE, metadata=METADATA)


@pytest.fixture
def ofd():
    return ofd_of(pages=licence_pages(), title=TITLE, metadata=METADATA)


def roots() -> list[x509.Certificate]:
    found = [one["certificate"].encode() for one in anchors() if one["kind"] == "root" and one["alg"] == "p256"]
    return [x509.Certificate.load(pem.unarmor(one)[2]) for one in found]


def in_pdf(pdf, seal, **changes):
    given = {
        "pdf": pdf,
        "seal_id": seal.pk,
        "page": 0,
        "x": 140,
        "y": 220,
        "reason": "颁发证照",
        "subject": "licence:1",
    }
    return sealed_pdf(**given | changes)


def in_ofd(ofd, seal, **changes):
    return sealed_ofd(**{"ofd": ofd, "seal_id": seal.pk, "places": [(0, 140, 220)], "subject": "licence:1"} | changes)


def by_pyhanko(pdf, which=0):
    context = ValidationContext(trust_roots=roots(), allow_fetching=False)
    return validate_pdf_signature(PdfFileReader(io.BytesIO(pdf)).embedded_signatures[which], context)


def test_pyhanko_calls_a_sealed_pdf_intact_trusted_and_stamped_with_time(pdf, seal):
    status = by_pyhanko(in_pdf(pdf, seal))
    assert status.bottom_line, status.pretty_print_details()
    assert status.timestamp_validity.trusted
    assert status.modification_level <= ModificationLevel.LTA_UPDATES
    assert status.signing_cert.subject.native["common_name"] == str(seal)


def test_what_a_check_needs_years_later_lies_in_the_pdf(pdf, seal):
    store = PdfFileReader(io.BytesIO(in_pdf(pdf, seal))).root["/DSS"]
    assert len(store["/Certs"]) >= 3
    assert len(store["/CRLs"]) == 2


def test_popplers_pdfsig_calls_it_valid_and_names_the_signer(pdf, seal, tmp_path):
    sealed = in_pdf(pdf, seal)
    (tmp_path / "sealed.pdf").write_bytes(sealed)
    (tmp_path / "root.der").write_bytes(roots()[0].dump())
    at = sealed.index(b"stream") + 20
    (tmp_path / "changed.pdf").write_bytes(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])
    store = f"sql:{tmp_path}"
    subprocess.run(["certutil", "-N", "-d", store, "--empty-password"], check=True)
    subprocess.run(
        ["certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-i", "root.der"], cwd=tmp_path, check=True
    )

    def told(name: str) -> str:
        done = subprocess.run(
            ["pdfsig", "-no-ocsp", "-nssdir", store, name], cwd=tmp_path, capture_output=True, text=True
        )
        return done.stdout

    said = told("sealed.pdf")
    assert "Signature is Valid" in said
    assert str(seal) in said
    assert "Signature is Valid" not in told("changed.pdf")


def test_a_second_seal_leaves_the_first_one_valid(pdf, seal):
    twice = in_pdf(in_pdf(pdf, seal), make_used_seal(), x=80)
    assert by_pyhanko(twice, 0).bottom_line
    assert by_pyhanko(twice, 1).bottom_line


def test_the_ofd_lists_every_file_and_another_reader_opens_it(ofd, seal):
    sealed = in_ofd(ofd, seal)
    with zipfile.ZipFile(io.BytesIO(sealed)) as package:
        listed = set(re.findall(r'FileRef="/([^"]+)"', package.read("Doc_0/Signs/Sign_0/Signature.xml").decode()))
        names = set(package.namelist())
    own = {f"Doc_0/Signs/Sign_0/{name}" for name in ("Signature.xml", "Seal.esl", "SignedValue.dat")}
    assert listed == names - own - {"Doc_0/Signs/Signatures.xml"}
    with ofdkit.open(io.BytesIO(sealed)) as document:
        assert TITLE in document.pages[0].text()


def test_a_seal_across_the_edges_of_all_pages(seal):
    ofd = ofd_of(pages=[page(text(f"第{number}页")) for number in range(3)], title="多页")
    with zipfile.ZipFile(io.BytesIO(in_ofd(ofd, seal, places=[], straddle=120))) as package:
        xml = package.read("Doc_0/Signs/Sign_0/Signature.xml").decode()
    clips = [clip.split() for clip in re.findall(r'Clip="([^"]+)"', xml)]
    lefts = [float(boundary.split()[0]) for boundary in re.findall(r'Boundary="([^"]+)"', xml)]
    assert sum(float(clip[2]) for clip in clips) == pytest.approx(42, abs=4)
    assert all(
        left + float(clip[0]) + float(clip[2]) == pytest.approx(210, abs=0.01)
        for left, clip in zip(lefts, clips, strict=True)
    )


def test_each_sealing_is_a_fact(pdf, ofd, seal):
    in_pdf(pdf, seal)
    in_ofd(ofd, seal)
    assert sorted(Use.objects.filter(subject="licence:1").values_list("algorithm", flat=True)) == ["p256", "sm2"]


@pytest.mark.parametrize("sealing", [in_pdf, in_ofd])
def test_a_suspended_seal_signs_nothing(sealing, pdf, ofd, seal):
    suspend_seal(
        actor=installer("seals.see", "seals.review", "seals.keep"), seal_id=seal.pk, reason="印章遗失，正在核查"
    )
    with pytest.raises(NotInUse):
        sealing(pdf if sealing is in_pdf else ofd, seal)


@pytest.mark.parametrize("place", [(1, 10, 10), (-1, 10, 10), (0, 200, 10), (0, 10, 290), (0, -1, 10)])
def test_a_seal_outside_the_pages_is_refused(place, pdf, ofd, seal):
    number, x, y = place
    with pytest.raises(NotSealable):
        in_pdf(pdf, seal, page=number, x=x, y=y)
    with pytest.raises(NotSealable):
        in_ofd(ofd, seal, places=[place])


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 nothing", b"PK\x03\x04", b"hello" * 100])
def test_what_is_no_document_is_refused(data, seal):
    with pytest.raises(NotSealable):
        in_pdf(data, seal)
    with pytest.raises(NotSealable):
        in_ofd(data, seal)
