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


def fit(settings: Any, folder: Path) -> None:
    made = "openssl genpkey -algorithm SM2 | openssl pkey -pubout -out release.pem"
    subprocess.run(["bash", "-c", made], check=True, cwd=folder, capture_output=True)
    settings.RELEASE_KEY = str(folder / "release.pem")
    settings.DEMO_CITY, settings.DEBUG, settings.HTTPS, settings.FILE_SCANNER = (
        False,
        False,
        True,
        "clamd://127.0.0.1:3310",
    )


def test_what_is_fit_may_start_and_each_fault_is_named(settings: Any, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(production, "altered", list)
    fit(settings, tmp_path)
    assert production.faults(GOOD) == []
    for name, value, word in (
        ("DEMO_CITY", True, "TONGBAN_DEMO"),
        ("DEBUG", True, "TONGBAN_DEBUG"),
        ("HTTPS", False, "TONGBAN_HTTPS"),
        ("FILE_SCANNER", "pretend", "TONGBAN_FILE_SCANNER"),
        ("RELEASE_KEY", "", "TONGBAN_RELEASE_KEY"),
        ("RELEASE_KEY", str(tmp_path), "TONGBAN_RELEASE_KEY"),
    ):
        fit(settings, tmp_path)
        setattr(settings, name, value)
        assert [word in fault for fault in production.faults(GOOD)] == [True]
    fit(settings, tmp_path)
    assert "TONGBAN_DATA_KEY" in production.faults({**GOOD, "TONGBAN_DATA_KEY": "CHANGE"})[0]


def test_the_server_does_not_start_and_says_why() -> None:
    environment = {**os.environ, "TONGBAN_PRODUCTION": "1", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-c", "import tongban.config.wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode != 0
    assert "TONGBAN_HTTPS must be 1" in done.stderr
    assert "TONGBAN_SECRET" in done.stderr
