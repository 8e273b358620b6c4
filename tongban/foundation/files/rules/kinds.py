"""Which kinds of file are taken, and how each is told from its first bytes, whatever its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass

MB = 1024 * 1024


@dataclass(frozen=True)
class Kind:
    """`inline`: a browser may show it; all else is only ever downloaded."""

    name: str
    media_type: str
    extensions: tuple[str, ...]
    inline: bool = False


_OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "application/pdf", ("pdf",), inline=True),
        Kind("png", "image/png", ("png",), inline=True),
        Kind("jpg", "image/jpeg", ("jpg", "jpeg", "jfif"), inline=True),
        Kind("webp", "image/webp", ("webp",), inline=True),
        Kind("docx", _OFFICE + "wordprocessingml.document", ("docx",)),
        Kind("xlsx", _OFFICE + "spreadsheetml.sheet", ("xlsx",)),
        Kind("ofd", "application/ofd", ("ofd",)),
        Kind("txt", "text/plain", ("txt",)),
    )
}
PICTURES = frozenset({"png", "jpg", "webp"})
ARCHIVES = frozenset({"docx", "xlsx", "ofd"})
OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_MARKUP = re.compile(rb"\s*(?:<!doctype|<html|<script|<svg|<\?xml|<body|<iframe)", re.I)
_TEXT_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_BY_NAME_ONLY = {"doc", "xls", "ppt", "wps", "et"}


def kind_of_media(media_type: str) -> Kind | None:
    """The kind of a stored file."""
    return next((kind for kind in KINDS.values() if kind.media_type == media_type), None)


def extension_of(name: str) -> str:
    """The extension in lower case, without the dot; empty if the name has none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem else ""


def sniff(data: bytes, members: tuple[str, ...] = ()) -> str:
    """The kind by content: a name of `KINDS`, or `zip`, `old_office`, `markup`, `unknown`. `members` are a zip's names."""
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _sniff_archive(members)
    if data.startswith(OLD_OFFICE):
        return "old_office"
    return _sniff_text(data)


def _sniff_archive(members: tuple[str, ...]) -> str:
    if "OFD.xml" in members:
        return "ofd"
    if "[Content_Types].xml" in members:
        if any(name.startswith("word/") for name in members):
            return "docx"
        if any(name.startswith("xl/") for name in members):
            return "xlsx"
    return "zip"


def decode_text(data: bytes) -> str | None:
    """The text of a plain file, in UTF-8 or GB 18030; None if it is no text."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _TEXT_CONTROLS.search(text) else text
    return None


def _sniff_text(data: bytes) -> str:
    if _MARKUP.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        return "markup"
    return "txt" if decode_text(data) is not None else "unknown"
