"""Every vector of the standards, and what each check digit must catch."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.kernel import identifiers as ids

TODAY = date(2026, 11, 21)
REAL_USCC = (
    "91350100M000100Y43 11100000000013338W 11430000006122244L 11330105002500287C 12441500196720244T "
    "11420503087246977F 11370800MB28559184 91610800064834709T 11220000013544541J 11110000000021135M "
    "11100000MB0341032Y 11511301008778183N 11100000000013661B 11100000MB03271699"
).split()


@pytest.mark.parametrize("value", REAL_USCC)
def test_real_credit_codes_pass(value: str) -> None:
    assert ids.uscc_fault(value) is None


@pytest.mark.parametrize("value", ["11010519491231002X", "440524188001010014", "34052419800101001X"])
def test_published_citizen_ids_pass(value: str) -> None:
    assert ids.citizen_id_fault(value, today=TODAY) is None


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("110105194912310021", "check"),
        ("11010519491231002", "length"),
        ("1101051949123100AX", "characters"),
        ("11010519990231002X", "birth_date"),
        ("11010520991231002X", "birth_date"),
        ("110105194912310０2X"[:17] + "X", "characters"),
        ("", "length"),
    ],
)
def test_each_fault_of_a_citizen_id_has_its_name(value: str, fault: str) -> None:
    assert ids.citizen_id_fault(value, today=TODAY) == fault


@pytest.mark.parametrize(
    ("body", "check"), [("D2143569", "X"), ("00001333", "8"), ("08877818", "2"), ("19672024", "4")]
)
def test_organisation_codes(body: str, check: str) -> None:
    assert ids.organisation_check(body) == check


@given(st.sampled_from(REAL_USCC), st.integers(0, 17), st.sampled_from(ids.USCC_ALPHABET))
def test_any_single_wrong_character_of_a_credit_code_is_caught(value: str, place: int, char: str) -> None:
    changed = value[:place] + char + value[place + 1 :]
    assert (ids.uscc_fault(changed) is None) == (changed == value)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(0, 9))
def test_any_single_wrong_digit_of_a_citizen_id_is_caught(born: date, serial: int, place: int, digit: int) -> None:
    first17 = f"511602{born:%Y%m%d}{serial:03d}"
    whole = first17 + ids.citizen_id_check(first17)
    assert ids.citizen_id_fault(whole, today=TODAY) is None
    changed = whole[:place] + str(digit) + whole[place + 1 :]
    assert (ids.citizen_id_fault(changed, today=TODAY) is None) == (changed == whole)


def test_sex_and_birth_are_read_from_the_number() -> None:
    assert ids.citizen_id_birth("11010519491231002X") == date(1949, 12, 31)
    assert ids.citizen_id_sex("11010519491231002X") == "2"


@pytest.mark.parametrize(("value", "good"), [("13800138000", True), ("12800138000", False), ("1380013800", False)])
def test_mobile_numbers(value: str, good: bool) -> None:
    assert ids.is_mobile(value) is good
