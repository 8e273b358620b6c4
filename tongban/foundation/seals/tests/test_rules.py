"""What may stand on a seal, how it is drawn, and when it may be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import hypot, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.seals.rules import (
    Approved,
    Spell,
    approval_faults,
    corners,
    drawing_of,
    is_approved,
    may_become,
    name_faults,
    needs_approval,
    number_of,
    request_faults,
    state_at,
)

OFFICE = "广安市广安区水务局"
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("kind", "name", "business", "codes"),
    [
        ("legal", OFFICE, "", []),
        ("legal", "广安区水务局", "", ["not_registered"]),
        ("legal", OFFICE, "行政审批专用章", ["business_elsewhere"]),
        ("inner", OFFICE + "行政审批股", "", []),
        ("inner", OFFICE, "", ["not_within"]),
        ("inner", "行政审批股", "", ["not_within"]),
        ("branch", OFFICE + "城南水务站", "", []),
        ("business", OFFICE, "行政审批专用章", []),
        ("business", OFFICE, "行政审批专用章（2）", []),
        ("business", OFFICE, "专用章", ["business_words"]),
        ("business", OFFICE, "审批", ["business_missing", "business_words"]),
        ("business", OFFICE, "", ["business_missing", "business_words"]),
        ("business", OFFICE, "取水许可取水许可取水许可专用章", ["business_words"]),
        ("personal", "李华", "", []),
        ("personal", "李明", "", ["not_the_holder"]),
        ("legal", "水", "", ["length", "not_registered"]),
        ("legal", "广安<b>局", "", ["signs", "not_registered"]),
        ("gold", OFFICE, "", ["kind"]),
    ],
)
def test_names(kind, name, business, codes):
    found = name_faults(kind=kind, name=name, business=business, registered=OFFICE, holder="李华")
    assert [code for _field, code in found] == codes


def test_a_government_with_the_emblem_gets_its_seal_from_above():
    name = "广安市广安区人民政府"
    assert name_faults(kind="legal", name=name, business="", registered=name) == [("name", "emblem")]


@given(st.sampled_from(["legal", "inner", "branch", "business"]), st.integers(2, 40), st.integers(0, 14))
def test_nothing_on_a_round_seal_leaves_it_or_touches_another_letter(kind, count, business):
    words = "行" * business if kind == "business" and business > 3 else ""
    drawing = drawing_of(kind, "国" * count, words)
    radius = drawing.width / 2
    assert drawing.width <= 45
    around = drawing.letters[:count]
    for letter in drawing.letters:
        assert max(hypot(x, y) for x, y in corners(letter)) < radius - 1.2
        assert letter.squeeze >= 0.39 or letter in drawing.letters[count:]
    for one, other in pairwise(around):
        feet = hypot(one.x, one.y) - one.height / 2  # where there is least room
        assert one.width < 2 * feet * sin(radians((other.angle - one.angle) / 2))
    assert around[-1].angle - around[0].angle < 300
    inside = min(hypot(letter.x, letter.y) - letter.height / 2 for letter in around)
    assert drawing.star < inside
    for letter in drawing.letters[count:]:
        assert max(hypot(x, y) for x, y in corners(letter)) < inside
        assert letter.y - letter.height / 2 > drawing.star * 0.8


@pytest.mark.parametrize(("name", "signs"), [("李华", "李华之印"), ("张国强", "张国强印"), ("欧阳国强", "欧阳国强")])
def test_a_persons_seal_is_read_from_the_right(name, signs):
    drawing = drawing_of("personal", name)
    assert "".join(letter.sign for letter in drawing.letters) == signs
    assert [letter.x > 0 for letter in drawing.letters] == [True, True, False, False]


def test_a_long_personal_name_stands_in_one_line():
    drawing = drawing_of("personal", "买买提·艾山")
    assert (drawing.width, drawing.height, {letter.y for letter in drawing.letters}) == (36, 12, {0.0})


def test_the_life_of_a_seal():
    assert may_become("approved", "made")
    assert may_become("suspended", "in_use")
    assert not may_become("approved", "in_use")
    assert not may_become("cancelled", "in_use")
    assert not may_become("unheard", "in_use")


@pytest.mark.parametrize(
    ("control", "automatic", "asked"),
    [("decision", True, False), ("decision", False, True), ("one", True, True), ("two", True, True)],
)
def test_who_must_be_asked(control, automatic, asked):
    assert needs_approval(control, automatic=automatic) is asked


def test_two_persons_are_two():
    assert not is_approved("two", ["a", "a"])
    assert is_approved("two", ["a", "b"])
    assert is_approved("one", ["a"])


APPROVED = Approved("approved", copies=2, used=1, until=AT + timedelta(days=1), digest="d")


@pytest.mark.parametrize(
    ("approved", "codes"),
    [
        (APPROVED, []),
        (None, ["not_asked"]),
        (Approved("waiting", 2, 0, None, "d"), ["not_approved"]),
        (Approved("approved", 2, 2, AT, "x"), ["used_up", "other_document"]),
        (Approved("used", 2, 1, AT - timedelta(seconds=1), "d"), ["late"]),
    ],
)
def test_what_an_approval_covers(approved, codes):
    assert approval_faults(approved, at=AT, digest="d") == codes


def test_a_request_tells_all_that_is_wrong():
    faults = request_faults(title="", purpose="x", copies=0, digest="")
    assert [code for _field, code in faults] == ["title", "purpose", "copies", "document"]


def test_the_state_at_a_moment():
    later = AT + timedelta(hours=1)
    spells = [Spell("in_use", AT, later), Spell("suspended", later, None)]
    assert [state_at(spells, at) for at in (AT - timedelta(1), AT, later)] == ["", "in_use", "suspended"]


def test_numbers():
    assert number_of("511602000000", 7) == "5116020000007"
