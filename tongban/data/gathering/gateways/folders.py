"""Files that a department puts into a folder: CSV, JSON (a list, or one object a line), Parquet."""

from __future__ import annotations

from pathlib import Path

from tongban.data.gathering.errors import SourceAway
from tongban.foundation.kernel.quoting import literal, quoted

from .reading import Page, Reader, Table, told

READERS = {
    ".csv": "read_csv({path}, all_varchar = true, header = true)",
    ".json": "read_json({path}, maximum_object_size = 67108864)",
    ".ndjson": "read_json({path}, format = 'newline_delimited')",
    ".jsonl": "read_json({path}, format = 'newline_delimited')",
    ".parquet": "read_parquet({path})",
}


class Files(Reader):
    """A folder; a table is a file in it, by its name. Nothing outside of it can be named. A file is read as a whole."""

    def open(self) -> None:
        self.folder = Path(str(self.place["folder"])).resolve()
        if not self.folder.is_dir():
            raise SourceAway

    def tables(self) -> list[Table]:
        there = sorted(self.folder.iterdir())
        return [Table(path.name) for path in there if path.suffix.lower() in READERS and path.is_file()]

    def columns(self, table: str) -> dict[str, str]:
        with told():
            found = self.duck.execute(f"describe select * from {self._file(table)}").fetchall()
        return {name: kind for name, kind, *_ in found}

    def page(self, table: str, page: Page) -> str:
        names = ", ".join(f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in dict.fromkeys(page.columns))
        return f"select {names} from {self._file(table)}"

    def largest(self, table: str, column: str) -> str:
        return ""

    def _file(self, table: str) -> str:
        path = (self.folder / table).resolve()
        if path.parent != self.folder or path.suffix.lower() not in READERS or not path.is_file():
            raise SourceAway
        return READERS[path.suffix.lower()].format(path=literal(str(path)))
