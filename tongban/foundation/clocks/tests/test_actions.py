"""Clocks in the database: what is kept, what is refused, what a new calendar moves."""

from __future__ import annotations

import io
import json
import tarfile
from datetime import date

import pytest

from tongban.foundation.audit.models import Fact
from tongban.foundation.clocks import actions, gateways, queries
from tongban.foundation.clocks.errors import CalendarRefused, ClockRefused, NoSuchClock
from tongban.foundation.clocks.models import CalendarDay, Clock, HolidayNotice
from tongban.foundation.kernel.ids import uuid7

CITY = "511602000000"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calendar():
    queries.forget_calendars()
    actions.import_calendar()
    yield
    queries.forget_calendars()


def start(subject="case:1", **terms):
    usual = {
        "started_on": date(2025, 9, 26),
        "promise": (10, "1"),
        "statutory": (20, "1"),
        "division": CITY,
        "kind": "decision",
    }
    return actions.start_clock(subject=subject, **usual | terms)


def test_a_clock_knows_both_due_days_and_its_ladder():
    clock = start()
    assert clock.promise_due_on == date(2025, 10, 16)
    assert clock.statutory_due_on == date(2025, 10, 30)
    assert (clock.warn_on, clock.yellow_on, clock.red_on) == (
        date(2025, 10, 13),
        date(2025, 10, 17),
        date(2025, 10, 21),
    )
    assert clock.certain
    assert start(kind="delivery", statutory=None).statutory_due_on is None


def test_a_subject_has_one_clock_of_a_kind():
    start()
    with pytest.raises(ClockRefused) as refusal:
        start()
    assert [reason.code for reason in refusal.value.reasons] == ["clocks.already_started"]
    assert Clock.objects.count() == 1


def test_starting_a_clock_asks_no_calendar_twice(django_assert_num_queries):
    start()
    with django_assert_num_queries(3):  # the savepoint around the insert
        start("case:2")


def test_a_pause_stands_still_and_then_shifts_both_limits():
    start()
    paper = uuid7()
    still = actions.suspend_clock(
        subject="case:1", kind="decision", on=date(2025, 9, 29), reason="现场核查", document_id=paper, limit_days=2
    )
    assert (still.paused_on, still.pause_due_on) == (date(2025, 9, 29), date(2025, 10, 9))
    assert queries.lamp_of(still, date(2025, 10, 9)) == "green"
    assert queries.lamp_of(still, date(2025, 10, 10)) == "yellow"  # the procedure takes longer than it said
    going = actions.resume_clock(subject="case:1", kind="decision", on=date(2025, 10, 9))
    assert going.paused_on is None
    assert (going.promise_due_on, going.statutory_due_on) == (date(2025, 10, 20), date(2025, 11, 3))
    assert queries.replay(going).promise_due_on == going.promise_due_on
    assert [entry.reason for entry in going.entries.all()] == ["现场核查", ""]


def test_overlapping_pauses_end_one_by_one():
    start()
    hearing, test = uuid7(), uuid7()
    for paper, day in ((hearing, 9), (test, 10)):
        actions.suspend_clock(
            subject="case:1", kind="decision", on=date(2025, 10, day), reason="听证", document_id=paper
        )
    half = actions.resume_clock(subject="case:1", kind="decision", on=date(2025, 10, 11), paused_by=hearing)
    assert half.paused_on == date(2025, 10, 10)
    assert half.promise_due_on == date(2025, 10, 16)
    whole = actions.resume_clock(subject="case:1", kind="decision", on=date(2025, 10, 13), paused_by=test)
    assert (whole.paused_on, whole.promise_due_on) == (None, date(2025, 10, 21))  # 9, 10 and the worked 11 October


def test_an_extension_is_granted_once_and_kept_in_the_ledger():
    start()
    longer = actions.extend_clock(subject="case:1", kind="decision", days=10, reason="案情复杂", on=date(2025, 9, 28))
    assert longer.extension_days == 10
    assert longer.promise_due_on == date(2025, 10, 30)
    with pytest.raises(ClockRefused) as refusal:
        actions.extend_clock(subject="case:1", kind="decision", days=5, reason="", on=date(2025, 9, 29))
    assert [reason.code for reason in refusal.value.reasons] == ["clocks.already_extended"]


def test_a_stopped_clock_keeps_its_lamp_and_takes_nothing_more():
    start()
    actions.suspend_clock(subject="case:1", kind="decision", on=date(2025, 9, 29), reason="检测")
    stopped = actions.stop_clock(subject="case:1", kind="decision", on=date(2025, 10, 9))
    assert (stopped.ended_on, stopped.paused_on) == (date(2025, 10, 9), None)
    assert queries.lamp_of(stopped, date(2026, 5, 1)) == "green"
    assert actions.stop_clock(subject="case:1", kind="decision", on=date(2025, 12, 1)).ended_on == date(2025, 10, 9)
    with pytest.raises(ClockRefused):
        actions.suspend_clock(subject="case:1", kind="decision", on=date(2025, 10, 10), reason="")


def test_what_is_not_timed_cannot_be_stopped():
    with pytest.raises(NoSuchClock):
        actions.stop_clock(subject="case:none", kind="decision", on=date(2025, 10, 9))


def test_the_shipped_notices_agree_with_the_published_days():
    calendar = queries.calendar_of(CITY)
    assert {2025, 2026} <= calendar.known_years
    assert not calendar.works(date(2025, 10, 1))
    assert calendar.works(date(2025, 9, 28))
    assert calendar.works(date(2026, 10, 10))
    assert queries.working_days_between(date(2024, 12, 31), date(2025, 12, 31), calendar) == 248


def test_importing_again_changes_nothing(django_assert_num_queries):
    notices = HolidayNotice.objects.count()
    assert actions.import_calendar() == []
    assert HolidayNotice.objects.count() == notices


def test_the_published_archive_is_read_where_it_is_found(settings):
    folder = settings.DATA_FOLDER / "holidays"
    if not folder.exists():
        pytest.skip("the holiday archive does not lie beside this checkout")
    changed = actions.import_calendar(folder)
    assert changed == list(range(2007, 2025))  # 2025 and 2026 say what we ship; 2027 is still empty
    calendar = queries.calendar_of(CITY)
    assert queries.add_working_days(date(2024, 9, 27), 5, calendar) == date(2024, 10, 10)
    assert 2027 not in calendar.known_years


def packed(year):
    text, whole = json.dumps(year).encode(), io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w:xz") as archive:
        member = tarfile.TarInfo("2030.json")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return whole.getvalue()


@pytest.mark.parametrize(
    "data", [b"not an archive", packed({})[:60], b"\xfd7zXZ\x00" + b"a" * 40, packed([]), packed({"days": 1})]
)
def test_a_broken_archive_is_refused(tmp_path, data):
    (tmp_path / "holiday-cn-2030.tar.xz").write_bytes(data)
    with pytest.raises(CalendarRefused):
        gateways.notices_in(tmp_path)
    assert gateways.notices_in(tmp_path / "nowhere") == []


def test_a_local_day_holds_below_its_division_alone():
    local = HolidayNotice.objects.create(
        division="511600000000", year=2025, version=1, source="市府办通知", imported_at=Fact.objects.first().at
    )
    CalendarDay.objects.create(notice=local, date=date(2025, 3, 31), is_workday=False, name="地方节日")
    queries.forget_calendars()
    assert not queries.calendar_of(CITY).works(date(2025, 3, 31))
    assert queries.calendar_of("510000000000").works(date(2025, 3, 31))


def test_a_new_notice_moves_running_clocks_and_says_so():
    moved = start("case:moved", started_on=date(2026, 12, 28))
    same = start("case:same", started_on=date(2026, 3, 2))
    done = start("case:done", started_on=date(2026, 12, 28))
    actions.stop_clock(subject="case:done", kind="decision", on=date(2026, 12, 29))
    assert not moved.certain
    assert actions.recompute_clocks() == 0
    notice = HolidayNotice.objects.create(
        division=queries.WHOLE_COUNTRY, year=2027, version=1, source="通知", imported_at=Fact.objects.first().at
    )
    CalendarDay.objects.create(notice=notice, date=date(2027, 1, 1), is_workday=False, name="元旦")
    assert actions.recompute_clocks() == 1
    for clock in (moved, same, done):
        clock.refresh_from_db()
    assert (moved.promise_due_on, moved.certain) == (date(2027, 1, 12), True)
    assert same.calendar_stamp == moved.calendar_stamp != done.calendar_stamp
    facts = Fact.objects.filter(name="clocks.recomputed")
    assert [fact.stream for fact in facts] == ["case:moved"]
    assert facts[0].data == {"kind": "decision", "promise_due_on": "2027-01-12"}


def test_a_row_for_a_hot_path_equals_the_row_an_action_writes(django_assert_num_queries):
    terms = {"started_on": date(2025, 9, 26), "promise": (10, "1"), "statutory": (20, "1"), "division": CITY}
    queries.calendar_of(CITY)
    with django_assert_num_queries(0):
        row = queries.clock_row(**terms)
    clock = start()
    assert {name: getattr(clock, name) for name in row} == row
