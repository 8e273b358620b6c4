"""A cell means what it says, or it is refused; it never means nothing in silence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tongban.services.decisions.rules.cells import BadCell, read

READ = [
    ("-", "number", 5, True),
    ("", "number", 5, True),
    ("60", "number", 60, True),
    ("60, 70", "number", 70, True),
    (">= 60", "number", 59.9, False),
    ("≥60", "number", 60, True),
    ("[60..80)", "number", 80, False),
    ("[60..80]", "number", 80, True),
    ("(60..80)", "number", 60, False),
    ("< 10, >= 60", "number", 5, True),
    ("not(60, 70)", "number", 60, False),
    ("not(60, 70)", "number", 61, True),
    ("local", "text", "local", True),
    ("'local', other", "text", "other", True),
    ("“self”，“family”", "text", "family", True),
    ("not(self)", "text", "family", True),
    ("!= self", "text", "self", False),
    ("true", "boolean", True, True),
    ("否", "boolean", False, True),
    (">= 2026-01-01", "date", 20260101, True),
    ("[2026-01-01..2026-12-31]", "date", 20270101, False),
]


@pytest.mark.parametrize(("text", "kind", "given", "matches"), READ)
def test_what_a_cell_matches(text, kind, given, matches):
    assert read(text, kind).matches(given) is matches


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[0..", "number"), ("sixty", "number"), ("60,", "number"), (">=", "number"), ("[80..60]", "number"),
        ("2026-02-30", "date"), ("60", "date"), ("> local", "text"), ("a b", "text"), ("maybe", "boolean"),
        ("'a' or 1 == 1", "text"), ("60; 70", "number"), ("=> 60", "number"), ("not(", "text"), ("x" * 400, "text"),
        ("1e9", "number"), ("'; drop", "text"), ("{}", "number"), ("60 70", "number"), (60, "number"),
    ],
)  # fmt: skip
def test_a_cell_that_says_nothing_is_refused(text, kind):
    with pytest.raises(BadCell):
        read(text, kind)


@given(some.text(max_size=30), some.sampled_from(["number", "date", "text", "boolean"]))
def test_whatever_is_typed_is_read_or_refused(text, kind):
    try:
        cell = read(text, kind)
    except BadCell:
        return
    assert cell.is_anything is (text.translate({0x2014: "-"}).strip() in ("", "-"))
