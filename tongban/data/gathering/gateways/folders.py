"""Files that a department puts into a folder: CSV, XLSX, JSON (a list, or one object a line), Parquet."""

from __future__ import annotations

from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceRefused
from tongban.foundation.kernel.durable import whole_file
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.quoting import literal, quoted

from .books import REJECT, sheet_as_csv, sheets_of
from .faults import told
from .reach import below
from .reading import Page, Reader, Table
from .texts import LONGEST_LINE, as_utf8

# A line that does not fit its header is kept aside by DuckDB, and nothing of it is guessed.
CSV = f"read_csv({{path}}, all_varchar = true, header = true, store_rejects = true, max_line_size = {LONGEST_LINE})"
READERS = {
    ".csv": CSV,
    ".xlsx": "read_csv({path}, all_varchar = true, header = true, delim = ',', quote = '\"', escape = '\"')",
    ".json": "read_json({path}, maximum_object_size = 67108864)",
    ".ndjson": "read_json({path}, format = 'newline_delimited')",
    ".jsonl": "read_json({path}, format = 'newline_delimited')",
    ".parquet": "read_parquet({path})",
}
LONGEST_STEM = 60  # characters; a name has 255 bytes at most, and some more while it is written
LARGEST = 1 << 30  # bytes through the browser; larger ones are put into the folder itself
KIND = Reason("kind", _("可以上传 CSV、XLSX、JSON 和 Parquet 文件。"), "file")
TOO_BIG = Reason("too_big", _("文件超过1GB，请直接放进本部门的文件夹。"), "file")
EMPTY = Reason("empty", _("文件是空的。"), "file")


class Files(Reader):
    """A folder; a table is a file in it, by its name (`name.xlsx#sheet` for a sheet). Nothing outside of it can be named."""

    def open(self) -> None:
        self.folder = below(str(self.place["folder"]))
        self.folder.mkdir(parents=True, exist_ok=True)
        self.made = TemporaryDirectory()
        self.plain: dict[str, str] = {}  # table → DuckDB's words for it

    def close(self) -> None:
        super().close()
        self.made.cleanup()

    def tables(self) -> list[Table]:
        there = sorted(self.folder.iterdir())
        files = [path for path in there if path.suffix.lower() in READERS and path.is_file()]
        return [Table(name) for path in files for name in _tables_in(path)]

    def columns(self, table: str) -> dict[str, str]:
        with told():
            found = self.duck.execute(f"describe select * from {self._file(table)}").fetchall()
        return {name: kind for name, kind, *_ in found if name != REJECT}

    def page(self, table: str, page: Page) -> str:
        names = [f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in dict.fromkeys(page.columns)]
        rejects = f"nullif({REJECT}, '')" if _kind(table) == ".xlsx" else "null::varchar"
        limit = f" limit {int(page.limit)}" if page.limit else ""
        return f"select {', '.join([*names, f'{rejects} as {REJECT}'])} from {self._file(table)}{limit}"

    def complete(self, table: str) -> None:
        """Lines that did not fit come last, each as it stands in the file."""
        if _kind(table) == ".csv":
            last = "(select coalesce(max(_row), 0) from part)"
            lines = "(select distinct on (line) line, csv_line from reject_errors order by line)"
            self.duck.execute(
                f"insert into part by name select {last} + row_number() over (order by line) as _row, "
                f"concat(line, ': ', csv_line) as {REJECT} from {lines}"
            )

    def largest(self, table: str, column: str) -> str:
        return ""

    def _file(self, table: str) -> str:
        if table not in self.plain:
            self.plain[table] = READERS[_kind(table)].format(path=literal(str(self._prepared(table))))
        return self.plain[table]

    def _prepared(self, table: str) -> Path:
        """The file as DuckDB reads it: texts in UTF-8, a sheet as a text."""
        name, _hash, sheet = table.partition("#")
        path, kind = (self.folder / name).resolve(), _kind(table)
        if path.parent != self.folder or not path.is_file():
            raise SourceAway(reasons=[Reason("no_file", _("文件夹里没有这个文件。"), "")])
        if kind == ".xlsx":
            return sheet_as_csv(path, sheet, Path(self.made.name))
        return path if kind == ".parquet" else as_utf8(path, Path(self.made.name))


def _tables_in(path: Path) -> list[str]:
    """A file is a table; a workbook with several sheets is as many."""
    sheets = sheets_of(path) if path.suffix.lower() == ".xlsx" else []
    return [f"{path.name}#{sheet}" for sheet in sheets] if len(sheets) > 1 else [path.name]


def _kind(table: str) -> str:
    kind = Path(table.partition("#")[0]).suffix.lower()
    if kind not in READERS:
        raise SourceAway(reasons=[KIND])
    return kind


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
