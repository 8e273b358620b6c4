"""What may be withdrawn, and how figures are put together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.office.supervision.rules import Line, lines_of, period, trend, urgency, why_not_withdraw

FINE = {"lamp": "red", "is_open": True, "reason": "系统故障所致，非部门责任", "withdrawn": False}
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({}, []),
        ({"lamp": "yellow"}, []),
        ({"lamp": "warn"}, ["not_lit"]),
        ({"is_open": False}, ["closed"]),
        ({"reason": "系统故障所"}, ["reason_too_short"]),
        ({"reason": "系统故障所致"}, []),
        ({"reason": "长" * 500}, []),
        ({"reason": "长" * 501}, ["reason_too_long"]),
        ({"withdrawn": True}, ["withdrawn_before"]),
        ({"lamp": "green", "reason": ""}, ["not_lit", "reason_too_short"]),
    ],
)
def test_when_a_lamp_may_be_withdrawn(change, codes):
    assert why_not_withdraw(**FINE | change) == codes


def test_rows_counted_apart_are_put_together():
    lines = lines_of(
        "by",
        [
            {"by": "a", "lamp": "red", "stage": "decision", "number": 2, "overdue": 1},
            {"by": "a", "lamp": "green", "stage": "acceptance", "number": 3, "overdue": 0},
        ],
        [{"by": "a", "number": 4, "on_time": 3}, {"by": "b", "number": 1, "on_time": 1}],
        [{"by": "a", "lamp": "red", "number": 1}],
    )
    a, both = lines["a"], lines["a"] + lines["b"]
    assert (a.open, a.lamps["red"], a.stages["decision"], a.overdue, a.on_time_share) == (5, 2, 2, 1, 0.75)
    assert (a.withdrawn["red"], both.closed, both.on_time_share) == (1, 5, 0.8)
    assert Line().on_time_share is None
    assert sorted(lines.values(), key=urgency)[0] is a


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, (TODAY - timedelta(days=29), TODAY)),
        (None, date(2026, 1, 31), (date(2026, 1, 2), date(2026, 1, 31))),
        (date(2027, 1, 1), None, (TODAY, TODAY)),
        (date(2026, 12, 1), date(2026, 12, 31), (TODAY, TODAY)),
        (date(1900, 1, 1), TODAY, (TODAY - timedelta(days=1098), TODAY)),
    ],
)
def test_a_period_is_never_backwards_or_endless(since, until, expected):
    assert period(since, until, today=TODAY) == expected


@given(st.integers(1, 1200), st.dictionaries(st.integers(0, 1200), st.integers(0, 500)))
def test_a_trend_loses_nothing(length, counts):
    since = date(2026, 1, 1)
    until = since + timedelta(days=length - 1)
    days = {since + timedelta(days=n): (number, number // 2) for n, number in counts.items() if n < length}
    bars = trend(days, since, until)
    assert 1 <= len(bars) <= 16
    assert (bars[0].since, bars[-1].until) == (since, until)
    assert sum(bar.closed for bar in bars) == sum(closed for closed, _timely in days.values())
    assert all(0 <= bar.height_on_time <= bar.height <= 100 for bar in bars)
