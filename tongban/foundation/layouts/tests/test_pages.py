"""A description of pages: every fault is told with its place, and nothing anyone writes is a fault of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.layouts.actions import pdf_of
from tongban.foundation.layouts.errors import FAULTS, PagesRefused
from tongban.foundation.layouts.queries import faults_in, too_long
from tongban.foundation.layouts.rules import faults_of

from .samples import licence_pages, page, ring, text

BOMB = ring()[:16] + (100_000).to_bytes(4, "big") * 2 + ring()[24:]


def test_a_licence_of_every_kind_of_mark_has_no_fault():
    assert faults_of(licence_pages()) == []


@pytest.mark.parametrize(
    ("pages", "code", "path"),
    [
        (None, "no_pages", "pages"),
        ([], "no_pages", "pages"),
        ([page()] * 201, "too_many", "pages"),
        (["page"], "shape", "pages.0"),
        ([{"size": [210, 297], "marks": [], "colour": "red"}], "shape", "pages.0"),
        ([{"size": [210], "marks": []}], "page_size", "pages.0.size"),
        ([{"size": [9, 297], "marks": []}], "page_size", "pages.0.size"),
        ([{"size": [float("nan"), 297], "marks": []}], "page_size", "pages.0.size"),
        ([{"size": [210, 297], "marks": None}], "shape", "pages.0.marks"),
        ([page(*[text("字")] * 1001)], "too_many", "pages.0.marks"),
        ([page({"kind": "video"})], "unknown_kind", "pages.0.marks.0"),
        ([page({"kind": ["text"]})], "unknown_kind", "pages.0.marks.0"),
        ([page({"kind": "qr", "x": 1, "y": 1, "w": 20})], "missing", "pages.0.marks.0.text"),
        ([page(text("字", glow=True))], "unknown_part", "pages.0.marks.0.glow"),
        ([page(text("字", x="1"))], "not_a_number", "pages.0.marks.0.x"),
        ([page(text("字", x=True))], "not_a_number", "pages.0.marks.0.x"),
        ([page(text("字", x=-1))], "out_of_range", "pages.0.marks.0.x"),
        ([page(text("字", size=2.9))], "out_of_range", "pages.0.marks.0.size"),
        ([page(text("字", font="comic"))], "unknown_value", "pages.0.marks.0.font"),
        ([page(text("字", bold="yes"))], "unknown_value", "pages.0.marks.0.bold"),
        ([page(text("字", colour="red"))], "not_a_colour", "pages.0.marks.0.colour"),
        ([page(text("\ud800"))], "not_text", "pages.0.marks.0.text"),
        ([page(text("字" * 20_001))], "too_long", "pages.0.marks.0.text"),
        ([page({"kind": "qr", "x": 1, "y": 1, "w": 20, "text": ""})], "not_text", "pages.0.marks.0.text"),
        ([page({"kind": "qr", "x": 1, "y": 1, "w": 20, "text": "字" * 401})], "too_long", "pages.0.marks.0.text"),
        ([page({"kind": "picture", "x": 1, "y": 1, "w": 9, "h": 9, "png": b"GIF89a"})], "not_a_png", "pages.0.marks.0.png"),
        ([page({"kind": "picture", "x": 1, "y": 1, "w": 9, "h": 9, "png": BOMB})], "picture_too_big", "pages.0.marks.0.png"),
        ([page(text("字", x=150, w=61))], "off_page", "pages.0.marks.0"),
        ([page(text("字", y=290, h=10))], "off_page", "pages.0.marks.0"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_place(pages, code, path):
    assert [(fault.code, fault.path) for fault in faults_of(pages)] == [(code, path)]


def test_every_fault_is_told_at_once_in_words():
    pages = [page(text("字", x="1", colour="red"), {"kind": "video"})]
    assert [reason.field for reason in faults_in(pages)] == [
        "pages.0.marks.0.x", "pages.0.marks.0.colour", "pages.0.marks.1",
    ]  # fmt: skip
    with pytest.raises(PagesRefused) as refusal:
        pdf_of(pages=pages, title="坏")
    assert [reason.code for reason in refusal.value.reasons] == ["not_a_number", "not_a_colour", "unknown_kind"]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
MARKS = st.dictionaries(st.sampled_from(["kind", "x", "y", "w", "h", "text", "size", "png", "x1"]), JSON, max_size=7)
KINDS = st.sampled_from(["text", "line", "rect", "picture", "qr", "tiled"])


@given(st.lists(JSON | st.tuples(KINDS, MARKS).map(lambda pair: page({**pair[1], "kind": pair[0]})), max_size=3))
def test_whatever_is_described_is_judged_and_never_raises(pages):
    assert all(fault.code in FAULTS for fault in faults_of(pages))


def test_a_text_too_long_for_its_box_is_told_before_anything_is_drawn():
    assert [reason.code for reason in too_long([page(text("字" * 3000, w=20, h=5), text("字"))])] == ["does_not_fit"]
