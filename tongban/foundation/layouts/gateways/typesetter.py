"""The typesetter: typst in this process, one warm compiler per thread, sealed off from files and network."""

from __future__ import annotations

import json
import tempfile
import threading
from functools import cache, lru_cache
from typing import Any, cast

import typst

from tongban.foundation.kernel.codes import qr_code

from .faces import font_paths

_warm = threading.local()
Standard = str | list[str] | None


@cache
def _sealed_root() -> str:
    """An empty folder: a template can read nothing but itself."""
    return tempfile.mkdtemp(prefix="tongban-typst-")


def _compiler() -> typst.Compiler:
    """Finding fonts takes 90 ms, setting a page 5: the compiler is kept."""
    if not hasattr(_warm, "compiler"):
        _warm.compiler = typst.Compiler(root=_sealed_root(), font_paths=font_paths())
    return _warm.compiler


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False)}


def compile_pdf(source: str, data: dict[str, Any], standard: Standard = "ua-1") -> bytes:
    """A tagged PDF (PDF/UA-1) of the source, which reads `data` as JSON; plain PDF when a character has no font."""
    try:
        return _compile(source, data, standard)
    except typst.TypstError as error:
        if "UA-1" not in str(error) and "PDF/A" not in str(error):
            raise
        return _compile(source, data, None)


def _compile(source: str, data: dict[str, Any], standard: Standard) -> bytes:
    asked: dict[str, Any] = {"pdf_standards": standard} if standard else {}
    return cast("bytes", _compiler().compile(input=source.encode(), sys_inputs=_inputs(data), **asked))


def draw_pages(source: str, data: dict[str, Any]) -> list[bytes]:
    """The pages as SVG pictures, for looking at on the screen."""
    drawn = _compiler().compile(input=source.encode(), sys_inputs=_inputs(data), format="svg")
    return cast("list[bytes]", drawn if isinstance(drawn, list) else [drawn])


def place_of(source: str, data: dict[str, Any], label: str) -> tuple[int, float, float] | None:
    """Where a source has put its mark of this label: page from 0, mm from the top left. Finds the fonts anew: 100 ms."""
    found = json.loads(
        typst.query(
            source.encode(), f"<{label}>", field="value", root=_sealed_root(), font_paths=font_paths(), sys_inputs=_inputs(data)
        )
    )  # fmt: skip
    return (found[0]["page"] - 1, found[0]["x"], found[0]["y"]) if found else None


@lru_cache(maxsize=2000)
def qr_svg(text: str) -> str:
    """A QR code as SVG, error correction M."""
    return qr_code(text).svg_inline(border=1, dark="#000")
