"""Before any test: the tests' own PostgreSQL cluster runs, holds the template that test databases are copied from, and
the English catalogue is compiled."""

import os
import subprocess
import sys

from django.conf import settings

from tongban.config.launch import cluster, template


def pytest_configure() -> None:
    assert settings.DATABASES  # read first: the settings of tests say where their cluster lies
    if "PYTEST_XDIST_WORKER" in os.environ:
        return
    if not os.environ.get("DATABASE_URL"):
        cluster.start()
        fonts = cluster.home() / "fonts"
        if not fonts.is_symlink():
            fonts.symlink_to(cluster.ROOT / ".data" / "fonts")
    _run("tongban.config.launch.template", template.name_of_template())
    _run("tongban", "language", "compile")


def _run(*command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, text=True, cwd=cluster.ROOT)
    assert done.returncode == 0, done.stderr
