"""Limits and lamps: each legal number at, below and above; what must hold for every date by property."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.clocks.rules import (
    NATURAL_DAYS,
    Calendar,
    Entry,
    Ledger,
    Limit,
    Pause,
    Terms,
    Thresholds,
    add_working_days,
    due_on,
    faults_of_extending,
    faults_of_resuming,
    faults_of_suspending,
    ladder,
    lamp,
    ledger_of,
    merged,
    read,
    working_days_between,
)

from .calendars import CHINA

DAY = timedelta(days=1)
FRIDAY = date(2024, 9, 27)
days = st.dates(date(2024, 1, 1), date(2025, 11, 30))
lengths = st.integers(0, 60)


@pytest.mark.parametrize(
    ("started_on", "limit", "due"),
    [
        ("2024-09-27", 5, "2024-10-10"),  # over a make-up Sunday and the National Day week
        ("2025-01-24", 3, "2025-02-05"),  # Sunday 01-26 is worked, then the Spring Festival
        ("2025-09-26", 10, "2025-10-16"),
        ("2024-02-08", 1, "2024-02-09"),  # 除夕 was a working day in 2024
        ("2024-09-27", 0, "2024-09-27"),
        ("2024-10-01", 0, "2024-10-08"),  # an instant item asked for on a holiday
        ("2024-10-01", 1, "2024-10-08"),  # accepted on a holiday, day one is the next working day
        ("2025-03-03", 20, "2025-03-31"),
    ],
)
def test_the_known_figures_of_working_days(started_on, limit, due):
    assert add_working_days(date.fromisoformat(started_on), limit, CHINA) == date.fromisoformat(due)
    assert due_on(date.fromisoformat(started_on), Limit(limit), CHINA).date == date.fromisoformat(due)


@pytest.mark.parametrize(("year", "worked"), [(2024, 251), (2025, 248)])
def test_a_year_has_the_published_number_of_working_days(year, worked):
    assert working_days_between(date(year - 1, 12, 31), date(year, 12, 31), CHINA) == worked


@pytest.mark.parametrize(
    ("started_on", "limit", "due"),
    [
        (date(2025, 3, 3), 10, date(2025, 3, 13)),
        (date(2025, 3, 5), 10, date(2025, 3, 17)),  # ends on a Saturday: Monday
        (date(2024, 9, 24), 7, date(2024, 10, 8)),  # ends on National Day: the first working day after
        (date(2025, 1, 16), 10, date(2025, 1, 26)),  # ends on a Sunday that is worked
    ],
)
def test_natural_days_run_through_holidays_but_do_not_end_on_one(started_on, limit, due):
    assert due_on(started_on, Limit(limit, NATURAL_DAYS), CHINA).date == due


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "2025-03-10"),
        ([("2025-03-04", "2025-03-07")], "2025-03-13"),  # three working days
        ([("2025-03-04", "2025-03-06"), ("2025-03-05", "2025-03-07")], "2025-03-13"),  # overlapping: three, not four
        ([("2025-03-04", "2025-03-05"), ("2025-03-05", "2025-03-07")], "2025-03-13"),  # one after the other
        ([("2025-03-04", "2025-03-04")], "2025-03-10"),  # resumed on the same day
        ([("2025-03-08", "2025-03-10")], "2025-03-10"),  # a weekend only
        ([("2025-03-20", "2025-03-25")], "2025-03-10"),  # after it was over
        ([("2025-03-04", None)], "2025-03-10"),  # nobody knows yet how long
    ],
)
def test_a_pause_adds_exactly_its_working_days(pauses, due):
    ledger = Ledger(tuple(Pause(*(day and date.fromisoformat(day) for day in pause)) for pause in pauses))
    assert due_on(date(2025, 3, 3), Limit(5), CHINA, ledger).date == date.fromisoformat(due)


def test_an_extension_adds_working_days_to_either_unit():
    assert due_on(date(2025, 3, 3), Limit(20), CHINA, Ledger(extension_days=10)).date == date(2025, 4, 15)
    natural = due_on(date(2025, 3, 3), Limit(10, NATURAL_DAYS), CHINA, Ledger(extension_days=2))
    assert natural.date == date(2025, 3, 17)


@pytest.mark.parametrize(
    ("started_on", "limit", "certain"),
    [
        ("2025-12-15", 9, True),  # ends on Friday, 26 December
        ("2025-12-15", 10, False),  # 29 December waits for the next year's notice
        ("2025-12-29", 5, False),
        ("2026-03-02", 5, False),
        ("2023-12-28", 1, False),
    ],
)
def test_a_year_without_a_notice_is_reckoned_by_the_weekdays_and_flagged(started_on, limit, certain):
    assert due_on(date.fromisoformat(started_on), Limit(limit), CHINA).certain is certain


def test_an_unknown_year_follows_the_weekdays():
    assert due_on(date(2031, 9, 29), Limit(5), CHINA).date == date(2031, 10, 6)
    assert CHINA.known_until == date(2025, 12, 28)
    assert Calendar().known_until is None


@pytest.mark.parametrize(("count", "unit"), [(-1, "1"), (3661, "1"), (5, "3"), (5, "")])
def test_there_is_no_such_limit(count, unit):
    with pytest.raises(ValueError, match="no such limit"):
        Limit(count, unit)


def some_pauses(start: date = date(2024, 1, 1)):
    spans = st.tuples(st.integers(0, 90), st.integers(0, 30))
    return st.lists(
        spans.map(lambda s: Pause(start + timedelta(days=s[0]), start + timedelta(days=s[0] + s[1]))), max_size=5
    )


@given(days, lengths)
def test_a_due_day_is_worked_and_the_count_up_to_it_is_the_limit(start, count):
    due = add_working_days(start, count, CHINA)
    assert CHINA.works(due)
    if count:
        assert working_days_between(start, due, CHINA) == count


@given(days, lengths, lengths)
def test_more_days_never_end_earlier(start, one, other):
    fewer, more = sorted([one, other])
    assert add_working_days(start, fewer, CHINA) <= add_working_days(start, more, CHINA)


@given(days, lengths, lengths)
def test_limits_add_up(start, one, other):
    there = add_working_days(start, one, CHINA)
    if CHINA.works(start):
        assert add_working_days(there, other, CHINA) == add_working_days(start, one + other, CHINA)


@given(days, lengths)
def test_a_later_start_never_ends_earlier(start, count):
    assert add_working_days(start, count, CHINA) <= add_working_days(start + DAY, count, CHINA)


@given(lengths, some_pauses())
def test_pauses_shift_by_the_worked_days_in_them_and_no_more(count, pauses):
    start = date(2024, 1, 2)
    due = due_on(start, Limit(count), CHINA, Ledger(tuple(pauses))).date
    plain = due_on(start, Limit(count), CHINA).date
    paused = {
        day
        for n in range(1, (due - start).days + 1)
        if CHINA.works(day := start + timedelta(days=n)) and any(p.started_on <= day < p.ended_on for p in pauses)
    }
    if count:
        assert working_days_between(plain, due, CHINA) == len(paused)


@given(some_pauses(), st.randoms())
def test_merging_keeps_the_same_days_whatever_the_order(pauses, chance):
    def covered(spans):
        return {p.started_on + timedelta(days=n) for p in spans for n in range((p.ended_on - p.started_on).days)}

    shuffled = list(pauses)
    chance.shuffle(shuffled)
    whole = merged(shuffled)
    assert covered(whole) == covered(pauses)
    assert all(one.ended_on < other.started_on for one, other in itertools.pairwise(whole))


@given(days, st.integers(1, 60), st.integers(0, 400))
def test_lamps_only_climb(start, count, later):
    due = add_working_days(start, count, CHINA)
    order = ["green", "warn", "yellow", "red"]
    seen = [order.index(lamp(start, due, None, start + timedelta(days=n), calendar=CHINA)) for n in (later, later + 1)]
    assert seen == sorted(seen)


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        ("2025-03-03", "green"),
        ("2025-03-21", "green"),  # eight of twenty are left
        ("2025-03-22", "green"),
        ("2025-03-24", "green"),
        ("2025-03-25", "warn"),  # six left: 30 %
        ("2025-04-02", "warn"),  # the last day itself
        ("2025-04-03", "yellow"),
        ("2025-04-10", "yellow"),
        ("2025-04-11", "red"),  # six working days over: 30 % of twenty
    ],
)
def test_the_ladder_of_twenty_days(today, shown):
    start, due = date(2025, 3, 5), date(2025, 4, 2)
    assert working_days_between(start, due, CHINA) == 20
    assert lamp(start, due, None, date.fromisoformat(today), calendar=CHINA) == shown


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        ("2025-03-03", "warn"),  # one working day is left from the first moment
        ("2025-03-04", "warn"),
        ("2025-03-05", "yellow"),
        ("2025-03-06", "red"),  # two working days over, though 30 % were passed before
    ],
)
def test_the_ladder_of_one_day(today, shown):
    assert lamp(date(2025, 3, 3), date(2025, 3, 4), None, date.fromisoformat(today), calendar=CHINA) == shown


def test_the_statutory_limit_is_red_even_when_the_promise_has_just_passed():
    start, due = date(2025, 3, 3), date(2025, 3, 17)
    assert lamp(start, due, due, date(2025, 3, 17), calendar=CHINA) == "warn"
    assert lamp(start, due, due, date(2025, 3, 18), calendar=CHINA) == "red"


def test_faults_light_a_lamp_before_its_day_and_a_stopped_clock_keeps_its_own():
    start, due, early = date(2025, 3, 3), date(2025, 3, 17), date(2025, 3, 4)
    assert lamp(start, due, None, early, calendar=CHINA, faults=["step_late"]) == "yellow"
    assert lamp(start, due, None, early, calendar=CHINA, grave=["unlawful_fee"]) == "red"
    assert lamp(start, due, None, date(2026, 1, 1), calendar=CHINA, ended_on=early) == "green"


def test_a_city_sets_its_own_thresholds():
    strict = Thresholds(warn_percent=50, warn_days=2, red_percent=10, red_days=1)
    steps = ladder(date(2025, 3, 3), date(2025, 3, 17), None, CHINA, thresholds=strict)
    assert (steps.warn_on, steps.red_on) == (date(2025, 3, 10), date(2025, 3, 18))


def test_paused_days_are_no_part_of_the_limit():
    """Ten days with a pause of ten are a limit of ten: three, not six, are 30 % of it."""
    pauses = [Pause(date(2025, 3, 4), date(2025, 3, 18))]
    due = due_on(date(2025, 3, 3), Limit(10), CHINA, Ledger(tuple(pauses))).date
    assert due == date(2025, 3, 31)
    assert ladder(date(2025, 3, 3), due, None, CHINA, pauses=pauses).warn_on == date(2025, 3, 26)


def test_a_ledger_is_read_line_by_line():
    lines = [
        Entry("suspended", date(2025, 3, 4), id=1),
        Entry("suspended", date(2025, 3, 5), id=2),
        Entry("resumed", date(2025, 3, 6), id=3, pause=1),
        Entry("extended", date(2025, 3, 7), id=4, days=10),
    ]
    expected = (Pause(date(2025, 3, 4), date(2025, 3, 6)), Pause(date(2025, 3, 5)))
    assert ledger_of(lines) == Ledger(expected, 10)


TERMS = Terms(date(2025, 3, 3), Limit(5), Limit(20))


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"on": date(2025, 3, 31)}, []),  # the last statutory day
        ({"on": date(2025, 4, 1)}, ["too_late"]),
        ({"days": 0}, ["no_days"]),
        ({"ended_on": date(2025, 3, 4), "days": 0}, ["ended", "no_days"]),
    ],
)
def test_when_a_clock_may_be_extended(change, faults):
    usual = {"on": date(2025, 3, 4), "days": 10, "ended_on": None}
    assert faults_of_extending(read(TERMS, CHINA), **usual | change) == faults


def test_an_extension_is_granted_once():
    extended = read(TERMS, CHINA, Ledger(extension_days=1))
    assert faults_of_extending(extended, on=date(2025, 3, 4), days=1, ended_on=None) == ["already_extended"]


def test_when_a_clock_may_be_suspended_and_resumed():
    assert faults_of_suspending(TERMS, on=date(2025, 3, 3), ended_on=None) == []
    both = faults_of_suspending(TERMS, on=date(2025, 3, 2), ended_on=date(2025, 3, 4))
    assert both == ["ended", "before_start"]
    assert faults_of_resuming([Pause(date(2025, 3, 4))], on=date(2025, 3, 4)) == []
    assert faults_of_resuming([Pause(date(2025, 3, 4))], on=date(2025, 3, 3)) == ["before_suspension"]
    assert faults_of_resuming([], on=date(2025, 3, 3)) == ["not_suspended"]
