"""How long after a fact its row stands in a topic store: a real worker follows while facts are written, each with its moment; and how
long a search takes among a million rows, beside the same without its index."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import reduce
from operator import or_
from uuid import uuid4

from django.db import connection
from django.db.models import Q

from tests.load.figures import Figure, milliseconds
from tongban.data.topics.actions import follow
from tongban.data.topics.models import Mark, TopicRow
from tongban.data.topics.queries import Wanted, rows
from tongban.data.topics.rules import STORES
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor, installer

SECONDS = int(os.environ.get("TONGBAN_BENCH_TOPICS", 180))
A_SECOND, LIMIT, PATIENCE = 10, 60.0, 180
PROJECT = "2610-511602-04-01-{:06d}"
ROWS, SEARCH_MS = int(os.environ.get("TONGBAN_BENCH_TOPIC_ROWS", 1_000_000)), 50.0
MADE = """
insert into topics_topicrow (id, store, key, "values", applicant, project, facts, at, made_at)
select gen_random_uuid(), 'cases', 'case:' || md5('searched' || n)::uuid, jsonb_build_object(
    'item', 'item-' || n %% 1000, 'department', md5('office' || n %% 40)::uuid, 'channel', (array['online', 'counter', 'api'])[1 + n %% 3],
    'stage', 'done', 'result', (array['granted', 'refused', 'withdrawn'])[1 + n %% 3], 'project', '2610-511602-04-02-' || n %% 50000,
    'applicant', md5('who' || n %% 300000), 'submitted_at', now() - n * interval '1 second', 'first', 'cases.submitted',
    'last', 'cases.closed', 'last_at', now() - n * interval '1 second'),
  md5('who' || n %% 300000), '2610-511602-04-02-' || n %% 50000, 5, now() - n * interval '1 second', now()
from generate_series(1, %s) n on conflict do nothing
"""


def measure() -> list[Figure]:
    """Every fact is the first of a case of its own, so that its row's `made_at` less the fact's moment is the lag, with nothing between."""
    follow()  # what was there before is in, and none of it is counted
    worker = subprocess.Popen([sys.executable, "-m", "tongban.config.worker"])  # as a city runs it
    try:
        _wait_for_its_first_pass()
        cases = _happen()
        lags = _lags(cases)
    finally:
        worker.terminate()
        worker.wait(timeout=60)
    told = f"{len(cases):,} cases submitted in {SECONDS} s, {A_SECOND} a second, one worker; from the fact's moment to its row's"
    worst, p99, middle = lags[-1], lags[len(lags) * 99 // 100], lags[len(lags) // 2]
    return [
        Figure("fact to row, p50", round(middle, 1), "s", note=told),
        Figure("fact to row, p99", round(p99, 1), "s", LIMIT, note="issue 6: within a minute"),
        Figure("fact to row, greatest", round(worst, 1), "s", LIMIT),
        Figure("p99 to a minute, ratio", round(p99 / LIMIT, 3), "", 1.0),
        Figure("greatest to a minute, ratio", round(worst / LIMIT, 3), "", 1.0),
        Figure("facts without a row", len(cases) - len(lags), "", 0),
        *_searched(),
    ]


def _searched() -> list[Figure]:
    """A page of what words find: rarely, in every third row, never; and the same page by reading rows one after another."""
    with connection.cursor() as cursor:
        if TopicRow.objects.count() < ROWS:
            cursor.execute(MADE, [ROWS])
        cursor.execute("vacuum analyze topics_topicrow")
    desk, found = installer("topics.see"), list[Figure]()
    for words, what in (
        ("2610-511602-04-02-49999", "a project"),
        ("granted", "every third"),
        ("nothing-like-it", "nothing"),
    ):

        def look(words: str = words) -> None:
            rows(actor=desk, store="cases", wanted=Wanted((words,)))

        ours = milliseconds(look, times=40)[20]
        named = [
            f"values__{one.name}__in" for one in STORES["cases"].columns if one.kind not in ("moment", "department")
        ]
        without = TopicRow.objects.filter(reduce(or_, [Q(**{name: [words]}) for name in named]), store="cases")
        peer = milliseconds(lambda rows=without: list(rows.order_by("-at", "-id")[:51]), times=3, warm=1)[1]
        told = f"{ROWS:,} rows; without the index {peer:.1f} ms"
        found.append(Figure(f"search that finds {what}, p50", round(ours, 1), "ms", SEARCH_MS, note=told))
        found.append(Figure(f"search that finds {what}, to the same without index", round(ours / peer, 4), "", 1.5))
    return found


def _wait_for_its_first_pass() -> None:
    """What is measured is how a running worker follows, not how long one takes to start."""
    before, until = Mark.objects.get().until_at, time.monotonic() + PATIENCE
    while Mark.objects.get().until_at == before and time.monotonic() < until:
        time.sleep(1)


def _happen() -> list[str]:
    actor, cases, began = Actor(kind="staff", account_id=uuid4()), list[str](), time.monotonic()
    for number in range(SECONDS * A_SECOND):
        time.sleep(max(0.0, began + number / A_SECOND - time.monotonic()))
        case = f"case:{uuid4()}"
        data = {"item": "construction-permit", "channel": "online", "project": PROJECT.format(number % 500)}
        record("cases.submitted", actor=actor, subject=case, person_id=uuid4(), data=data)
        cases.append(case)
    return cases


def _lags(cases: list[str]) -> list[float]:
    """Seconds, sorted. A lag is waited for three minutes: one that lasts longer is a fact without a row."""
    until = time.monotonic() + PATIENCE
    rows = TopicRow.objects.filter(store="cases", key__in=cases)
    while rows.count() < len(cases) and time.monotonic() < until:
        time.sleep(2)
    return sorted((made - at).total_seconds() for made, at in rows.values_list("made_at", "at"))
