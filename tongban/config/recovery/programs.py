"""PostgreSQL's own programs that copy a cluster and its log, and what a server says of itself."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tongban.config.launch import cluster
from tongban.config.launch.faults import SERVER, LaunchError
from tongban.config.launch.run import die_with_us

from . import faults


@dataclass(frozen=True)
class Server:
    """The server behind a database address."""

    major: int
    system: str
    segment_bytes: int
    user: str


def connect(url: str) -> psycopg.Connection:
    try:
        return psycopg.connect(url, autocommit=True, connect_timeout=10)
    except psycopg.OperationalError as error:
        raise LaunchError(
            "无法连接数据库，请检查 DATABASE_URL 和数据库服务。", f"The database cannot be reached: {error}", SERVER
        ) from error


def server_at(url: str) -> Server:
    asked = """select current_setting('server_version_num')::int / 10000, system_identifier::text,
        (select setting::bigint from pg_settings where name = 'wal_segment_size'), current_user from pg_control_system()"""
    with connect(url) as server:
        row = server.execute(asked).fetchone()
    assert row is not None
    return Server(*row)


def program(name: str, major: int) -> Path:
    """A program of the server's own version, or of a newer one: those can talk to older servers."""
    newer = [at / name for version, at in sorted(cluster.servers().items()) if version >= major]
    found = [path for path in newer if path.exists()]
    if not found:
        raise faults.no_program(name)
    return found[0]


def speak(command: list[str], *, out: int) -> subprocess.Popen[bytes]:
    """Start one of them, speaking English, so that we understand; it does not outlive us, however we end."""
    environment = {**os.environ, "LC_ALL": "C"}
    return subprocess.Popen(
        command, stdout=out, stderr=subprocess.PIPE, env=environment, cwd="/", preexec_fn=die_with_us
    )
