"""What every reader of a source does: the same for a database's table and for a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tongban.data.lake.queries import bench

from .faults import told


@dataclass(frozen=True)
class Table:
    """A table of a source with its schema, or a file of a folder; `rows` as far as the source tells without counting.

    A file has its bytes and when it was last changed, in seconds since 1970.
    """

    name: str
    rows: int | None = None
    size: int | None = None
    at: float | None = None


@dataclass(frozen=True)
class Page:
    """Which rows come next: in the order of `by`, the first of it from `floor` on, after the row at `after`, at most `limit`.

    Without `by` there is nothing to go on by, and all rows come at once. Of several files (a pattern) `takes` says which come:
    the newest, all, or those that are new; `done` are those that have come: name → how it looked then, empty for however it looks.
    """

    columns: Sequence[str]
    by: Sequence[str] = ()
    floor: str = ""
    after: Sequence[str] = ()
    limit: int = 0
    takes: str = ""
    done: Mapping[str, str] = field(default_factory=dict)


class Reader(ABC):
    """A source through one DuckDB of its own, in which nothing but this source can be seen."""

    needs: Sequence[str] = ()
    taken: Sequence[Mapping[str, Any]] = ()  # files of which the last part was made: name, look, rows

    def __init__(self, place: Mapping[str, Any], secret: Mapping[str, Any]) -> None:
        self.place, self.secret = place, secret
        self.duck = bench(*self.needs)
        with told():
            self.open()

    @abstractmethod
    def open(self) -> None:
        """Reach it: whoever cannot says so here."""

    def close(self) -> None:
        self.duck.close()

    @abstractmethod
    def tables(self) -> list[Table]:
        """What there is to read."""

    @abstractmethod
    def columns(self, table: str) -> dict[str, str]:
        """Its columns, name → type as DuckDB reads it; none when there is no such table."""

    def glance(self, *, exactly: bool = False) -> None:  # noqa: B027  what is asked for a page at a time needs none
        """From now on tables are only looked at: the beginning of one will do, where that is less than all of it.

        `exactly`: its columns must come out as a run sees them. Raises `SourceFetching` where all of a large file is needed.
        """

    def bring(self, mark: str) -> None:  # noqa: B027  what is asked for a page at a time is never brought
        """Bring a large file here for those who look at it: `SourceFetching.mark` says which."""

    def sheets(self, table: str) -> list[str]:
        """Of a workbook, how each of its sheets is named as a table; none of what is no workbook."""
        return []

    def largest(self, table: str, column: str) -> str:
        """The largest value of a column now, as text; empty when there is none, or nothing is asked for by a cursor here."""
        return ""

    def rows_of(self, table: str) -> int | None:
        """How many there are, as far as the source tells without counting."""
        return next((one.rows for one in self.tables() if one.name == table), None)

    def any_new(self, table: str, page: Page) -> bool:
        """Whether there is anything that has not come yet, as far as that can be seen without reading."""
        return True

    @abstractmethod
    def write(self, table: str, page: Page, path: Path, first: int) -> list[str]:
        """A page into a Parquet file, its rows counted from `first`: where the last one stands. Empty: nothing goes on from here."""
