"""Pages drawn as PDF and as OFD: the same text in the same places, rare characters shown, other programs agree."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile

import ofdkit
import pytest
from defusedxml import ElementTree
from pypdf import PdfReader

from tongban.foundation.layouts.actions import ofd_of, pdf_of
from tongban.foundation.layouts.gateways.faces import width_of
from tongban.foundation.layouts.rules import PT, Words, drawn
from tongban.foundation.layouts.rules.ofd_parts import NAMESPACE, deltas, number

from .samples import METADATA, licence_pages, page, ring, text

OFD = f"{{{NAMESPACE}}}"


def lines_of(pages):
    return [mark for mark in drawn(pages, width_of)[0][0].marks if isinstance(mark, Words) and not mark.turn]


@pytest.fixture(scope="module")
def pdf():
    return PdfReader(io.BytesIO(pdf_of(pages=licence_pages(), title="公共场所卫生许可证", metadata=METADATA)))


@pytest.fixture(scope="module")
def ofd():
    return ofd_of(pages=licence_pages(), title="公共场所卫生许可证", metadata=METADATA)


def test_the_pdf_says_what_it_is(pdf):
    assert pdf.metadata["/Title"] == "公共场所卫生许可证"
    assert "ZZBS:1.2.156.3005.2.1" in pdf.metadata["/Keywords"]
    assert [round(float(size)) for size in pdf.pages[0].mediabox[2:]] == [595, 842]


def test_the_pdf_conforms_to_the_standards_for_archives_and_for_everybody(pdf):
    told = pdf.trailer["/Root"]["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2" in told
    assert "<pdfuaid:part>1" in told


def test_the_pdf_shows_each_line_where_we_put_it(tmp_path):
    """Should a new typesetter squeeze marks otherwise than we do, this is where it shows."""
    pages = [
        page(text("一（一）“张三”，《营业执照》；，。末", w=180), text("右（边）：行", y=60, w=160, align="right"))
    ]
    (tmp_path / "a.pdf").write_bytes(pdf_of(pages=pages, title="行"))
    told = subprocess.run(
        ["pdftotext", "-bbox", "a.pdf", "-"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    seen = [float(value) * PT for value in re.findall(r'x(?:Min|Max)="([\d.]+)"', told.stdout)]
    wanted = [edge for line in lines_of(pages) for edge in (line.x, line.x + line.width)]
    assert seen == pytest.approx(wanted, abs=0.05)


def test_other_programs_read_the_text_of_both(pdf, ofd):
    in_pdf = pdf.pages[0].extract_text()
    with ofdkit.open(io.BytesIO(ofd)) as document:
        in_ofd = "".join(page.text() for page in document.pages)
    for line in lines_of(licence_pages()):
        wanted = line.text.replace(" ", "")
        assert wanted in re.sub(r"\s", "", in_pdf)
        assert wanted in re.sub(r"\s", "", in_ofd)


def test_the_ofd_is_a_package_of_the_standard(ofd):
    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        names = package.namelist()
        main = ElementTree.fromstring(package.read("OFD.xml"))
        document = ElementTree.fromstring(package.read("Doc_0/Document.xml"))
        ids = [
            one for name in names if name.endswith(".xml") for one in re.findall(rb'\sID="(\d+)"', package.read(name))
        ]
    assert names[0] == "OFD.xml"
    assert main.tag == f"{OFD}OFD"
    assert {data.get("Name"): data.text for data in main.iter(f"{OFD}CustomData")} == METADATA
    assert document.findtext(f".//{OFD}PhysicalBox") == "0 0 210 297"
    assert len(ids) == len(set(ids))
    assert max(map(int, ids)) <= int(document.findtext(f".//{OFD}MaxUnitID"))


def test_both_formats_break_lines_alike(ofd):
    with zipfile.ZipFile(io.BytesIO(ofd)) as package:
        content = ElementTree.fromstring(package.read("Doc_0/Pages/Page_0/Content.xml"))
    codes = [
        code for one in content.iter(f"{OFD}TextObject") if not one.get("CTM") for code in one.iter(f"{OFD}TextCode")
    ]
    assert "".join(code.text for code in codes) == "".join(line.text for line in lines_of(licence_pages()))


def test_a_rare_character_is_shown_and_one_that_no_font_has_stands_as_its_number():
    line = lines_of([page(text("𬭎㐱\ue123"))])[0]
    assert line.text == "𬭎㐱〔U+E123〕"


def test_what_people_write_is_shown_as_it_stands():
    nasty = '#panic("x") $x$ <b>&amp; ]] "\' \\ @ref https://a.b/c?d=1&e'
    pages = [page(text(nasty, w=180))]
    assert nasty.replace(" ", "") in re.sub(
        r"\s", "", PdfReader(io.BytesIO(pdf_of(pages=pages, title=nasty))).pages[0].extract_text()
    )
    with ofdkit.open(io.BytesIO(ofd_of(pages=pages, title=nasty, metadata={"a<b": "c&d"}))) as document:
        assert nasty.replace(" ", "") in re.sub(r"\s", "", document.pages[0].text())


def test_a_picture_used_twice_is_kept_once():
    picture = {"kind": "picture", "x": 10, "y": 10, "w": 20, "h": 20, "png": ring()}
    with zipfile.ZipFile(io.BytesIO(ofd_of(pages=[page(picture, {**picture, "y": 50})], title="图"))) as package:
        assert sum(name.endswith(".png") for name in package.namelist()) == 1


@pytest.mark.parametrize(
    ("steps", "written"), [([4.2, 4.2, 4.2], "g 3 4.2"), ([1, 1, 2], "1 1 2"), ([], ""), ([0.00001, 2.5], "0 2.5")]
)
def test_steps_between_characters_are_written_short(steps, written):
    assert deltas(steps) == written


@pytest.mark.parametrize(("value", "written"), [(210.0, "210"), (-0.0001, "0"), (1.2345, "1.234"), (-3.5, "-3.5")])
def test_lengths_are_written_without_idle_zeros(value, written):
    assert number(value) == written
