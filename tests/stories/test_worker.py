"""A worker is killed in the middle of its job: nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from urllib.parse import urlsplit

import pytest
from django.db import connection

from tongban.config.launch.cluster import ROOT
from tongban.foundation.kernel.later import defer


def status_of(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status::text from procrastinate_jobs where id = %s", [job_id])
        return cursor.fetchone()[0]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_workers_job_is_done_by_the_next(settings):
    """A worker is killed in the middle of a job; the next one finishes it."""
    here = urlsplit(settings.DATABASE_URL)._replace(path="/" + connection.settings_dict["NAME"])
    environment = {**os.environ, "DATABASE_URL": here.geturl()}
    job = defer("tests.sleep")
    program = "import asyncio; from tests.stories.sleeper import worker; asyncio.run(worker.work())"
    first = subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=ROOT)
    _wait_for(job, "doing")
    first.send_signal(signal.SIGKILL)
    first.wait()
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_workers set last_heartbeat = last_heartbeat - interval '2 minutes'")
    second = subprocess.Popen([sys.executable, "-c", program], env={**environment, "AWAKE": "1"}, cwd=ROOT)
    try:
        _wait_for(job, "succeeded")
    finally:
        second.terminate()
        assert second.wait(30) == 0
        with connection.cursor() as cursor:
            cursor.execute("truncate procrastinate_jobs, procrastinate_workers cascade")


def _wait_for(job: int, status: str) -> None:
    for _ in range(150):
        if status_of(job) == status:
            return
        time.sleep(0.2)
    raise AssertionError(f"job {job} is {status_of(job)}, not {status}")
