"""A limit is one for all processes; what was refused stays, and names nobody."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from tongban.foundation.attempts.actions import allow, count, note
from tongban.foundation.attempts.models import Attempt, Window
from tongban.foundation.attempts.queries import attempts, made_since, mark_of
from tongban.foundation.attempts.rules import KINDS, Limit, share_of
from tongban.foundation.kernel.clock import now
from tongban.foundation.kernel.errors import TooMany
from tongban.foundation.kernel.ids import uuid7
from tongban.foundation.kernel.kept import forget_kept


@pytest.fixture(autouse=True)
def limits(settings):
    settings.LIMITS = settings.LIMITS | {"small": Limit(3, 60, ""), "large": Limit(400, 60, "")}


@given(st.integers(min_value=1, max_value=10**9))
def test_a_share_is_some_of_the_limit(calls: int) -> None:
    share = share_of(Limit(calls, 60, ""))
    assert 1 <= share <= max(calls // 100, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(("limit", "most"), [("small", 3), ("large", 400)])
def test_so_many_and_no_more(limit: str, most: int) -> None:
    counted = [count(limit, "a") for _ in range(most + 2)]
    assert [one.is_over for one in counted] == [False] * most + [True] * 2
    assert [one.left for one in counted[:3]] == [most - 1, most - 2, most - 3]
    assert not count(limit, "b").is_over


@pytest.mark.django_db
def test_a_busy_caller_costs_a_statement_every_hundredth_call(django_assert_num_queries) -> None:
    with django_assert_num_queries(5):
        for _ in range(20):
            count("large", "a")
    for _ in range(400):
        count("large", "a")
    with django_assert_num_queries(0):
        assert count("large", "a").is_over


@pytest.mark.django_db
def test_a_window_ends() -> None:
    for _ in range(4):
        last = count("small", "a")
    assert last.is_over
    forget_kept()
    with time_machine.travel(now() + timedelta(seconds=61)):
        assert count("small", "a").calls == 1


@pytest.mark.django_db
def test_whoever_is_over_is_refused_and_noted_without_his_address() -> None:
    for _ in range(3):
        allow("small", "192.0.2.7")
    with pytest.raises(TooMany):
        allow("small", "192.0.2.7")
    noted = Attempt.objects.get()
    assert (noted.kind, noted.route, noted.address) == ("limit", "small", mark_of("192.0.2.7"))
    assert "192.0.2.7" not in str(Window.objects.values_list())


def _child(limit: str, calls: int, told: int) -> None:
    connections.close_all()  # a process has a connection of its own
    forget_kept()
    passed = sum(not count(limit, "a").is_over for _ in range(calls))
    os.write(told, f"{passed}\n".encode())
    connections.close_all()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("limit", "most"), [("small", 3), ("large", 400)])
def test_two_processes_share_one_limit(limit: str, most: int) -> None:
    connections.close_all()
    read, told = os.pipe()
    children = []
    for _ in range(2):
        if (child := os.fork()) == 0:
            try:
                _child(limit, most, told)
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    passed = [int(line) for line in os.read(read, 100).split()]
    os.close(read)
    os.close(told)
    assert len(passed) == 2
    assert sum(passed) == most


@pytest.mark.django_db
def test_attempts_are_found_by_account_and_by_address() -> None:
    account, since = uuid7(), now()
    for number in range(4):
        note("sign_in", account_id=account, address=f"192.0.2.{number}")
        note("sign_in", address="198.51.100.1")
    assert [who for who, _at in made_since("sign_in", by="account", since=since)] == [str(account)] * 4
    address = mark_of("198.51.100.1")
    assert len(made_since("sign_in", by="address", since=since)) == 8
    assert [who for who, _at in made_since("sign_in", by="address", since=since, who=address)] == [address] * 4
    assert len(attempts("sign_in", account_id=account, since=since, until=now())) == 4


@pytest.mark.django_db
def test_one_caller_leaves_no_more_than_sixty_a_minute() -> None:
    kept = [note("refused", account_id=None, address="192.0.2.1") for _ in range(70)]
    assert sum(one is not None for one in kept) == 60


def test_only_known_kinds_are_kept() -> None:
    with pytest.raises(ValueError, match="sneeze"):
        note("sneeze")
    assert len(set(KINDS)) == len(KINDS)


@pytest.mark.django_db
@pytest.mark.parametrize("statement", ["update attempts_attempt set route = 'x'", "delete from attempts_attempt"])
def test_what_was_tried_is_neither_changed_nor_deleted(statement: str) -> None:
    note("refused", address="192.0.2.1")
    with pytest.raises(DatabaseError, match="180 days"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
