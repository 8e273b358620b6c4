"""Windows, due moments, and what has changed in a shape."""

from datetime import UTC, datetime, time

import pytest

from tongban.data.gathering.rules import (
    Change,
    Damage,
    changes,
    damage,
    is_elsewhere,
    is_open,
    kept_secret,
    needs_asking,
    next_due,
    said_anew,
)


@pytest.mark.parametrize(
    ("moment", "opens", "closes", "said"),
    [
        (time(3), None, None, True),
        (time(3), time(1), time(5), True),
        (time(5), time(1), time(5), False),
        (time(1), time(1), time(5), True),
        (time(23, 30), time(22), time(4), True),
        (time(3, 59), time(22), time(4), True),
        (time(12), time(22), time(4), False),
    ],
)
def test_a_window_may_go_over_midnight(moment: time, opens: time | None, closes: time | None, said: bool) -> None:
    assert is_open(moment, opens, closes) is said


def test_due_is_always_later() -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert next_due(noon, time(13)) == datetime(2026, 11, 22, 13, tzinfo=UTC)
    assert next_due(noon, time(12)) == datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert next_due(noon, time(1)) == datetime(2026, 11, 23, 1, tzinfo=UTC)


def test_a_new_column_is_told_and_one_in_use_that_changed_is_asked_about() -> None:
    agreed = {"id": "BIGINT", "xm": "VARCHAR", "old": "DATE"}
    found = {"id": "BIGINT", "xm": "INTEGER", "new": "DATE"}
    seen = changes(agreed, found)
    assert seen == [
        Change("gone", "old", "DATE"),
        Change("type", "xm", "VARCHAR", "INTEGER"),
        Change("new", "new", now="DATE"),
    ]
    assert needs_asking(seen, ["id", "xm"])
    assert needs_asking(seen, ["old"])
    assert not needs_asking(seen, ["id", "new"])
    assert changes(agreed, dict(reversed(agreed.items()))) == []


@pytest.mark.parametrize(
    ("every", "day", "due"),
    [
        ("hour", 0, datetime(2026, 11, 22, 12, 30, tzinfo=UTC)),
        ("day", 0, datetime(2026, 11, 23, 1, 30, tzinfo=UTC)),
        ("week", 7, datetime(2026, 11, 29, 1, 30, tzinfo=UTC)),
        ("week", 1, datetime(2026, 11, 23, 1, 30, tzinfo=UTC)),
        ("month", 22, datetime(2026, 12, 22, 1, 30, tzinfo=UTC)),
        ("month", 31, datetime(2026, 11, 30, 1, 30, tzinfo=UTC)),
    ],
)
def test_how_often_a_job_is_due(every: str, day: int, due: datetime) -> None:
    assert next_due(datetime(2026, 11, 22, 12, 15, tzinfo=UTC), time(1, 30), every, day) == due  # a Sunday


def test_what_is_left_empty_of_a_secret_stays_and_nothing_is_said_elsewhere() -> None:
    before = {"user": "steward", "key": "of old"}
    assert kept_secret(before, {"user": "", "password": "", "key": ""}) == before
    assert kept_secret(before, {"user": "other"}) == {"user": "other", "key": "of old"}
    assert kept_secret(before, {"password": "new"}) == {"user": "steward", "password": "new"}
    assert not said_anew(before, {"user": "other"})
    assert said_anew(before, {"password": "new"})
    place = {"host": "a.example", "port": "22", "folder": "out"}
    assert not is_elsewhere(place, place | {"folder": "in"})
    assert is_elsewhere(place, place | {"host": "b.example"})


def test_where_a_damaged_row_stood_is_told_to_all_and_what_it_says_to_some() -> None:
    assert damage("3: 2,王芳", whole=True) == Damage(3, text="2,王芳")
    assert damage("3: 2,王芳", whole=False) == Damage(3)
    assert damage("花名册 一!C2 花名册 一!D2", whole=False) == Damage(cells="花名册 一!C2 花名册 一!D2")
    assert damage('{"id": "王芳!A1"}', whole=False) == Damage()
