"""Zip-based files (DOCX, XLSX, OFD): encrypted ones, bombs, and documents that carry programs."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

MOST_MEMBERS = 3000
MOST_UNPACKED = 200 * 1024 * 1024
MOST_RATIO = 250  # real office XML packs 5 to 40 times
RATIO_FROM = 4 * 1024 * 1024  # small members may be very regular
_CHUNK = 64 * 1024
_OUTSIDE = re.compile(r"\A[/\\]|\A[A-Za-z]:|(?:\A|[/\\])\.\.(?:[/\\]|\Z)")  # names that lead out of the archive
_DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)
_XML = (".xml", ".rels", ".vml")


def is_crowded(data: bytes) -> bool:
    """Whether its list has more entries than a document ever has; merely reading such a list would take our memory."""
    return data.count(b"PK\x01\x02") > MOST_MEMBERS


def members_of(data: bytes) -> tuple[str, ...]:
    """The names inside a zip; empty if it cannot be read."""
    if is_crowded(data):
        return ()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return tuple(archive.namelist()[:MOST_MEMBERS])
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return ()


def archive_faults(data: bytes) -> Iterator[str]:
    """Codes of what is wrong: `broken`, `encrypted`, `bomb`, `active_content`, `entities`. Nothing is unpacked to disk."""
    if is_crowded(data):
        yield "bomb"
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if any(member.flag_bits & 0x1 for member in members):
                yield "encrypted"
                return
            if _is_bomb_by_its_list(data, members):
                yield "bomb"
                return
            if any(_OUTSIDE.search(member.filename) for member in members):
                yield "broken"
                return
            if any(member.filename.lower().endswith(("vbaproject.bin", ".exe", ".js", ".dll")) for member in members):
                yield "active_content"
            yield from _unpack(archive, members)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, zlib.error, EOFError, RuntimeError):
        yield "broken"


def _is_bomb_by_its_list(data: bytes, members: list[zipfile.ZipInfo]) -> bool:
    # Members that share their bytes (overlapping bombs) claim more packed bytes together than the file has.
    packed = sum(member.compress_size for member in members)
    unpacked = sum(member.file_size for member in members)
    return len(members) > MOST_MEMBERS or packed > len(data) or unpacked > MOST_UNPACKED


def _unpack(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[str]:
    """What the list says is not believed: every member is unpacked and counted, and nothing of it kept."""
    total = 0
    for member in members:
        size, end, is_xml = 0, b"", member.filename.lower().endswith(_XML)
        with archive.open(member) as stream:
            while chunk := stream.read(_CHUNK):
                end = end[-32:] + chunk
                if is_xml and _DOCTYPE.search(end.replace(b"\0", b"")):  # whatever its width of characters
                    yield "entities"
                    return
                size += len(chunk)
                total += len(chunk)
                if total > MOST_UNPACKED:
                    yield "bomb"
                    return
        if size > RATIO_FROM and size > MOST_RATIO * max(member.compress_size, 1):
            yield "bomb"
            return
