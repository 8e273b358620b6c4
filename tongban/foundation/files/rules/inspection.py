"""Whether a file may be taken: every reason against it at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .archives import archive_faults, members_of
from .documents import count_pages, pdf_faults
from .kinds import ARCHIVES, KINDS, MB, OLD_OFFICE, PICTURES, extension_of, sniff
from .names import tidy_name
from .pictures import picture_faults

_FOREIGN = re.compile(rb"PK\x05\x06|PK\x03\x04|%PDF-|<script|<\?php|<html|MZ\x90\x00", re.I)
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True)
class Inspection:
    """What a file is, and the codes of everything against taking it (with what their sentences need)."""

    kind: str
    name: str
    media_type: str
    pages: int | None = None
    faults: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


def inspect(data: bytes, name: str, *, most_bytes: int) -> Inspection:
    """Look at a file as it arrived. A file too big is not looked into."""
    if not data:
        return Inspection("", tidy_name(name), "", faults=[("empty", {})])
    if len(data) > most_bytes:
        over = {"most": f"{most_bytes / MB:g}"}
        return Inspection("", tidy_name(name), "", faults=[("too_big", over)])
    found = sniff(data, members_of(data) if data.startswith(b"PK") else ())
    kind = KINDS.get(found)
    if kind is None:
        return Inspection(
            found, tidy_name(name), "", faults=[(_why_not(found, data, name), {"extension": extension_of(name)})]
        )
    faults: list[tuple[str, dict[str, Any]]] = [(code, {}) for code in _content_faults(found, data)]
    extension = extension_of(name)
    if extension and extension not in kind.extensions:
        faults.insert(0, ("renamed", {"extension": extension, "kind": found}))
    pages = count_pages(data)[0] if found == "pdf" and not faults else None
    return Inspection(found, tidy_name(name, kind.extensions[0]), kind.media_type, pages, faults)


def _why_not(found: str, data: bytes, name: str) -> str:
    if data.startswith(OLD_OFFICE):
        return "encrypted" if _ENCRYPTED_PACKAGE in data else "old_office"
    if found == "zip" and "encrypted" in archive_faults(data):
        return "encrypted"
    if extension_of(name) in {ending for kind in KINDS.values() for ending in kind.extensions}:
        return "not_what_it_says"
    return "not_allowed"


def _content_faults(found: str, data: bytes) -> Iterator[str]:
    if found in ARCHIVES:
        yield from archive_faults(data)
    elif found == "pdf":
        yield from pdf_faults(data)
    elif found in PICTURES:
        yield from picture_faults(data)
    if is_polyglot(found, data):
        yield "polyglot"


def is_polyglot(found: str, data: bytes) -> bool:
    """Whether something of another kind hangs behind the end of the file."""
    if found == "pdf":
        end = data.rfind(b"%%EOF")
        return b"PK\x05\x06" in data[-66_000:] or (end > 0 and _FOREIGN.search(data, end) is not None)
    if found in PICTURES:
        return _FOREIGN.search(data, _end_of_picture(found, data)) is not None
    return False


def _end_of_picture(found: str, data: bytes) -> int:
    if found == "png":
        end = data.find(b"IEND")
        return end + 8 if end > 0 else len(data)
    if found == "webp":
        return int.from_bytes(data[4:8], "little") + 8
    end = data.rfind(b"\xff\xd9")
    return end + 2 if end > 0 else len(data)
