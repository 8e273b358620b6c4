"""How long after a fact its row stands in a topic store: a real worker follows while facts are written, each with its moment."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from uuid import uuid4

from tests.load.figures import Figure
from tongban.data.topics.actions import follow
from tongban.data.topics.models import Mark, TopicRow
from tongban.foundation.audit.actions import record
from tongban.foundation.kernel.actors import Actor

SECONDS = int(os.environ.get("TONGBAN_BENCH_TOPICS", 180))
A_SECOND, LIMIT, PATIENCE = 10, 60.0, 180
PROJECT = "2610-511602-04-01-{:06d}"


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
    ]


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
