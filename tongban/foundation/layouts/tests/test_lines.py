"""Lines of Chinese text: broken where custom allows, shrunk until they fit, and never losing a character."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.layouts.rules.lines import (
    CLOSING,
    NOT_FIRST,
    NOT_LAST,
    OPENING,
    clean,
    fitted,
    line_of,
    wrapped,
)

CHINESE = st.text(alphabet="一二三四五六（）“”，。《》：abc 12.", max_size=60)


def em(one: str) -> float:
    """Every Chinese character is one em wide, every other one half."""
    return 0.5 if one.isascii() else 1.0


@pytest.mark.parametrize(
    ("text", "ems", "lines"),
    [
        ("一二三四五", 5, ["一二三四五"]),
        ("一二三四五", 3, ["一二三", "四五"]),
        ("一二三，四五", 3.5, ["一二三，", "四五"]),  # the mark's blank half hangs out
        ("一二三，四五", 3, ["一二", "三，四", "五"]),  # a comma begins no line
        ("一二（三四）", 3, ["一二", "（三四）"]),  # a bracket ends no line
        ("一二Tongban三", 4, ["一二", "Tongban", "三"]),  # a word stays in one piece
        ("一Tongban三", 2, ["一", "Tong", "ban", "三"]),  # unless no line can hold it
        ("一\n\n二", 4, ["一", "", "二"]),
        ("", 4, [""]),
    ],
)
def test_where_lines_break(text, ems, lines):
    assert [line.text for line in wrapped(text, ems, em)] == lines


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("中（）中", 4),
        ("（中】", 2),
        ("中，。中", 3.5),
        ("中，", 1.5),
        ("“中", 1.5),
        ("》，《", 2),
        ("（“中", 2),
        ("a中", 1.5),
    ],
)
def test_of_two_marks_side_by_side_a_blank_half_goes(text, width):
    assert line_of(text, em).width == width


@given(CHINESE, st.floats(2, 20))
def test_no_character_is_lost_and_no_line_is_too_wide(text, ems):
    lines = wrapped(text, ems, em)
    assert "".join(line.text for line in lines).replace(" ", "") == text.replace(" ", "")
    for before, after in itertools.pairwise(lines):
        one_piece = len(after.text) < 2 or after.text[0] in NOT_FIRST or before.text[-1:] in NOT_LAST
        assert before.width <= ems or one_piece
    assert all(line.width <= max(ems, 1) for line in lines)


@given(CHINESE, st.floats(10, 80), st.floats(5, 60), st.floats(5, 40))
def test_text_shrinks_until_it_fits_and_says_when_it_does_not(text, width, height, size):
    fit = fitted(text, width_pt=width, height_pt=height, size=size, measure=em)
    tall = fit.size * (1 + 1.35 * (len(fit.lines) - 1))
    assert fit.size <= size
    assert fit.overflows or tall <= height + 0.02
    assert not fit.overflows or fit.size <= 4.5 or fit.size == size


def test_what_cannot_be_seen_is_left_out_and_newer_characters_stay():
    assert clean("a\x00\u200b\ufeff\ufe0f\U000e0100\r\nb\tc\uffff\ue000\U0002ebf0") == "a\nb c\ue000\U0002ebf0"


def test_no_mark_both_opens_and_closes():
    assert not OPENING & CLOSING
