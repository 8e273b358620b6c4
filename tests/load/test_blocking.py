"""What looks after the house is in nobody's way, and the scales that say so see who is."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.load.blocking import Clients
from tongban.foundation.months import gateways
from tongban.services.cases.actions import refresh_lamps
from tongban.services.cases.models import Case
from tongban.services.cases.tests.factories import make_case, make_office


@pytest.fixture
def address(django_db_setup: None) -> str:
    given: dict[str, Any] = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return psycopg.conninfo.make_conninfo(**{name: given[name] for name in names if given.get(name)})


@pytest.fixture
def log(address: str) -> Iterator[str]:
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("create table some_log (id int, at timestamptz not null) partition by range (at)")
        link.execute(
            "create table some_log_y2026m03 partition of some_log for values from ('2026-03-01') to ('2026-04-01')"
        )
    yield "some_log"
    with psycopg.connect(address, autocommit=True) as link:
        link.execute("drop table some_log cascade")


def test_who_stands_in_the_way_is_seen(log: str, address: str) -> None:
    def stand_in_the_way() -> None:
        with psycopg.connect(address) as other:
            other.execute(f"lock table {log}")
            time.sleep(0.3)

    with Clients(address, [(f"select from {log} limit 1", [])]) as clients:
        time.sleep(0.1)
        assert clients.longest_during(stand_in_the_way)[1] > 0.25


def test_a_month_is_made_beside_those_who_read_and_write(log: str, address: str, db: None) -> None:
    with psycopg.connect(address) as other:
        other.execute(f"insert into {log} values (1, '2026-03-02')")  # and does not commit
        gateways.make(log, date(2026, 4, 1))  # nor does this
        with psycopg.connect(address, autocommit=True, options="-c lock_timeout=100ms") as third:
            third.execute(f"insert into {log} values (2, '2026-03-03')")
            third.execute(f"select count(*) from {log}")


@pytest.mark.django_db(transaction=True)
def test_lamps_pass_by_a_case_in_hand(transactional_db: None, address: str) -> None:
    office = make_office()
    held, free = make_case(office), make_case(office)
    Case.objects.update(lamp="red")
    with psycopg.connect(address) as other:
        other.execute("select from cases_case where id = %s for update", [held.pk])
        with connection.cursor() as cursor:
            cursor.execute("set lock_timeout = '100ms'")
        try:
            assert refresh_lamps() == 1
        finally:
            with connection.cursor() as cursor:
                cursor.execute("reset lock_timeout")
    assert set(Case.objects.exclude(lamp="red").values_list("pk", flat=True)) == {free.pk}
    assert refresh_lamps() == 1
