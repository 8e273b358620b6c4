"""Files that a department puts into a folder: CSV, JSON (a list, or one object a line), Parquet."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceRefused
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.quoting import literal, quoted

from .faults import told
from .reach import below
from .reading import Page, Reader, Table

READERS = {
    ".csv": "read_csv({path}, all_varchar = true, header = true)",
    ".json": "read_json({path}, maximum_object_size = 67108864)",
    ".ndjson": "read_json({path}, format = 'newline_delimited')",
    ".jsonl": "read_json({path}, format = 'newline_delimited')",
    ".parquet": "read_parquet({path})",
}
LARGEST = 1 << 30  # bytes through the browser; larger ones are put into the folder itself
KIND = Reason("kind", _("可以上传 CSV、XLSX、JSON 和 Parquet 文件。"), "file")
TOO_BIG = Reason("too_big", _("文件超过1GB，请直接放进本部门的文件夹。"), "file")
EMPTY = Reason("empty", _("文件是空的。"), "file")


class Files(Reader):
    """A folder; a table is a file in it, by its name. Nothing outside of it can be named. A file is read as a whole."""

    def open(self) -> None:
        self.folder = below(str(self.place["folder"]))
        self.folder.mkdir(parents=True, exist_ok=True)

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


def put_file(folder: str, name: str, upload: Any) -> str:
    """A file into a folder of the inbox, whole or not at all; its name there."""
    path = below(folder) / name
    faults = [] if path.suffix.lower() in READERS and not name.startswith(".") else [KIND]
    faults += [TOO_BIG] if upload.size > LARGEST else []
    faults += [EMPTY] if not upload.size else []
    if faults:
        raise SourceRefused(reasons=faults)
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as part:
        for piece in upload.chunks():
            part.write(piece)
    Path(part.name).replace(path)
    return name
