"""Files that enemies hand in, made here and now; what `foundation/files` has already is used from there."""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tongban.foundation.files.gateways.scanner import EICAR
from tongban.foundation.files.tests import samples as made

MB = 1024 * 1024
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True))
    + "]><{root}>&i;</{root}>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><{root}>&x;</{root}>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass(frozen=True)
class Sample:
    """A file as a browser would send it: its name as it stands in the request, and its bytes."""

    name: str
    data: bytes


def _xml(template: str, root: str) -> bytes:
    return template.replace("{root}", root).encode()


def _office(kind: str, **members: bytes) -> bytes:
    """An office file of a kind, with members put in or in the place of its own."""
    with zipfile.ZipFile(io.BytesIO(getattr(made, kind)())) as archive:
        own = {name: archive.read(name) for name in archive.namelist()}
    return made.archive(own | members)


def _linked() -> bytes:
    """A zip with a symbolic link to a file of the house."""
    out = io.BytesIO()
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return out.getvalue()


def _nested(depth: int = 5) -> bytes:
    data = made.archive({"zeros.bin": bytes(8 * MB)})
    for level in range(depth):
        data = made.archive({f"{level}-{copy}.zip": data for copy in range(4)})
    return data


ZEROS = bytes(8 * MB)  # packs a thousand times: far over what is allowed, and cheap to look at
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "ofd": "OFD.xml"}
ROOTS = {"docx": "document", "xlsx": "workbook", "ofd": "OFD"}


def _bombs() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    yield "bomb.zip", "zip bomb", lambda: made.archive({"zeros.bin": ZEROS})
    yield "nested.zip", "nested zip bomb", _nested
    for kind in MAIN:
        yield f"bomb.{kind}", f"bomb in {kind}", lambda kind=kind: _office(kind, **{"media/zeros.bin": ZEROS})
        yield f"nested.{kind}", f"nested bomb in {kind}", lambda kind=kind: _office(kind, **{"a/b.zip": _nested(3)})
    yield "overlapping.docx", "overlapping bomb", made.overlapping_bomb
    yield "huge.png", "huge dimensions", made.png_bomb
    yield "twice.pdf", "stream packed twice", made.pdf_packed_twice


def _entities() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    for words, template in (("billion laughs", LAUGHS), ("external entity", OUTSIDE)):
        for kind, part in MAIN.items():
            told = {part: _xml(template, ROOTS[kind])}
            yield f"entities.{kind}", f"{words} in {kind}", lambda kind=kind, told=told: _office(kind, **told)
        for ending, root in (("svg", "svg"), ("bpmn", "definitions"), ("txt", "text")):
            yield f"entities.{ending}", f"{words} in {ending}", lambda t=template, root=root: _xml(t, root)
    wide = {"xl/workbook.xml": _xml(LAUGHS, "workbook").decode().encode("utf-16")}
    yield "wide.xlsx", "billion laughs in UTF-16", lambda: _office("xlsx", **wide)


def _archives() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    pdf = made.pdf()
    for words, inside in (("path traversal", "../../../etc/x.pdf"), ("absolute name", "/etc/x.pdf")):
        yield "names.zip", f"{words} in zip", lambda inside=inside: made.archive({inside: pdf})
        yield "names.docx", f"{words} in docx", lambda inside=inside: _office("docx", **{inside: pdf})
    yield "link.zip", "symbolic link in zip", _linked
    yield "eicar.zip", "EICAR in zip", lambda: made.archive({"eicar.txt": EICAR})
    yield "cut.zip", "truncated zip", lambda: made.archive({"a.pdf": pdf})[:-30]
    yield "cut.docx", "truncated docx", lambda: made.docx()[:-30]
    for kind, ending, part in (("docx", "docm", "word/vbaProject.bin"), ("xlsx", "xlsm", "xl/vbaProject.bin")):
        yield f"macro.{ending}", f"{ending} with macros", lambda k=kind, part=part: _office(k, **{part: b"\xcc\x61"})
        yield f"macro.{kind}", f"macros in {kind}", lambda k=kind, part=part: _office(k, **{part: b"\xcc\x61"})


def _polyglots() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    archive = made.archive({"a.txt": b"a"})
    yield "page.pdf", "PDF and HTML", lambda: made.pdf() + b"<html><script>alert(1)</script></html>"
    yield "script.gif", "GIF and JS", lambda: b"GIF89a=1;alert(1)//"
    yield "script.jpg", "GIF and JS called JPEG", lambda: b"GIF89a=1;alert(1)//"
    yield "archive.jpg", "JPEG and zip", lambda: made.picture("JPEG") + archive
    yield "archive.pdf", "PDF and zip", lambda: made.pdf() + archive
    yield "drawing.svg", "SVG with script", SVG.encode
    yield "page.txt", "HTML called text", lambda: b"<!doctype html><script>alert(1)</script>"


def _wrong() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    yield "picture.pdf", "PNG called PDF", made.picture
    yield "paper.png", "PDF called PNG", made.pdf
    yield "program.pdf", "program called PDF", lambda: b"MZ\x90\x00" + bytes(range(256)) * 4
    yield "cut.pdf", "truncated PDF", lambda: made.pdf()[:60]
    yield "cut.png", "truncated PNG", lambda: made.picture()[:60]
    yield "empty.pdf", "empty", lambda: b""
    yield "eicar.txt", "EICAR", lambda: EICAR


def _names() -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    names = {
        "RTL override in the name": "paper\u202efdp.exe.pdf", "NUL in the name": "paper\x00.exe.pdf",
        "newline in the name": "paper\r\nSet-Cookie: a=b.pdf", "long name": "长" * 300 + ".pdf",
        "folders in the name": "../../../../etc/paper.pdf", "folders of Windows": "..\\..\\paper.pdf",
        "markup in the name": "<img src=x onerror=alert(1)>.pdf", "no name but dots": "...pdf",
        "double extension": "paper.pdf.exe", "other double extension": "paper.exe.pdf",
    }  # fmt: skip
    for words, name in names.items():
        yield name, words, made.pdf


def corpus() -> dict[str, Sample]:
    found = {}
    for part in (_bombs, _entities, _archives, _polyglots, _wrong, _names):
        for name, words, data in part():
            found[words] = Sample(name, data())
    return found
