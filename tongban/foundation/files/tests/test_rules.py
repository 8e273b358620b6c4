"""What is taken and what is not, one sample for each."""

from __future__ import annotations

import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.files.rules import inspect, tidy_name
from tongban.foundation.files.rules.documents import is_bomb
from tongban.foundation.files.tests import samples

MB = 1024 * 1024


def codes(data: bytes, name: str) -> list[str]:
    return [code for code, _params in inspect(data, name, most_bytes=10 * MB).faults]


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (samples.pdf(), "图纸.pdf", "pdf"),
        (samples.picture("PNG"), "照片.PNG", "png"),
        (samples.picture("JPEG"), "照片.jpeg", "jpg"),
        (samples.picture("WEBP"), "照片.webp", "webp"),
        (samples.docx(), "申请书.docx", "docx"),
        (samples.xlsx(), "名单.xlsx", "xlsx"),
        (samples.ofd(), "营业执照.ofd", "ofd"),
        ("说明：𬭊".encode(), "说明.txt", "txt"),
        ("说明".encode("gb18030"), "说明.txt", "txt"),
        (samples.pdf(owner_password="owner"), "银行流水.pdf", "pdf"),  # may not be changed, but opens for everybody
    ],
)
def test_good_files_are_taken_for_what_they_are(data: bytes, name: str, kind: str):
    seen = inspect(data, name, most_bytes=10 * MB)
    assert (seen.kind, seen.faults) == (kind, [])


def test_pages_are_counted():
    assert inspect(samples.pdf(3), "a.pdf", most_bytes=MB).pages == 3


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "空.pdf", "empty"),
        (b"x" * (10 * MB + 1), "大.txt", "too_big"),
        (samples.picture("PNG"), "身份证.pdf", "renamed"),
        (samples.pdf(), "身份证.jpg", "renamed"),
        (b"MZ\x90\x00" + bytes(200), "执照.pdf", "not_what_it_says"),
        (b"MZ\x90\x00" + bytes(200), "setup.exe", "not_allowed"),
        (samples.archive({"a.txt": b"x"}), "材料.zip", "not_allowed"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "图.svg", "not_allowed"),
        (b"<html><script>1</script></html>", "说明.txt", "not_what_it_says"),
        (samples.old_doc(), "申请书.doc", "old_office"),
        (samples.pdf(password="secret"), "银行流水.pdf", "encrypted"),
        (samples.encrypted_zip(), "材料.zip", "encrypted"),
        (samples.encrypted_docx(), "申请书.docx", "encrypted"),
        (samples.png_bomb(), "照片.png", "bomb"),
        (samples.overlapping_bomb(), "申请书.docx", "bomb"),
        (samples.pdf_bomb(), "图纸.pdf", "bomb"),
        (samples.pdf_packed_twice(), "图纸.pdf", "bomb"),
        (samples.pdf_bomb_behind_a_false_beginning(), "图纸.pdf", "bomb"),
        (samples.docx(**{"word/vbaProject.bin": b"macro"}), "申请书.docx", "active_content"),
        (samples.pdf() + b"% <</S /JavaScript /JS (1)>>\n", "图纸.pdf", "active_content"),
        (samples.picture("JPEG")[:-300], "照片.jpg", "broken"),
        (b"%PDF-1.7\nnothing here", "图纸.pdf", "broken"),
        (samples.docx()[:-40], "申请书.docx", "not_what_it_says"),
        (samples.docx(**{"word/a.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "申请书.docx", "entities"),
        (samples.docx(**{"word/a.xml": '<!DOCTYPE a SYSTEM "b"><a/>'.encode("utf-16")}), "申请书.docx", "entities"),
        (samples.docx(**{"word/../../a.xml": b"<a/>"}), "申请书.docx", "broken"),
        (samples.docx(**{"/etc/a.xml": b"<a/>"}), "申请书.docx", "broken"),
        (samples.picture("PNG") + samples.archive({"a": b"x"}), "照片.png", "polyglot"),
        (samples.picture("JPEG") + b"<script>alert(1)</script>", "照片.jpg", "polyglot"),
        (samples.pdf() + samples.archive({"a": b"x"}), "图纸.pdf", "polyglot"),
    ],
)
def test_bad_files_are_refused_with_the_reason(data: bytes, name: str, code: str):
    assert codes(data, name) == [code]


@pytest.mark.parametrize(
    ("make", "name", "code"),
    [
        (samples.docx_bomb, "申请书.docx", "bomb"),
        (samples.crowded_zip, "申请书.docx", "not_what_it_says"),
        (samples.pdf_of_beginnings, "图纸.pdf", "bomb"),
    ],
)
def test_a_bomb_costs_neither_memory_nor_time(make: Callable[[], bytes], name: str, code: str):
    bomb = make()
    tracemalloc.start()
    begun = time.monotonic()
    assert codes(bomb, name) == [code]
    assert tracemalloc.get_traced_memory()[1] < 40 * MB
    tracemalloc.stop()
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    ("name", "tidied"),
    [
        ("../../etc/passwd", "passwd.txt"),
        ("C:\\用户\\图纸.pdf", "图纸.pdf"),
        ("执照\u202egpj.exe.pdf", "执照gpj.exe.pdf"),
        ('a"b;c.pdf', "a_b_c.pdf"),
        ("", "未命名.txt"),
        (".pdf", "未命名.pdf"),
        ("𬭊㛃䶮.pdf", "𬭊㛃䶮.pdf"),
    ],
)
def test_names_are_kept_but_harmless(name: str, tidied: str):
    assert tidy_name(name, "txt") == tidied


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_is_short_and_plain(name: str):
    tidied = tidy_name(name, "pdf")
    assert 1 < len(tidied) <= 120
    assert not set(tidied) & set('/\\\x00\r\n"\u202e')


@given(
    st.sampled_from([b"", b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"PK\x03\x04", b"RIFF1234WEBP"]),
    st.binary(max_size=400),
)
def test_no_bytes_break_the_inspection(head: bytes, rest: bytes):
    inspect(head + rest, "a.pdf", most_bytes=MB)


def test_a_stream_that_ends_after_more_than_a_piece_is_looked_at_once() -> None:
    """What zlib names as a rest behind the end of a stream that came out in several pieces is no more of it."""
    data = b"%PDF-1.7\n1 0 obj\nstream\n" + zlib.compress(bytes(3 << 20)) + b"\nendstream\n%%EOF"
    assert not is_bomb(data)
