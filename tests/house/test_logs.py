"""Logs are JSON lines, tie together by request, and hide what looks personal."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from tongban.config.launch.cluster import ROOT
from tongban.config.settings.logs import hide_personal

PROGRAM = """
import django, logging, os
os.environ["DJANGO_SETTINGS_MODULE"] = "tongban.config.settings"
django.setup()
try:
    raise ValueError("no such person: 11010519491231002X, 13800138000")
except ValueError:
    logging.getLogger("tongban.tests").exception("failed for %s", "li@example.com")
"""


def test_a_log_line_is_json_and_hides_what_an_exception_carries() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, capture_output=True, text=True, check=True)
    line = json.loads(done.stdout)
    assert line["level"] == "error"
    assert line["event"] == "failed for ***"
    assert line["broke"] == "builtins.ValueError"
    assert "no such person" not in done.stdout


@pytest.mark.parametrize("kept", ["20260101120000", "01a1fd2f2cfa77ec8a0b639c4928aafb", "case 0001", "1380013800"])
def test_numbers_that_are_nobodys_stay(kept: str) -> None:
    assert hide_personal(None, "", {"event": kept}) == {"event": kept}


def test_a_developer_reads_text_with_the_whole_traceback() -> None:
    environment = {**os.environ, "TONGBAN_DEBUG": "1"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "[error" in done.stdout
    assert "ValueError: no such person: ***, ***" in done.stdout


def test_an_answer_bears_the_number_of_its_request(client, db) -> None:
    one, other = (client.get("/health/live").headers["X-Request-Id"] for _ in range(2))
    assert len(one) == 32
    assert one != other
    assert logging.getLogger("tongban.request").getEffectiveLevel() <= logging.WARNING
