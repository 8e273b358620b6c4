"""Files of texts in whatever encoding: made UTF-8, looked through for lines nobody could mean. Piece by piece, whatever their size."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from tongban.data.gathering.errors import SourceUnreadable
from tongban.foundation.kernel.errors import Reason

PIECE, SAMPLE = 1 << 20, 1 << 18
LONGEST_LINE = 4 << 20  # bytes; DuckDB is told the same
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# The bytes that the commonest characters begin with (GB 2312 level 1, Big5 level 1): nearly all of a real text's are of these.
COMMON = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}


def encoding_of(path: Path) -> str:
    """By its mark, by whether it can be UTF-8, else GB 18030 or Big5, whichever makes it of commoner characters."""
    with path.open("rb") as opened:
        sample = opened.read(SAMPLE)
    marked = next((name for mark, name in BOMS if sample.startswith(mark)), "")
    if marked or _reads(sample, "utf-8"):
        return marked or "utf-8"
    ways = [name for name in COMMON if _reads(sample, name)]
    return max(ways, key=lambda name: _common(sample, name), default="utf-8")


def as_utf8(path: Path, folder: Path) -> Path:
    """The file itself when it is UTF-8, else a copy in `folder`. Raises `SourceUnreadable` with file and line of what cannot be read."""
    encoding, line, length = encoding_of(path), 1, 0
    copy = None if encoding == "utf-8" else folder / f"{path.name}.utf8{path.suffix}"
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, (copy or Path("/dev/null")).open("wb") as target:
        for piece in _pieces(source):
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as fault:
                raise _unreadable(path, line + fault.object[: fault.start].count(b"\n"), "mixed") from None
            data = text.encode()
            length = _line_length(data, length)
            if length > LONGEST_LINE:
                raise _unreadable(path, line, "long_line")
            line += data.count(b"\n")
            if copy:
                target.write(data)
    return copy or path


def _pieces(source: object) -> Iterator[bytes]:
    while piece := source.read(PIECE):  # type: ignore[attr-defined]
        yield piece
    yield b""


def _line_length(data: bytes, before: int) -> int:
    """How long the line is that goes on, or more when one within is longer than any may be."""
    parts = data.split(b"\n")
    parts_length = [before + len(parts[0]), *(len(part) for part in parts[1:])]
    return max(parts_length) if max(parts_length) > LONGEST_LINE else parts_length[-1]


def _reads(sample: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _common(sample: bytes, encoding: str) -> float:
    """Which share of the characters beyond ASCII are common ones."""
    text = codecs.getincrementaldecoder(encoding)().decode(sample)
    low, high = COMMON[encoding]
    beyond = [char.encode(encoding) for char in text if ord(char) > 0x7F]
    return sum(1 for char in beyond if len(char) == 2 and low <= char[0] <= high) / max(len(beyond), 1)


def _unreadable(path: Path, line: int, code: str) -> SourceUnreadable:
    told = {
        "mixed": _("文件“%(file)s”第%(line)s行的编码与前面不同，读不出来。请统一另存为 UTF-8 或 GB 18030。"),
        "long_line": _("文件“%(file)s”第%(line)s行超过4MB，不像一行数据。请核对换行和引号。"),
    }[code]
    return SourceUnreadable(reasons=[Reason(code, told % {"file": path.name, "line": line}, "")])
