"""A program: takes PDFs from standard input, writes what each says of its signatures as JSON. `pdf_reading` runs it.

It imports everything once and reads nothing itself: each file is read by a child with little memory and time, which ends with it,
because the file may be hostile. Of the house it knows only how to encode.

In: four bytes of length, the file. Out: four bytes of exit code (negative: killed), four of length, the JSON.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import io
import json
import os
import resource
import struct
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

import tongban.foundation.kernel.asn1  # noqa: F401  corrects asn1crypto: a genuine file must not cost all the time there is

MEMORY = 1 << 30
MOST_TOLD = 16 << 20
MOST_SIGNATURES = 20
MOST_PAGES = 500


def _read(pdf: bytes) -> dict[str, Any]:
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    if reader.encrypted:
        return {"fault": "encrypted"}
    signatures = list(reader.embedded_regular_signatures)[:MOST_SIGNATURES]
    told = [_signature(reader, one) for one in signatures]
    return {
        "keywords": _keywords(reader),
        "pages": int(reader.root["/Pages"]["/Count"]),
        "damaged": _damaged(reader),
        "signatures": told,
    }


def _keywords(reader: Any) -> str:
    info = _itself(reader.trailer_view.get("/Info", {}))
    return str(_itself(info.get("/Keywords", "")))[:5000] if info else ""


def _itself(thing: Any) -> Any:
    """What a reference refers to; anything else as it is."""
    return thing.get_object() if hasattr(thing, "get_object") else thing


def _signature(reader: Any, one: Any) -> dict[str, Any]:
    try:
        return _looked_at(reader, one)
    except Exception as error:  # whatever is wrong with one signature is told of that signature
        return {"field": str(getattr(one, "field_name", ""))[:60], "broken": type(error).__name__}


def _looked_at(reader: Any, one: Any) -> dict[str, Any]:
    one.compute_integrity_info()
    summary = one.summarise_integrity_info()
    intact, valid = validate_sig_integrity(one.signer_info, one.signer_cert, "data", one.compute_digest())
    level = summary["diff_result"].modification_level.name if isinstance(summary["diff_result"], DiffResult) else ""
    allowed = summary["docmdp_ok"] is not False and summary["coverage"].name in ("ENTIRE_FILE", "ENTIRE_REVISION")
    return {
        "field": str(one.field_name)[:60],
        "certificate": base64.b64encode(one.signer_cert.dump()).decode(),
        "intact": bool(intact),
        "valid": bool(valid),
        "coverage": summary["coverage"].name,
        "level": level,
        "allowed": allowed,
        "changed": [] if allowed else list(_changed(reader, one)),
        "token": _token(one),
        "stamped": hashlib.sha256(one.signer_info["signature"].native).hexdigest(),
    }


def _token(one: Any) -> str:
    for attribute in one.signer_info["unsigned_attrs"] or []:
        if attribute["type"].native == "signature_time_stamp_token":
            return base64.b64encode(attribute["values"][0].dump()).decode()
    return ""


def _pages(root: Any) -> Iterator[Any]:
    """The pages below a root in turn, whatever loops are in the tree."""
    waiting, seen = [root["/Pages"]], 0
    while waiting and seen < MOST_PAGES * 2:
        node, seen = _itself(waiting.pop()), seen + 1
        if "/Kids" in node:
            waiting.extend(reversed(list(_itself(node["/Kids"]))))
        else:
            yield node


def _print_of(page: Any) -> str:
    """A digest of what a page shows."""
    shown = hashlib.sha256()
    contents = _itself(page.get("/Contents", []))
    for stream in contents if isinstance(contents, list) else [contents]:
        shown.update(_itself(stream).data)
    shown.update(str(page.get("/MediaBox", "")).encode())
    for note in _itself(page.get("/Annots", [])):
        drawn = _itself(note)
        if drawn.get("/Subtype") != "/Widget":
            shown.update(repr(sorted(drawn)).encode() + str(drawn.get("/Contents", "")).encode())
    return shown.hexdigest()


def _changed(reader: Any, one: Any) -> Iterator[str]:
    """Which pages look otherwise than when this was signed: their numbers, `pages` when some came or went."""
    try:
        before = [_print_of(page) for page in _pages(reader.get_historical_root(one.signed_revision))]
        after = [_print_of(page) for page in _pages(reader.root)]
    except Exception:  # what cannot be compared is not named
        return
    if len(before) != len(after):
        yield "pages"
    for number, (old, new) in enumerate(zip(before, after, strict=False), 1):
        if old != new:
            yield str(number)


def _damaged(reader: Any) -> list[int]:
    """Pages whose content cannot be unpacked any more."""
    found = []
    for number, page in enumerate(_pages(reader.root), 1):
        try:
            _print_of(page)
        except Exception:  # a hostile page may break anything; that it cannot be unpacked is the answer
            found.append(number)
    return found


def _main(seconds: int) -> None:
    """Until nobody hands in files any more."""
    gc.freeze()
    while head := sys.stdin.buffer.read(4):
        code, told = _read_by_a_child(sys.stdin.buffer.read(*struct.unpack(">I", head)), seconds)
        sys.stdout.buffer.write(struct.pack(">iI", code, len(told)) + told)
        sys.stdout.buffer.flush()


def _read_by_a_child(pdf: bytes, seconds: int) -> tuple[int, bytes]:
    """Its exit code and what it wrote."""
    there, here = os.pipe()
    child = os.fork()
    if not child:
        _end_with(pdf, here, seconds)
    os.close(here)
    with open(there, "rb") as answer:
        told = answer.read(MOST_TOLD)
    _pid, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), told


def _end_with(pdf: bytes, here: int, seconds: int) -> NoReturn:
    """In the child: reads the file within the limits, tells, and ends. It has no way to what its parent says or hears."""
    code = 1
    try:
        os.close(0)
        os.close(1)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            told = _read(pdf)
        except Exception as error:  # a hostile file may break anything; the answer is that it cannot be read
            told = {"fault": "unreadable", "problem": type(error).__name__}
        with open(here, "wb") as answer:
            answer.write(json.dumps(told).encode())
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
