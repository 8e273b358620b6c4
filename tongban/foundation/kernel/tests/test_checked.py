"""What is asked of a column is what is asked of a value."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.kernel.checked import good
from tongban.foundation.kernel.identifiers import (
    USCC_ALPHABET,
    citizen_id_check,
    citizen_id_fault,
    uscc_check,
    uscc_fault,
)


def said(kind: str, value: str | None) -> bool | None:
    row = duckdb.execute(f"select {good(kind, 'x')} from (select ?::varchar as x)", [value]).fetchone()
    return row[0] if row else None


@given(st.from_regex(r"[1-9]\d{5}(18|19|20)\d{2}[01]\d[0-3]\d{4}", fullmatch=True), st.booleans())
def test_an_id_number_is_judged_as_a_single_one_is(first: str, mended: bool) -> None:
    number = first + (citizen_id_check(first) if mended else "X")
    assert said("id_number", number) == (citizen_id_fault(number, today=date(2200, 1, 1)) is None)


@given(st.text(USCC_ALPHABET, min_size=17, max_size=17), st.booleans())
def test_a_credit_code_is_judged_as_a_single_one_is(first: str, mended: bool) -> None:
    code = first + (uscc_check(first) if mended else "0")
    assert said("uscc", code) == (uscc_fault(code) is None)


@pytest.mark.parametrize("kind", ["id_number", "uscc", "mobile", "division"])
def test_what_is_missing_is_neither_good_nor_bad_and_what_is_strange_is_bad(kind: str) -> None:
    assert said(kind, None) is None
    assert [said(kind, text) for text in ("", "张三", "1" * 17, "9" * 40, "１３８００００００００")] == [False] * 5
