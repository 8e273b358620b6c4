"""Numbers and text of letters."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.letters.rules.numbers import UNSHOWN, agency_word, letter_number, shown


def test_a_number_is_written_as_offices_write_it():
    assert letter_number(word="广卫准决", year=2026, serial=12) == "广卫准决字〔2026〕第12号"


@pytest.mark.parametrize(("name", "word"), [("区卫健局", "广卫健"), ("广安区税务局", "广税务"), ("区残联", "广残联")])
def test_a_department_without_an_agency_word_gets_one(name, word):
    assert agency_word(name) == word


def test_days_are_shown_in_chinese_and_rare_characters_stay():
    assert shown({"on": date(2026, 3, 1), "name": ["𬭊㛃䶮𠅤"]}) == {"on": "2026年3月1日", "name": ["𬭊㛃䶮𠅤"]}


@given(st.text())
def test_nothing_that_hides_or_turns_text_is_shown(text):
    assert not UNSHOWN.search(shown(text))


def test_direction_marks_are_taken_out():
    assert shown("王\u202e华\u0000") == "王华"
