"""Files that a department puts into a folder: CSV, XLSX, JSON (a list, or one object a line), Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceRefused, SourceUnreadable
from tongban.foundation.kernel.durable import PART, whole_file
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.quoting import literal, quoted

from .books import REJECT, sheet_as_csv, sheets_of
from .faults import told
from .reach import below
from .reading import Page, Reader, Table
from .texts import LONGEST_LINE, as_utf8, mixed

# A line that does not fit its header is kept aside by DuckDB, and nothing of it is guessed.
CSV = f"read_csv({{path}}, all_varchar = true, header = true, store_rejects = true, max_line_size = {LONGEST_LINE})"
LAST = "scan_id = (select max(scan_id) from reject_scans)"
BROKEN = "error_type in ('INVALID ENCODING', 'INVALID UNICODE')"
LINES = (
    f"select concat(line, ': ', csv_line) as {REJECT} "
    f"from (select distinct on (line) line, csv_line from reject_errors where {LAST} order by line)"
)
READERS = {
    ".csv": CSV,
    ".xlsx": "read_csv({path}, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')",
    ".json": "read_json({path}, maximum_object_size = 67108864)",
    ".ndjson": "read_json({path}, format = 'newline_delimited')",
    ".jsonl": "read_json({path}, format = 'newline_delimited')",
    ".parquet": "read_parquet({path})",
}
BY_LINE = (".csv", ".ndjson", ".jsonl")  # a list in JSON may well stand on one line
PARQUET = "format parquet, compression zstd"
LONGEST_STEM = 60  # characters; a name has 255 bytes at most, and some more while it is written
LARGEST = 1 << 30  # bytes through the browser; larger ones are put into the folder itself
KIND = Reason("kind", _("可以上传 CSV、XLSX、JSON 和 Parquet 文件。"), "file")
TOO_BIG = Reason("too_big", _("文件超过1GB，请直接放进本部门的文件夹。"), "file")
EMPTY = Reason("empty", _("文件是空的。"), "file")


class Files(Reader):
    """A folder; a table is a file in it, by its name (`name.xlsx#sheet` for a sheet). Nothing outside of it can be named.

    A file is read by all the lake's threads and written as it is read: nothing of it is held, whatever its size.
    """

    def open(self) -> None:
        self.duck.execute(f"set threads = {int(settings.LAKE_THREADS)}")
        self.folder = below(str(self.place["folder"]))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = TemporaryDirectory()
        self.plain: dict[str, str] = {}  # table → DuckDB's words for it
        self.was: dict[Path, tuple[int, int, int]] = {}  # file → what it was when we first looked at it

    def close(self) -> None:
        super().close()
        self.made.cleanup()

    def tables(self) -> list[Table]:
        there = sorted(self.folder.iterdir())
        files = [path for path in there if path.suffix.lower() in READERS and path.is_file()]
        return [Table(name) for path in files for name in _tables_in(path)]

    def columns(self, table: str) -> dict[str, str]:
        with self._reading(table):
            found = self.duck.execute(f"describe select * from {self._file(table)}").fetchall()
        return {name: kind for name, kind, *_ in found if name != REJECT}

    def page(self, table: str, page: Page) -> str:
        names = [f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in dict.fromkeys(page.columns)]
        rejects = f"nullif({REJECT}, '')" if _kind(table) == ".xlsx" else "null::varchar"
        limit = f" limit {int(page.limit)}" if page.limit else ""
        return f"select {', '.join([*names, f'{rejects} as {REJECT}'])} from {self._file(table)}{limit}"

    def write(self, table: str, page: Page, path: Path, first: int) -> list[str]:
        """All rows in the order of the file; lines that did not fit come last, each as it stands there."""
        with self._reading(table):
            self.duck.execute(f"copy ({self.page(table, page)}) to {literal(str(path))} ({PARQUET})")
            if _kind(table) == ".csv" and self._is_any_kept_aside():
                self._with_lines(path)
        return []

    def _with_lines(self, path: Path) -> None:
        both = path.with_name(f"{path.name}.lines{PART}")
        rows = f"from read_parquet({literal(str(path))}) union all by name {LINES}"
        try:
            self.duck.execute(f"copy ({rows}) to {literal(str(both))} ({PARQUET})")
            both.replace(path)
        finally:
            both.unlink(missing_ok=True)

    def _is_any_kept_aside(self) -> bool:
        """Whether some line did not fit. One of another encoding is no such line: the file is not what it says it is."""
        found = self.duck.execute(f"select count(*), count(*) filter ({BROKEN}) from reject_errors where {LAST}")
        lines, broken = found.fetchone() or (0, 0)
        if broken:
            raise SourceUnreadable
        return bool(lines)

    @contextmanager
    def _reading(self, table: str) -> Iterator[None]:
        """What stands in the way is told with its place; and a file that is another one at the end was not read at all."""
        path = self._path(table)
        self.was.setdefault(path, _looks(path))
        try:
            with told():
                yield
        except SourceUnreadable as fault:
            self._same(path)
            told_of = {reason.code for reason in fault.reasons} & {"mixed", "long_line"}
            raise (mixed(path) if _is_text(table) and not told_of else None) or fault from None
        self._same(path)

    def _same(self, path: Path) -> None:
        with suppress(FileNotFoundError):
            if _looks(path) == self.was[path]:
                return
        text = gettext("文件“%(file)s”在读取时被改动。这次没有读入；改完后会重新读取。") % {"file": path.name}
        raise SourceAway(reasons=[Reason("changed", text, "")])

    def largest(self, table: str, column: str) -> str:
        return ""

    def _file(self, table: str) -> str:
        if table not in self.plain:
            self.plain[table] = READERS[_kind(table)].format(path=literal(str(self._prepared(table))))
        return self.plain[table]

    def _prepared(self, table: str) -> Path:
        """The file as DuckDB reads it: texts in UTF-8, a sheet as a text."""
        path, made = self._path(table), Path(self.made.name)
        if _kind(table) == ".xlsx":
            return sheet_as_csv(path, table.partition("#")[2], made)
        return as_utf8(path, made, by_line=_kind(table) in BY_LINE) if _is_text(table) else path

    def _path(self, table: str) -> Path:
        path = (self.folder / table.partition("#")[0]).resolve()
        if path.parent != self.folder or not path.is_file():
            raise SourceAway(reasons=[Reason("no_file", _("文件夹里没有这个文件。"), "")])
        return path


def _tables_in(path: Path) -> list[str]:
    """A file is a table; a workbook with several sheets is as many."""
    sheets = sheets_of(path) if path.suffix.lower() == ".xlsx" else []
    return [f"{path.name}#{sheet}" for sheet in sheets] if len(sheets) > 1 else [path.name]


def _kind(table: str) -> str:
    kind = Path(table.partition("#")[0]).suffix.lower()
    if kind not in READERS:
        raise SourceAway(reasons=[KIND])
    return kind


def _is_text(table: str) -> bool:
    return _kind(table) not in (".xlsx", ".parquet")


def _looks(path: Path) -> tuple[int, int, int]:
    """What changes when a file does."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns


def put_file(folder: str, name: str, upload: Any) -> str:
    """A file into a folder of the inbox, whole or not at all; its name there, shortened when no folder would hold it."""
    said = PurePath(name)
    name = f"{said.stem[:LONGEST_STEM]}{said.suffix}"
    path = below(folder) / name
    faults = [] if path.suffix.lower() in READERS and not name.startswith(".") else [KIND]
    faults += [TOO_BIG] if upload.size > LARGEST else []
    faults += [EMPTY] if not upload.size else []
    if faults:
        raise SourceRefused(reasons=faults)
    with whole_file(path) as part, part.open("wb") as new:
        for piece in upload.chunks():
            new.write(piece)
    return name
