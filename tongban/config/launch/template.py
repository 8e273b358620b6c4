"""Make the migrated database that test databases are copied from, once per state of the migrations."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from tongban.config.launch import cluster

LOCK = 0x7A67


def name_of_template() -> str:
    """One migrated database per state of the migrations; each test database is a copy of it."""
    digest = hashlib.sha256()
    for path in sorted((cluster.ROOT / "tongban").glob("**/migrations/*.py")):
        digest.update(path.read_bytes())
    digest.update((cluster.ROOT / "requirements.txt").read_bytes())
    return f"template_{digest.hexdigest()[:12]}"


def make(name: str) -> None:
    """Leave a template alone if it is there; else migrate into a fresh database and name it so when it is whole."""
    here = os.environ.get("DATABASE_URL") or cluster.url()
    with psycopg.connect(here, autocommit=True) as server:
        server.execute("select pg_advisory_lock(%s)", [LOCK])
        names = [row[0] for row in server.execute("select datname from pg_database")]
        if name in names:
            return
        for old in names:
            if old.startswith("template_"):
                server.execute(SQL("drop database if exists {}").format(Identifier(old)))
        fresh = f"template_building_{os.getpid()}"
        server.execute(SQL("create database {}").format(Identifier(fresh)))
        environment = {**os.environ, "DATABASE_URL": urlsplit(here)._replace(path=f"/{fresh}").geturl()}
        subprocess.run([sys.executable, "-m", "tongban", "migrate", "-v0"], env=environment, check=True)
        server.execute(SQL("alter database {} rename to {}").format(Identifier(fresh), Identifier(name)))


if __name__ == "__main__":
    make(sys.argv[1])
