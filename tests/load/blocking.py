"""How long anybody waits while the house is looked after: clients who read and write all the while, and the longest each of them waited.

`make bench ONLY=blocking` works on the standing city `.data/scale-1m` (made by `make bench ONLY=scale`) and leaves it as it was.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg

from tests.load.figures import Figure

LIMIT = 1.0  # seconds anybody may wait
READERS, WRITERS, REST = 2, 2, 0.005
LOG, ROWS = "bench_log", 300_000


class Clients:
    """Short reads and short writes without end, each on a connection of its own; the longest that any of them has waited."""

    def __init__(self, address: str, statements: list[tuple[str, list[Any]]]) -> None:
        self._address, self._statements = address, statements
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._work, args=(one,)) for one in statements]
        self.waited: list[float] = []
        self._errors: list[psycopg.Error] = []

    def _work(self, statement: tuple[str, list[Any]]) -> None:
        with self._told(), psycopg.connect(self._address, autocommit=True) as link:
            while not self._ended.is_set():
                began = time.monotonic()
                link.execute(*statement)
                self.waited.append(time.monotonic() - began)
                time.sleep(REST)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error as error:
            self._errors.append(error)

    def __enter__(self) -> Clients:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def longest_during(self, work: Callable[[], object]) -> tuple[float, float]:
        """How long the work took, and the longest wait of anybody while it went on and right after."""
        self.waited.clear()
        began = time.monotonic()
        work()
        took = time.monotonic() - began
        time.sleep(0.1)
        if self._errors:
            raise self._errors[0]
        return took, max(self.waited, default=took)


def measure() -> list[Figure]:
    from tests.load.scale_city import make

    make(10**6)
    from tongban.config.launch import cluster

    with _log() as _, Clients(cluster.url(), _busy()) as clients:
        figures = []
        for name, work in _works().items():
            took, waited = clients.longest_during(work)
            note = f"{name} took {took:.1f} s; {len(clients.waited)} statements of others meanwhile"
            figures.append(
                Figure(f"longest wait of anybody during: {name}", round(waited * 1000), "ms", LIMIT * 1000, note=note)
            )
    return figures


def _run(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)


def _busy() -> list[tuple[str, list[Any]]]:
    """Readers of a worklist and of the log, and writers of cases, of the log and of jobs."""
    from tongban.services.cases.models import Case

    case = Case.objects.filter(is_open=True).order_by("urgent_on").first()
    assert case
    return [
        ("select id from cases_case where department_id = %s and is_open order by urgent_on, id limit 51", [case.department_id]),
        (f"select count(*) from (select from {LOG} where at > now() - interval '1 hour' limit 50) as lately", []),
        ("update cases_case set told_at = told_at where id = %s", [case.pk]),
        (f"insert into {LOG} (at, said) values (now(), 'x')", []),
        ("select tongban_defer('bench.nothing', '{}', now() + interval '1 year')", []),
    ]  # fmt: skip


@contextmanager
def _log() -> Iterator[None]:
    """A log in months, the oldest of which is full."""
    from tongban.foundation.kernel.clock import today
    from tongban.foundation.months import gateways
    from tongban.foundation.months.rules import first_of

    _run(f"drop table if exists {LOG} cascade")
    _run(
        f"create table {LOG} (id bigint generated always as identity, at timestamptz not null, said text) partition by range (at)"
    )
    for after in (-2, 0):
        gateways.make(LOG, first_of(today(), after))
    old = f"{first_of(today(), -2):%Y-%m-%d}"
    moment = f"'{old} 12:00+00'::timestamptz + n * interval '1 second'"
    _run(f"insert into {LOG} (at, said) select {moment}, 'x' from generate_series(1, {ROWS}) n")
    try:
        yield
    finally:
        _run(f"drop table {LOG} cascade")
        _run("delete from procrastinate_jobs where task_name = 'bench.nothing'")


def _works() -> dict[str, Callable[[], object]]:
    """What is done to a house that runs, by name."""
    from tongban.foundation.kernel.clock import today
    from tongban.foundation.months import gateways
    from tongban.foundation.months.actions import archive
    from tongban.foundation.months.rules import Monthly, first_of
    from tongban.foundation.tasks.actions import prune_finished_jobs
    from tongban.services.cases.actions import count_open, refresh_lamps

    def patiently(sql: str) -> Callable[[], None]:
        return lambda: gateways.without_standing_in_the_way(lambda: _run(sql))

    def put_away() -> None:
        archive(Monthly(LOG, "at", 1), gateways.parts_of(LOG)[0])

    def prune() -> None:
        _run(
            "with made as (insert into procrastinate_jobs (queue_name, task_name, args, status) "
            "select 'default', 'bench.nothing', '{}', 'succeeded' from generate_series(1, 20000) returning id) select count(*) from made"
        )
        _run(
            "delete from procrastinate_events e using procrastinate_jobs j where j.id = e.job_id and j.task_name = 'bench.nothing'"
        )
        prune_finished_jobs()

    return {
        "a column more": patiently("alter table cases_case add column bench_more int not null default 1"),
        "a column less": patiently("alter table cases_case drop column bench_more"),
        "an index made": lambda: _run("create index concurrently bench_index on cases_case (accepted_at)"),
        "an index dropped": lambda: _run("drop index concurrently bench_index"),
        "a constraint": patiently("alter table cases_case add constraint bench_check check (correction_count >= 0) not valid"),
        "its validation": lambda: _run("alter table cases_case validate constraint bench_check"),
        "the constraint dropped": patiently("alter table cases_case drop constraint bench_check"),
        "a month made": lambda: gateways.make(LOG, first_of(today(), 1)),
        f"a month of {ROWS} rows archived": put_away,
        "20000 jobs cleared": prune,
        "lamps of the day after tomorrow": lambda: refresh_lamps(today() + timedelta(days=2)),
        "lamps of today": refresh_lamps,
        "open cases counted": count_open,
        "vacuum": lambda: _run("vacuum (analyze) cases_case"),
    }  # fmt: skip
