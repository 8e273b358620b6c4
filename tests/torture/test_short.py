"""Two rounds of the whole, as `make torture` runs it: the checker finds nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from tongban.config.launch import cluster
from tongban.config.launch.template import name_of_template

SEED = "1745"  # the database server dies while connections are cut, then a web process: what costs the machine least


@pytest.fixture
def dump(tmp_path: Path) -> Iterator[str]:
    """The migrated template of the tests' cluster, so that the house under torture need not migrate anew."""
    url = os.environ.get("DATABASE_URL") or cluster.url()
    name, path = f"dumped_{os.getpid()}", tmp_path / "template.sql"
    with psycopg.connect(url, autocommit=True) as server:
        # A copy: nobody may look into a template while others copy it.
        server.execute(SQL("create database {} template {}").format(Identifier(name), Identifier(name_of_template())))
        address = urlsplit(url)._replace(path=f"/{name}").geturl()
        subprocess.run([str(cluster.binaries() / "pg_dump"), "-f", str(path), address], check=True)
        yield str(path)
        server.execute(SQL("drop database {} with (force)").format(Identifier(name)))


@pytest.mark.slow
def test_two_rounds_of_blows_lose_nothing(dump: str) -> None:
    options = ["--rounds", "2", "--seed", SEED, "--citizens", "3", "--workers", "1"]
    command = [sys.executable, "-m", "tests.torture", *options]
    environment = {**os.environ, "TONGBAN_WEB_WORKERS": "1", "TONGBAN_TORTURE_DUMP": dump}
    done = subprocess.run(command, cwd=cluster.ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-3000:]
    assert "**No fault found.**" in done.stdout
