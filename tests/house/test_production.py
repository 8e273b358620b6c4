"""A real city does not start with what only a demo may have, and says all of it at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tongban.config import production

ROOT = Path(__file__).resolve().parents[2]
GOOD = dict.fromkeys(production.SECRETS, "x" * production.SHORTEST)


def fit(settings: Any) -> None:
    settings.DEMO_CITY, settings.DEBUG, settings.HTTPS, settings.FILE_SCANNER = (
        False,
        False,
        True,
        "clamd://127.0.0.1:3310",
    )


def test_what_is_fit_may_start_and_each_fault_is_named(settings: Any) -> None:
    fit(settings)
    assert production.faults(GOOD) == []
    for name, value, word in (
        ("DEMO_CITY", True, "TONGBAN_DEMO"),
        ("DEBUG", True, "TONGBAN_DEBUG"),
        ("HTTPS", False, "TONGBAN_HTTPS"),
        ("FILE_SCANNER", "pretend", "TONGBAN_FILE_SCANNER"),
    ):
        fit(settings)
        setattr(settings, name, value)
        assert [word in fault for fault in production.faults(GOOD)] == [True]
    fit(settings)
    assert "TONGBAN_DATA_KEY" in production.faults({**GOOD, "TONGBAN_DATA_KEY": "CHANGE"})[0]


def test_the_server_does_not_start_and_says_why() -> None:
    environment = {**os.environ, "TONGBAN_PRODUCTION": "1", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-c", "import tongban.config.wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "TONGBAN_HTTPS must be 1" in done.stderr
    assert "TONGBAN_SECRET" in done.stderr
