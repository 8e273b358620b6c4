"""Files of texts in whatever encoding: made UTF-8, looked through for lines nobody could mean. Piece by piece, whatever their size."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from tongban.data.gathering.errors import SourceUnreadable
from tongban.foundation.kernel.errors import Reason

PIECE, SAMPLE, BLANKS = 1 << 20, 1 << 18, 1 << 12
LONGEST_LINE = 4 << 20  # bytes; DuckDB is told the same
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like the next one
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = {"utf-16-le": b"\n\0", "utf-16-be": b"\0\n"}  # how a line ends in UTF-16
# The bytes that the commonest characters begin with (GB 2312 level 1, Big5 level 1): nearly all of a real text's are of these.
COMMON = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}


def encoding_of(path: Path) -> str:
    """By its mark, by whether it can be UTF-8, else GB 18030 or Big5, whichever makes it of commoner characters."""
    with path.open("rb") as opened:
        sample = opened.read(SAMPLE)
    marked = next((name for mark, name in BOMS if sample.startswith(mark)), "") or _wide(sample)
    if marked or _reads(sample, "utf-8"):
        return marked or "utf-8"
    ways = [name for name in COMMON if _reads(sample, name)]
    return max(ways, key=lambda name: _common(sample, name), default="utf-8")


def is_blank(path: Path, signs: str = "") -> bool:
    """Whether there is nothing in it but blanks, a mark and these signs."""
    with path.open("rb") as opened:
        sample = opened.read(BLANKS)
    return len(sample) < BLANKS and not sample.translate(None, b" \t\r\n\0\xef\xbb\xbf\xff\xfe" + signs.encode())


def as_utf8(path: Path, folder: Path, *, by_line: bool) -> Path:
    """The file itself when it is UTF-8, else a copy in `folder`. `by_line`: its rows are lines, of which none may be endless.

    Raises `SourceUnreadable` with file and line. Whether what begins as UTF-8 stays so is seen by whoever reads it, which
    then asks `mixed`: to look at every character here as well would cost as much as reading them.
    """
    if by_line:
        _no_endless_line(path)
    encoding = encoding_of(path)
    if encoding == "utf-8" and path.suffix.lower() != ".csv" and _has_mark(path):
        encoding = "utf-8-sig"  # whoever reads CSV knows the mark; of JSON it would be the first value
    return path if encoding == "utf-8" else _copied(path, encoding, folder / f"{path.name}.utf8{path.suffix}")


def mixed(path: Path) -> SourceUnreadable | None:
    """What is to be said of a file whose encoding changes within, with its line."""
    try:
        _decoded(path, encoding_of(path), Path("/dev/null"))
    except SourceUnreadable as told:
        return told
    return None


def _copied(path: Path, encoding: str, copy: Path) -> Path:
    _decoded(path, encoding, copy)
    return copy


def _decoded(path: Path, encoding: str, copy: Path) -> None:
    line, decoder = 1, codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, copy.open("wb") as target:
        for piece in _pieces(source):
            try:
                data = decoder.decode(piece, final=not piece).encode()
            except UnicodeDecodeError as fault:
                raise _unreadable(path, line + fault.object[: fault.start].count(b"\n"), "mixed") from None
            line += data.count(b"\n")
            target.write(data)


def _has_mark(path: Path) -> bool:
    with path.open("rb") as opened:
        return opened.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8


def _wide(sample: bytes) -> str:
    """UTF-16 without a mark: nearly every line ends as it does there."""
    lines = sample.count(b"\n")
    return next((name for name, end in WIDE.items() if sample.count(end) * 2 > lines and _reads(sample, name)), "")


def _no_endless_line(path: Path) -> None:
    """Only ends of lines are looked for, a piece at a time: a line within a piece is short enough."""
    before = 0
    with path.open("rb") as source:
        for piece in _pieces(source):
            end = piece.find(b"\n")
            if before + (len(piece) if end < 0 else end) > LONGEST_LINE:
                raise _unreadable(path, _lines_before(path, source.tell() - len(piece)) + 1, "long_line")
            before = before + len(piece) if end < 0 else len(piece) - piece.rfind(b"\n") - 1


def _lines_before(path: Path, place: int) -> int:
    count = 0
    with path.open("rb") as source:
        while place > 0 and (piece := source.read(min(PIECE, place))):
            count, place = count + piece.count(b"\n"), place - len(piece)
    return count


def _pieces(source: object) -> Iterator[bytes]:
    while piece := source.read(PIECE):  # type: ignore[attr-defined]
        yield piece
    yield b""


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
