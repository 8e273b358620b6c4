"""Tests run on a PostgreSQL cluster of their own in `.data/test`, unless DATABASE_URL names a server; `make run` is not disturbed."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent
os.environ.setdefault("TONGBAN_HOME", str(ROOT / ".data" / "test"))
os.environ["TONGBAN_TESTING"] = "1"

from tongban.config.launch import cluster  # noqa: E402  (it reads the two lines above)


def template_name() -> str:
    """One migrated database per state of the migrations; each test database is a copy of it."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "tongban").glob("**/migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((ROOT / "requirements.txt").read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


def make_template(name: str) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "tongban.config.launch.template", name], capture_output=True, text=True, cwd=ROOT
    )
    assert made.returncode == 0, made.stderr


def pytest_configure() -> None:
    os.environ["TONGBAN_TEST_TEMPLATE"] = template_name()
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if not os.environ.get("DATABASE_URL"):
        cluster.start()
        fonts = cluster.home() / "fonts"
        if not fonts.is_symlink():
            fonts.symlink_to(ROOT / ".data" / "fonts")
    make_template(os.environ["TONGBAN_TEST_TEMPLATE"])
