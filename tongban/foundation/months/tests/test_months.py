"""Months are made ahead, go into a checked file when they are over, and come back as they were."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from tongban.foundation.audit.queries import last_fact
from tongban.foundation.kernel.clock import today
from tongban.foundation.months import gateways
from tongban.foundation.months.actions import archive, bring_back, make_ahead
from tongban.foundation.months.errors import MonthDamaged, NoSuchMonth
from tongban.foundation.months.queries import archived, months_of
from tongban.foundation.months.rules import Month, Monthly, first_of, is_over, month_in, months_wanted, name_of

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
LOG = Monthly("a_log", "at", 180)


@pytest.mark.parametrize(("day", "after", "month"), [("2026-03-31", 0, MARCH), ("2026-12-05", 1, date(2027, 1, 1))])
def test_months_follow_one_another(day: str, after: int, month: date) -> None:
    assert first_of(date.fromisoformat(day), after) == month
    assert month_in("a_log", name_of("a_log", month)) == month
    assert len(list(months_wanted(month))) == 13


@pytest.mark.parametrize("name", ["a_log_y2026m13", "a_log_yonder", "a_blog_y2026m01"])
def test_other_tables_are_no_months(name: str) -> None:
    assert month_in("a_log", name) is None


@pytest.mark.parametrize(("moment", "over"), [("2026-09-27T23:59:59", False), ("2026-09-28T00:00:00", True)])
def test_a_month_is_over_when_its_last_row_is(moment: str, over: bool) -> None:
    month = Month("a_log", "a_log_y2026m03", MARCH)
    assert is_over(month, 180, datetime.fromisoformat(moment).replace(tzinfo=UTC)) is over


@pytest.fixture
def log(transactional_db: None) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute(
            "create table a_log (id int not null, at timestamptz not null, said jsonb) partition by range (at)"
        )
        for month in (MARCH, APRIL):
            gateways.make("a_log", month)
        cursor.execute(
            "insert into a_log select n, '2026-03-05'::timestamptz + n * interval '1 day', jsonb_build_object('n', n) "
            "from generate_series(1, 40) n"
        )
        yield
        cursor.execute("drop table a_log")
    for month in archived("a_log"):
        default_storage.delete(gateways.file_of("a_log", month))


def _rows() -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("select id, said ->> 'n' from a_log order by id")
        return list(cursor.fetchall())


def test_a_month_goes_and_comes_back(log: None, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = _rows()
    with monkeypatch.context() as broken:
        broken.setattr(gateways, "read", lambda file: (-1, ""))
        with pytest.raises(MonthDamaged):
            archive(LOG, months_of("a_log")[0])
    loose = months_of("a_log")[0]
    assert (loose.month, loose.is_attached) == (MARCH, False), "broken off: nothing is lost, and it is taken up"
    archive(LOG, loose)
    assert ([one.month for one in months_of("a_log")], archived("a_log")) == ([APRIL], [MARCH])
    assert _rows() == whole[26:]
    fact, file = last_fact("month:a_log-2026-03"), gateways.file_of("a_log", MARCH)
    assert fact is not None
    assert fact.data["rows"] == 26
    with default_storage.open(file) as kept:
        content = kept.read()
    _put(file, b"{}")
    with pytest.raises(MonthDamaged):
        bring_back(LOG, MARCH)
    _put(file, content)
    assert bring_back(LOG, MARCH) == 26
    assert _rows() == whole
    with pytest.raises(NoSuchMonth):
        bring_back(LOG, MARCH)


def _put(file: str, content: bytes) -> None:
    default_storage.delete(file)
    default_storage.save(file, ContentFile(content))


@pytest.mark.django_db
def test_what_was_tried_lies_in_months_a_year_ahead() -> None:
    months = [one.month for one in months_of("attempts_attempt")]
    assert first_of(today()) in months
    make_ahead()
    assert set(months_wanted(today())) <= {one.month for one in months_of("attempts_attempt")}
    assert make_ahead() == 0
