"""Files that a department puts into a folder: CSV, XLSX, JSON (a list, or one object a line), Parquet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path, PurePath
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongban.data.gathering.errors import SourceAway, SourceRefused, SourceUnreadable
from tongban.data.gathering.rules import fits, is_pattern
from tongban.data.lake.queries import PARQUET
from tongban.foundation.kernel.durable import PART, whole_file
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.listing import listed
from tongban.foundation.kernel.quoting import literal, quoted

from .books import REJECT, sheet_as_csv, sheets_of
from .faults import told
from .looked import bring, looked
from .reach import below
from .reading import Page, Reader, Table
from .stores import Folder, Found, Store, changed
from .texts import LONGEST_LINE, as_utf8, is_blank, mixed

T = TypeVar("T")
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
KINDS = {".csv": "CSV", ".xlsx": "XLSX", ".json": "JSON", ".ndjson": "JSON", ".jsonl": "JSON", ".parquet": "Parquet"}
BY_LINE = (".csv", ".ndjson", ".jsonl")  # a list in JSON may well stand on one line
LONGEST_STEM = 60  # characters; a name has 255 bytes at most, and some more while it is written
EACH = ("all", "new")  # `Page.takes` by which every file of a pattern comes, not the newest alone
GLANCE = 4 << 20  # bytes of a file from elsewhere that is only looked at
WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16: an end of a line is not one byte
MOST_FILES, PART_BYTES = 200, 256 << 20  # small files come together into one part
LARGEST = 1 << 30  # bytes through the browser; larger ones are put into the folder itself
KIND = Reason("kind", _("可以上传 CSV、XLSX、JSON 和 Parquet 文件。"), "file")
TOO_BIG = Reason("too_big", _("文件超过1GB，请直接放进本部门的文件夹。"), "file")
NOTHING = _(
    "文件“%(file)s”是空的，里面什么也没有，连表头也没有。请对方重新导出；没有数据的那天，也请导出带表头的文件。"
)
EMPTY = Reason("empty", _("文件是空的。"), "file")


class Files(Reader):
    """Files of one store; a table is one by its name (`name.xlsx#sheet` for a sheet), or several by a pattern (`people-*.csv`).

    Nothing outside of the store can be named. A file is read by all the lake's threads and written as it is read: nothing of
    it is held, whatever its size. Of those that fit a pattern, the newest stands for what there is; with `Page.takes` each comes.
    """

    keeps: Callable[[Mapping[str, Any], Mapping[str, Any]], Store] = Folder

    def open(self) -> None:
        self.duck.execute(f"set threads = {int(settings.LAKE_THREADS)}")
        self.made = TemporaryDirectory()
        self.plain: dict[str, str] = {}  # table → DuckDB's words for it
        self.was: dict[str, Found] = {}  # file → what it was when we first looked at it
        self.here: dict[str, Path] = {}  # file → where it can be read
        self.glances, self.glanced = False, set[str]()
        self.exactly = self.whole = False  # a beginning will not do, or has not done
        try:
            self.store = type(self).keeps(self.place, self.secret)
        except BaseException:
            super().close()
            self.made.cleanup()
            raise

    def close(self) -> None:
        super().close()
        self.store.close()
        self.made.cleanup()

    def tables(self) -> list[Table]:
        files = sorted(self._readable(), key=lambda one: one.name)
        return [Table(name, None, one.size, one.at) for one in files for name in self._tables_in(one)]

    def glance(self, *, exactly: bool = False) -> None:
        self.glances, self.exactly = True, exactly

    def columns(self, table: str) -> dict[str, str]:
        return self._or_whole(lambda: self._columns(self._newest(table) if is_pattern(table) else table))

    def _or_whole(self, ask: Callable[[], T]) -> T:
        """What a beginning alone does not tell is asked of the whole file: it may have been cut within a value."""
        try:
            return ask()
        except SourceUnreadable:
            if not self.glanced:
                raise
        for name in self.glanced:
            self._forget(name)
        self.whole, self.plain = True, {}
        self.glanced.clear()
        return ask()

    def sheets(self, table: str) -> list[str]:
        name = _file_of(table)
        if PurePath(name).suffix.lower() != ".xlsx":
            return []
        return [f"{name}#{sheet}" for sheet in sheets_of(self._path(self._newest(name) if is_pattern(name) else name))]

    def _columns(self, table: str) -> dict[str, str]:
        with self._reading(table):
            found = self.duck.execute(f"describe select * from {self._file(table)}").fetchall()
        return {name: kind for name, kind, *_ in found if name != REJECT}

    def _rows(self, table: str, page: Page) -> str:
        names = [f"cast({quoted(name)} as varchar) as {quoted(name)}" for name in dict.fromkeys(page.columns)]
        rejects = f"nullif({REJECT}, '')" if _kind(table) == ".xlsx" else "null::varchar"
        limit = f" limit {int(page.limit)}" if page.limit else ""
        return f"select {', '.join([*names, f'{rejects} as {REJECT}'])} from {self._file(table)}{limit}"

    def write(self, table: str, page: Page, path: Path, first: int) -> list[str]:
        """All rows in the order of the file; lines that did not fit come last, each as it stands there. `taken` tells of which files."""
        if is_pattern(table) and page.takes in EACH:
            return self._write_each(table, page, path)
        table = self._newest(table) if is_pattern(table) else table
        self._or_whole(lambda: self._write_one(table, page, path))
        return []

    def _write_one(self, table: str, page: Page, path: Path) -> None:
        if not page.limit:
            name = _file_of(table)
            self.was[name] = self.store.rest(self.was.get(name) or self.store.found(name))
        with self._reading(table):
            self.duck.execute(f"copy ({self._rows(table, page)}) to {literal(str(path))} ({PARQUET})")
            if _kind(table) == ".csv" and self._is_any_kept_aside():
                self._with_lines(path)

    def _write_each(self, table: str, page: Page, path: Path) -> list[str]:
        """The oldest of those that have not come yet, so that what is newer comes after it; not empty while there are more."""
        waiting = [one for one in self._fitting(table) if _is_new(one, page)]
        part, pieces, self.taken = _first_of(waiting), [], []
        for number, one in enumerate(part):
            single, piece = one.name + table[len(_file_of(table)) :], Path(self.made.name) / f"piece-{number}"
            self._write_fitting(single, page, piece)
            pieces.append(piece)
            self.taken.append({"name": one.name, "look": self.was[one.name].look, "rows": self._rows_in(piece)})
            self._forget(single)
        sources = ", ".join(literal(str(piece)) for piece in pieces)
        rows = f"from read_parquet([{sources}], union_by_name = true)" if pieces else _none_of(page)
        self.duck.execute(f"copy ({rows}) to {literal(str(path))} ({PARQUET})")
        for piece in pieces:
            piece.unlink()
        return [part[-1].name] if len(part) < len(waiting) else []

    def _write_fitting(self, table: str, page: Page, path: Path) -> None:
        """One of several: what is wrong with it is told with its name."""
        gone = [name for name in page.columns if name not in self._columns(table)]
        text = gettext("文件“%(file)s”里没有“%(name)s”这一列。") % {"file": table, "name": listed(gone)}
        if gone:
            raise SourceUnreadable(reasons=[Reason("column", text, "")])
        try:
            self._write_one(table, page, path)
        except SourceUnreadable as fault:
            plain = Reason("file", gettext("文件“%(file)s”读不出来，请对方核对。") % {"file": table}, "")
            raise SourceUnreadable(reasons=fault.reasons or [plain]) from None

    def _rows_in(self, path: Path) -> int:
        found = self.duck.execute(f"select num_rows from parquet_file_metadata({literal(str(path))})").fetchone()
        return int(found[0]) if found else 0

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
        try:
            with told():
                yield
        except SourceUnreadable as fault:
            self._same(table)
            told_of = {reason.code for reason in fault.reasons} & {"mixed", "long_line"}
            raise (mixed(path) if _is_text(table) and not told_of else None) or _of_file(fault, table) from None
        self._same(table)

    def _same(self, table: str) -> None:
        if not self.store.is_still(self.was[_file_of(table)]):
            raise changed(_file_of(table))

    def _file(self, table: str) -> str:
        if table not in self.plain:
            self.plain[table] = READERS[_kind(table)].format(path=literal(str(self._prepared(table))))
        return self.plain[table]

    def _prepared(self, table: str) -> Path:
        """The file as DuckDB reads it: texts in UTF-8, a sheet as a text. One that says nothing at all has no columns either."""
        path, made = self._path(table), self._own(table)
        if is_blank(path) or (_kind(table) == ".json" and is_blank(path, "[]{}")):
            raise SourceUnreadable(reasons=[Reason("empty", NOTHING % {"file": _file_of(table)}, "")])
        if _kind(table) == ".xlsx":
            return sheet_as_csv(path, table.partition("#")[2], made)
        return as_utf8(path, made, by_line=_kind(table) in BY_LINE) if _is_text(table) else path

    def _path(self, table: str) -> Path:
        """Where the file can be read: brought here when it is not."""
        _kind(table)
        name = _file_of(table)
        if name not in self.here:
            self.was[name] = self.was.get(name) or self.store.found(name)
            self.here[name] = self._beginning(table) or self._whole(table, self.was[name])
        return self.here[name]

    def _whole(self, table: str, one: Found) -> Path:
        """All of it; where a page only looks, a large one from elsewhere is not waited for."""
        if self.glances and one.size > GLANCE and not isinstance(self.store, Folder):
            return looked(self.place, self.secret, one)
        return self.store.fetched(one, self._own(table))

    def bring(self, mark: str) -> None:
        bring(self.store, self.place, self.secret, mark)

    def _beginning(self, table: str) -> Path | None:
        """As many whole lines as come first, of a large file from elsewhere that is only looked at."""
        one, kinds = self.was[_file_of(table)], (".csv",) if self.exactly else BY_LINE
        if not self.glances or self.whole or _kind(table) not in kinds or one.size <= GLANCE:
            return None
        data = self.store.beginning(one, GLANCE)
        if data is None or data.startswith(WIDE) or b"\n" not in data:
            return None
        path = self._own(table) / one.name
        path.write_bytes(data[: data.rindex(b"\n") + 1])
        self.glanced.add(one.name)
        return path

    def _own(self, table: str) -> Path:
        """A folder for what is made of one file."""
        folder = Path(self.made.name) / sha256(_file_of(table).encode()).hexdigest()[:16]
        folder.mkdir(exist_ok=True)
        return folder

    def _forget(self, table: str) -> None:
        """Away with what was made of a file that has been read: there may be thousands."""
        self.here.pop(_file_of(table), None)
        self.plain.pop(table, None)
        rmtree(self._own(table))

    def _readable(self) -> Iterator[Found]:
        return (one for one in self.store.listing() if PurePath(one.name).suffix.lower() in READERS)

    def _fitting(self, pattern: str) -> list[Found]:
        """Files that fit, the oldest first."""
        found = [one for one in self._readable() if fits(one.name, _file_of(pattern))]
        return sorted(found, key=lambda one: (one.at, one.name))

    def _newest(self, pattern: str) -> str:
        found = self._fitting(pattern)
        if not found:
            text = gettext("文件夹里没有名字合乎“%(pattern)s”的文件。") % {"pattern": pattern}
            raise SourceAway(reasons=[Reason("no_match", text, "")])
        self.was.setdefault(found[-1].name, found[-1])
        return found[-1].name + pattern[len(_file_of(pattern)) :]

    def any_new(self, table: str, page: Page) -> bool:
        return page.takes not in EACH or any(_is_new(one, page) for one in self._fitting(table))

    def _tables_in(self, one: Found) -> list[str]:
        """A file is a table; a workbook with several sheets is as many, where it can be looked into without fetching it."""
        sheets = []
        if isinstance(self.store, Folder) and one.name.lower().endswith(".xlsx"):
            sheets = sheets_of(self.store.folder / one.name)
        return [f"{one.name}#{sheet}" for sheet in sheets] if len(sheets) > 1 else [one.name]


def _first_of(waiting: Sequence[Found]) -> list[Found]:
    """As many as make one part: some hundred small ones, or one that is large."""
    part: list[Found] = []
    size = 0
    for one in waiting[:MOST_FILES]:
        size += one.size
        if part and size > PART_BYTES:
            break
        part.append(one)
    return part


def _is_new(one: Found, page: Page) -> bool:
    """Whether a file has not come yet, or has become another one since."""
    return one.name not in page.done or page.done[one.name] not in ("", one.look)


def _none_of(page: Page) -> str:
    names = [f"null::varchar as {quoted(name)}" for name in dict.fromkeys([*page.columns, REJECT])]
    return f"select {', '.join(names)} where false"


def _file_of(table: str) -> str:
    return table.partition("#")[0]


def _of_file(fault: SourceUnreadable, table: str) -> SourceUnreadable:
    """With the name of the file it is about, where that is not said."""
    name = _file_of(table)
    plain = gettext("文件“%(file)s”不是完好的 %(kind)s 文件，读不出来。请对方重新导出。") % {
        "file": name,
        "kind": KINDS[_kind(table)],
    }
    told = [
        replace(one, text=gettext("文件“%(file)s”：%(text)s") % {"file": name, "text": one.text})
        if one.code == "line"
        else one
        for one in fault.reasons
    ]
    fault.reasons = told or [Reason("broken", plain, "")]
    return fault


def _kind(table: str) -> str:
    kind = PurePath(_file_of(table)).suffix.lower()
    if kind not in READERS:
        raise SourceAway(reasons=[KIND])
    return kind


def _is_text(table: str) -> bool:
    return _kind(table) not in (".xlsx", ".parquet")


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
