"""Databases of departments: DuckDB carries our statement to the server, which runs it by its own indexes. Never written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway
from tongban.data.lake.queries import PARQUET
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.quoting import literal, quoted

from .faults import told
from .reach import address_of, answers, below
from .reading import Page, Reader, Table

LOCK_SECONDS = 30  # a table that is locked longer is asked again later
HIDDEN = ("information_schema", "pg_catalog", "pg_toast", "mysql", "performance_schema", "sys")


class Database(Reader):
    """One attached as `source`, read-only. Every value comes as text, so that no reader's idea of a type comes between."""

    kind, mark = "", "'"

    def open(self) -> None:
        self.duck.execute(f"attach {literal(self.where())} as source (type {self.kind}, read_only{self.manner()})")

    def manner(self) -> str:
        """What else is said of the connection."""
        return ""

    def where(self) -> str:
        """As libpq writes it; MySQL's reader takes the same form, with quotation marks of its own."""
        known = {**self.place, **self.reached(), **self.secret}
        return " ".join(f"{name}={self.kept(str(value))}" for name, value in known.items() if value not in ("", None))

    def kept(self, value: str) -> str:
        """A value as it stands in the way to a server."""
        escaped = value.replace("\\", "\\\\").replace(self.mark, f"\\{self.mark}")
        return f"{self.mark}{escaped}{self.mark}"

    def reached(self) -> dict[str, str]:
        """What is said beside the place of how to reach it, the address looked at included."""
        address_of(str(self.place["host"]), int(self.place.get("port") or 0))
        return {}

    def name(self, name: str) -> str:
        """A name as this server writes it."""
        return quoted(name)

    def text(self, name: str) -> str:
        """A column's value as text."""
        return f"cast({self.name(name)} as text)"

    def tables(self) -> list[Table]:
        with told():
            found = self.duck.execute(
                "select schema_name, table_name, estimated_size from duckdb_tables() where database_name = 'source' "
                "union all select schema_name, view_name, null from duckdb_views() where database_name = 'source' order by 1, 2"
            ).fetchall()
        return [Table(f"{schema}.{name}", rows) for schema, name, rows in found if schema not in HIDDEN]

    def columns(self, table: str) -> dict[str, str]:
        schema, _dot, name = table.rpartition(".")
        known = "select column_name, data_type from duckdb_columns() where database_name = 'source'"
        with told():
            found = self.duck.execute(f"{known} and schema_name = ? and table_name = ?", [schema, name]).fetchall()
        return dict(found)

    def write(self, table: str, page: Page, path: Path, first: int) -> list[str]:
        numbered = f"create or replace temp table part as select row_number() over () + {int(first) - 1} as _row, *"
        with told():
            self.duck.execute(f"{numbered} from ({self._rows(table, page)})")
            self.duck.execute(f"copy part to {literal(str(path))} ({PARQUET})")
            last = self.duck.execute("from part order by _row desc limit 1")
            names = [column[0] for column in last.description or ()]
            row = dict(zip(names, last.fetchone() or (), strict=False))
        return [str(row[name]) for name in page.by] if row else []

    def _rows(self, table: str, page: Page) -> str:
        names = ", ".join(
            f"{self.text(name)} as {self.name(name)}" for name in dict.fromkeys([*page.columns, *page.by])
        )
        order = ", ".join(f"source_table.{self.name(name)}" for name in page.by)
        conditions = " and ".join(f"({said})" for said in (self._floor(page), self._after(page)) if said)
        statement = f"select {names} from {self._place(table)} as source_table"
        statement += f" where {conditions}" if conditions else ""
        statement += f" order by {order} limit {int(page.limit)}" if order else ""
        return self.asked(statement)

    def largest(self, table: str, column: str) -> str:
        with told():
            found = self.duck.execute(
                self.asked(f"select cast(max({self.name(column)}) as {self.word}) as largest from {self._place(table)}")
            ).fetchone()
        return str(found[0]) if found and found[0] is not None else ""

    word = "text"  # how this server's cast names a text

    def asked(self, statement: str) -> str:
        """A statement for the server as DuckDB carries it."""
        return f"select * from {self.kind}_query('source', {literal(statement)})"

    def _place(self, table: str) -> str:
        schema, _dot, name = table.rpartition(".")
        return f"{self.name(schema)}.{self.name(name)}"

    def _floor(self, page: Page) -> str:
        return f"source_table.{self.name(page.by[0])} >= {self.said(page.floor)}" if page.floor else ""

    def _after(self, page: Page) -> str:
        """(a, b) after (x, y), written out so that an index serves it."""
        ways = [self._step(page.by, page.after, place) for place in range(len(page.after))]
        return " or ".join(f"({way})" for way in ways)

    def _step(self, by: Sequence[str], after: Sequence[str], place: int) -> str:
        names = [f"source_table.{self.name(name)}" for name in by]
        same = [f"{names[at]} = {self.said(after[at])}" for at in range(place)]
        return " and ".join([*same, f"{names[place]} > {self.said(after[place])}"])

    def said(self, value: str) -> str:
        """A value as this server writes it; it becomes of the column's type by being compared with it."""
        return literal(value)


class PostgreSQL(Database):
    kind, needs = "postgres", ("postgres_scanner",)

    def reached(self) -> dict[str, str]:
        address = address_of(str(self.place["host"]), int(self.place.get("port") or 0))
        return {"hostaddr": address, "connect_timeout": "5", "options": f"-c lock_timeout={LOCK_SECONDS}s"}


class MySQL(Database):
    """A name for a host is looked up once, here: what was looked at is what is asked."""

    kind, mark, needs, word = "mysql", '"', ("mysql_scanner",), "char"

    def reached(self) -> dict[str, str]:
        host, port = str(self.place["host"]), int(self.place.get("port") or 3306)
        address = address_of(host, port) or host
        answers(address, port)
        return {"host": address}

    def asked(self, statement: str) -> str:
        """MariaDB reads what stands in the first comment, MySQL what stands in the second; to the other each says nothing."""
        mariadb = f"/*M! set statement lock_wait_timeout = {LOCK_SECONDS} for */"
        mysql = f"select /*+ set_var(lock_wait_timeout = {LOCK_SECONDS}) */ "
        return super().asked(f"{mariadb} {mysql}{statement.removeprefix('select ')}")

    def name(self, name: str) -> str:
        return _backticked(name)

    def text(self, name: str) -> str:
        return f"cast({self.name(name)} as char)"

    def said(self, value: str) -> str:
        return literal(value.replace("\\", "\\\\"))


class SQLite(Database):
    kind, needs = "sqlite", ("sqlite_scanner",)

    def name(self, name: str) -> str:
        """A name in quotation marks that is no column would be a text to SQLite."""
        return _backticked(name)

    def manner(self) -> str:
        return f", busy_timeout {LOCK_SECONDS * 1000}"

    def where(self) -> str:
        path = below(str(self.place["path"]))
        if not path.is_file():
            raise SourceAway(reasons=[Reason("no_file", _("文件夹里没有这个文件。"), "path")])
        return str(path)


def _backticked(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
