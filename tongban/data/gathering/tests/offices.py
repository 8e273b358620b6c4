"""A department's own database of each kind, real: PostgreSQL, MariaDB as Debian has it, a SQLite file. All say and suffer the same."""

from __future__ import annotations

import getpass
import socket
import sqlite3
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from time import sleep
from typing import Any

import duckdb
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tongban.data.lake.gateways import catalogue, load
from tongban.foundation.kernel.quoting import literal

PORTABLE = "create table {people} (id bigint primary key, xm {text}, csrq {text}, changed bigint)"


class Office(ABC):
    """One with a table `people` (id, xm, csrq, changed). Statements say `{people}` for it and `{text}` for a short text."""

    kind, text = "", "text"
    place: dict[str, Any]
    secret: dict[str, Any]
    table: str

    def run(self, statement: str) -> None:
        self.asked(statement.replace("{people}", self.table).replace("{text}", self.text))

    def put(self, *rows: Sequence[Any]) -> None:
        for row in rows:
            self.run(f"insert into {{people}} values ({', '.join(self.said(value) for value in row)})")

    def said(self, value: Any) -> str:
        return literal(value) if isinstance(value, str) else "null" if value is None else str(value)

    @abstractmethod
    def asked(self, statement: str) -> None:
        """Run as the office's own hand."""

    @abstractmethod
    def locked(self) -> AbstractContextManager[None]:
        """Nobody else reads the table."""

    @abstractmethod
    def dies(self) -> None:
        """Whoever is connected is thrown out, and nobody comes in until it `lives`."""

    @abstractmethod
    def lives(self) -> None:
        """It answers again."""


class PostgreSQLOffice(Office):
    kind = "postgresql"

    def __init__(self, schema: str) -> None:
        self.schema, self.table = schema, f"{schema}.people"
        self.beside = psycopg.connect(catalogue(), autocommit=True)
        known = conninfo_to_dict(catalogue())
        self.place = {name: str(known[name]) for name in ("host", "port", "dbname") if known.get(name)}
        self.secret = {"user": schema, "password": "geheim"}
        self.asked(f"create role {schema} login password 'geheim'")
        self.asked(f"create schema {schema} authorization {schema}")
        self.asked(f"alter default privileges in schema {schema} grant select on tables to {schema}")

    def asked(self, statement: str) -> None:
        self.beside.execute(statement)  # type: ignore[call-overload]

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self.beside.transaction():
            self.run("lock table {people} in access exclusive mode")
            yield

    def dies(self) -> None:
        self.asked(f"alter role {self.schema} nologin")
        self.asked(f"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{self.schema}'")

    def lives(self) -> None:
        self.asked(f"alter role {self.schema} login")

    def close(self) -> None:
        self.asked(f"drop schema {self.schema} cascade")
        self.asked(f"drop owned by {self.schema}")
        self.asked(f"drop role {self.schema}")
        self.beside.close()


class SQLiteOffice(Office):
    kind, table = "sqlite", "main.people"

    def __init__(self, inbox: Path) -> None:
        self.path = inbox / "office.db"
        self.place, self.secret = {"path": "office.db"}, {}

    def asked(self, statement: str) -> None:
        with closing(sqlite3.connect(self.path)) as made, made:
            made.execute(statement)

    @contextmanager
    def locked(self) -> Iterator[None]:
        said = (
            "import sqlite3, sys; made = sqlite3.connect(sys.argv[1], isolation_level=None); "
            "made.execute('begin exclusive'); print(1, flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", said, str(self.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as other:  # a process of its own: what one process locks, it does not lock out itself
            assert other.stdin
            assert other.stdout
            other.stdout.readline()
            yield
            other.stdin.close()

    def dies(self) -> None:
        self.path.rename(self.path.with_suffix(".away"))

    def lives(self) -> None:
        self.path.with_suffix(".away").rename(self.path)


class MariaDBOffice(Office):
    """A server of our own in a folder, its first account and database made as it starts. No client is needed but DuckDB."""

    kind, text, table = "mysql", "varchar(200)", "office.people"
    PROGRAM, SYSTEM = Path("/usr/sbin/mariadbd"), Path("/usr/share/mysql/mysql_system_tables.sql")

    def __init__(self, folder: Path) -> None:
        self.folder, self.process = folder, None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.place = {"host": "127.0.0.1", "port": str(self.port), "database": "office"}
        self.secret = {"user": "steward", "password": "geheim"}
        (folder / "data").mkdir()
        (folder / "first.sql").write_text(
            "create database if not exists office character set utf8mb4;\n"
            "create user if not exists steward@'%' identified by 'geheim';\n"
            "grant select on office.* to steward@'%';\n"
            "create user if not exists owner@'%' identified by 'geheim';\ngrant all on *.* to owner@'%';\n"
        )
        made = f"create database mysql;\nuse mysql;\n{self.SYSTEM.read_text()}"
        subprocess.run([*self._command, "--bootstrap"], input=made, text=True, check=True, capture_output=True)
        self.lives()

    def said(self, value: Any) -> str:
        return super().said(value).replace("\\", "\\\\")

    @property
    def _command(self) -> list[str]:
        mine = ["--no-defaults", f"--user={getpass.getuser()}", f"--datadir={self.folder / 'data'}"]
        # 2: what is committed is with the system at once, so killing the process (`dies`) costs no row of the office's own
        return [str(self.PROGRAM), *mine, "--innodb-buffer-pool-size=16M", "--innodb-flush-log-at-trx-commit=2"]

    def lives(self) -> None:
        where = [f"--port={self.port}", "--bind-address=127.0.0.1", f"--socket={self.folder / 'socket'}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(  # type: ignore[assignment]
                [*self._command, *where, f"--init-file={self.folder / 'first.sql'}"], stdout=log, stderr=log
            )
        for _ in range(600):
            try:
                return self.asked("select 1")
            except duckdb.IOException:
                sleep(0.1)
        raise AssertionError((self.folder / "log").read_text()[-2000:])

    def dies(self) -> None:
        self.process.kill()  # type: ignore[attr-defined]
        self.process.wait()  # type: ignore[attr-defined]

    def close(self) -> None:
        self.dies()

    def asked(self, statement: str) -> None:
        with self._owner() as owner:
            owner.execute("call mysql_execute('office', $1)", [statement])

    @contextmanager
    def locked(self) -> Iterator[None]:
        with self._owner() as owner:
            owner.execute("begin")
            owner.execute("call mysql_execute('office', 'lock tables office.people write')")
            yield

    @contextmanager
    def _owner(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with duckdb.connect() as duck:
            load(duck, "mysql_scanner")
            way = f"host=127.0.0.1 port={self.port} user=owner password=geheim database=office"
            duck.execute(f"attach '{way}' as office (type mysql)")
            yield duck


@pytest.fixture(scope="session")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MariaDBOffice]:
    if not MariaDBOffice.PROGRAM.exists():
        pytest.skip("MariaDB is absent (Debian package mariadb-server-core)")
    server = MariaDBOffice(tmp_path_factory.mktemp("mariadb"))
    yield server
    server.close()
