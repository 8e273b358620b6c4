"""Cells of a spreadsheet."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.kernel.cells import FORMULA, inert, typed


@given(st.sampled_from(["", *FORMULA]), st.text())
def test_a_cell_is_never_run_and_what_was_typed_comes_back(sign: str, rest: str) -> None:
    assert not inert(sign + rest).startswith(FORMULA)
    if sign:
        assert typed(inert(sign + rest)) == sign + rest
