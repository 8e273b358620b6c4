"""What is owed, what goes back, and how a payment code is made."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.services.payments.gateways import is_genuine, signature
from tongban.services.payments.rules import (
    MOVES,
    REFUND_WHEN,
    faults_of,
    lines_of,
    luhn_digit,
    may_become,
    payment_code,
    to_give_back,
)

from .factories import FEES

LINES = [line.as_data() for line in lines_of(FEES)]


@pytest.mark.parametrize(
    ("result", "fen"),
    [("granted", 0), ("partly", 0), ("refused", 1000), ("withdrawn", 3050), ("not_accepted", 1000), ("void", 1000)],
)
def test_what_goes_back(result, fen):
    assert to_give_back(LINES, result) == fen


def test_a_fee_of_nothing_is_no_line():
    assert lines_of([{"key": "a", "name": "免费", "amount_fen": 0, "basis": "x"}]) == []


def test_no_basis_no_fee():
    assert faults_of(lines_of([{"key": "a", "name": "服务费", "amount_fen": 100}])) == ["no_basis"]
    assert faults_of(lines_of(FEES)) == []


def test_refund_results_never_include_a_grant():
    assert not REFUND_WHEN & {"granted", "partly"}


@pytest.mark.parametrize(("digits", "check"), [("7992739871", 3), ("0", 0), ("1", 8)])
def test_luhn(digits, check):
    assert luhn_digit(digits) == check


@given(st.integers(0, 10**9), st.dates(date(2020, 1, 1), date(2099, 12, 31)))
def test_a_payment_code_has_twenty_digits_and_its_check_digit(serial, on):
    code = payment_code("511602000000", on, serial)
    assert len(code) == 20
    assert code.isdigit()
    assert luhn_digit(code[:-1]) == int(code[-1])


@given(st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place, change):
    code = payment_code("511602000000", date(2026, 11, 21), 1234567)
    wrong = code[:place] + str((int(code[place]) + change) % 10) + code[place + 1 :]
    assert luhn_digit(wrong[:-1]) != int(wrong[-1])


def test_nothing_leaves_refunded():
    assert MOVES["refunded"] == frozenset()
    assert may_become("due", "paid")
    assert not may_become("refunded", "due")


MESSAGE = {"order_no": "1", "amount_fen": "100", "time": "1000"}


@pytest.mark.parametrize(
    ("change", "at", "genuine"),
    [
        ({}, 1000, True),
        ({}, 1900, True),
        ({}, 1901, False),
        ({"amount_fen": "1"}, 1000, False),
        ({"extra": "x"}, 1000, False),
        ({"time": "²"}, 1000, False),
        ({"sign": "签"}, 1000, False),
        ({"sign": ""}, 1000, False),
    ],
)
def test_a_message_is_believed_when_signed_and_fresh(change, at, genuine):
    signed = MESSAGE | {"sign": signature(MESSAGE, "secret")} | change
    assert is_genuine(signed, "secret", at=at) is genuine
