"""What is typed is taken for what it is; only what is valid is called valid."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.verification.rules import read, standing

IDENTIFIER = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U"
CODE = "7" * 600
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("", "nothing", ""),
        ("   \n", "nothing", ""),
        (CODE, "credential", CODE),
        (f" https://zwfw.example/verify/#{CODE[:300]}\n{CODE[300:]} ", "credential", CODE),
        (IDENTIFIER.lower(), "identifier", IDENTIFIER),
        (IDENTIFIER.replace(".2.111", ".2 .111"), "identifier", IDENTIFIER),
        ("https://zwfw.example/letters/verify/ab12cd34ef/", "letter", "AB12CD34EF"),
        ("/letters/verify/AB12CD34EF", "letter", "AB12CD34EF"),
        ("JY15116020000012", "number", "JY15116020000012"),
        ("川卫公证字〔2026〕第12号", "number", "川卫公证字〔2026〕第12号"),
        ("x" * 121, "nothing", ""),
        ("7" * 4001, "nothing", ""),
        ("http://[", "number", "http://["),
    ],
)
def test_what_a_text_names(text: str, kind: str, what: str) -> None:
    assert read(text) == (kind, what)


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read(text: str) -> None:
    assert read(text)[0] in {"credential", "identifier", "letter", "number", "nothing"}


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        ("valid", "valid"), ("suspended", "suspended"), ("superseded", "superseded"), ("expired", "expired"),
        ("cancelled", "revoked"), ("revoked", "revoked"), ("annulled", "revoked"), ("lost", "revoked"),
        ("draft", "unknown"), ("", "unknown"), ("anything", "unknown"),
    ],
)  # fmt: skip
def test_each_state_has_its_answer(status: str, answer: str) -> None:
    assert standing(status, TODAY, TODAY) == answer


def test_before_its_first_day_it_is_not_yet_valid() -> None:
    assert standing("draft", TODAY + timedelta(days=1), TODAY) == "not_yet"
