"""Codes in and out of files, and many of them into the database at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from tongban.foundation.kernel.cells import inert
from tongban.foundation.kernel.errors import Reason
from tongban.foundation.kernel.workbook import Unusable, open_book

from .errors import TableUnusable
from .rules import Code

ENCODINGS = ("utf-8-sig", "gb18030")


def lines_of(name: str, data: bytes) -> Iterator[Sequence[str]]:
    """The lines of a CSV (UTF-8 or GB 18030) or XLSX file, its first sheet. Raises `TableUnusable` when it is neither, and where a line
    of a CSV is broken.
    """
    if name.lower().endswith(".xlsx"):
        try:
            sheets = open_book(data).sheets
        except Unusable:
            raise _unusable() from None
        return iter([["" if cell is None else str(cell) for cell in cells] for _number, cells in sheets[0].lines])
    for encoding in ENCODINGS:
        try:
            return _csv_lines(data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise _unusable()


def _csv_lines(text: str) -> Iterator[Sequence[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from lines
    except csv.Error:
        broken = _("第 %(line)s 行读不下去：引号没有配对，或者一格太长。") % {"line": lines.line_num}
        raise TableUnusable(reasons=[Reason("broken", broken, "file")]) from None


def _unusable() -> TableUnusable:
    return TableUnusable(reasons=[Reason("unreadable", _("只能读 CSV（UTF-8 或 GB 18030）和 XLSX 文件。"), "file")])


def put_values(version_id: UUID, codes: Iterable[Code]) -> None:
    """All values of a version, in place of those it had. Inside the caller's transaction."""
    with connection.cursor() as cursor:
        cursor.execute("delete from standards_codevalue where version_id = %s", [version_id])
        with cursor.copy("copy standards_codevalue (version_id, code, name, parent, note) from stdin") as copy:
            for one in codes:
                copy.write_row((version_id, one.code, one.name, one.parent, one.note))


def copy_values(source_id: UUID, target_id: UUID) -> None:
    """A new draft begins with the values of the version before it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into standards_codevalue (version_id, code, name, parent, note) "
            "select %s, code, name, parent, note from standards_codevalue where version_id = %s",
            [target_id, source_id],
        )


def as_csv(codes: Iterable[Sequence[str]]) -> bytes:
    """A file as it can be read in again, marked UTF-8 so that spreadsheet programs show Chinese; nothing in it is run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["代码", "名称", "上级", "备注"])
    writer.writerows([inert(cell) for cell in code] for code in codes)
    return text.getvalue().encode("utf-8-sig")
