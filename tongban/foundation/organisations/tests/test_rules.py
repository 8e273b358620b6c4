"""Codes of divisions nest; an invented office code is valid and always the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.kernel.identifiers import uscc_fault
from tongban.foundation.organisations.rules import best_code, invented_uscc, level_of, parent_of, pinyin_of


@pytest.mark.parametrize(
    ("code", "level", "parent"),
    [
        ("510000000000", 1, None),
        ("511600000000", 2, "510000000000"),
        ("511602000000", 3, "511600000000"),
        ("511602001000", 4, "511602000000"),
        ("511602001001", 5, "511602001000"),
    ],
)
def test_a_code_says_its_level_and_its_parent(code: str, level: int, parent: str | None) -> None:
    assert (level_of(code), parent_of(code)) == (level, parent)


@given(st.text(min_size=1, max_size=30))
def test_an_invented_code_is_valid_and_stable(name: str) -> None:
    code = invented_uscc(name, "511602000000")
    assert uscc_fault(code) is None
    assert code == invented_uscc(name, "511602000000")


def test_a_lower_case_code_counts_and_a_dirty_one_does_not() -> None:
    good = invented_uscc("区卫健局", "511602000000")
    assert best_code(["083372204", "1151160200877", good.lower()]) == good
    assert best_code(["083372204"]) is None


def test_surnames_and_syllables_sort_apart() -> None:
    assert pinyin_of("西安") < pinyin_of("先")
