"""The draughtsman: typst in this process, one warm compiler per thread, sealed off from files and network."""

from __future__ import annotations

import io
import json
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

import typst
from django.conf import settings
from PIL import Image, ImageColor

from .rules import RED

if TYPE_CHECKING:
    from .rules import Drawing

SHARPNESS = 600  # dots an inch: a seal of 42 mm is 992 dots wide
_SOURCE = Path(__file__).with_name("templates") / "seals" / "seal.typ"
_warm = threading.local()


@cache
def _source() -> bytes:
    return _SOURCE.read_bytes()


@cache
def _sealed_root() -> str:
    """An empty folder: the drawing can read nothing but itself."""
    return tempfile.mkdtemp(prefix="tongban-seals-")


def _compiler() -> typst.Compiler:
    """Finding fonts takes 90 ms, drawing a seal a few: the compiler is kept."""
    if not hasattr(_warm, "compiler"):
        fonts = Path(settings.HOME) / "fonts"
        _warm.compiler = typst.Compiler(root=_sealed_root(), font_paths=[str(fonts)] if fonts.is_dir() else [])
    return cast("typst.Compiler", _warm.compiler)


def png_of(drawing: Drawing) -> bytes:
    """The seal as a PNG of one red on a clear ground, a byte a dot."""
    inputs = {"seal": json.dumps(drawing.as_data(), ensure_ascii=False)}
    drawn = cast("bytes", _compiler().compile(input=_source(), sys_inputs=inputs, format="png", ppi=SHARPNESS))
    return _one_colour(drawn)


def svg_of(drawing: Drawing) -> str:
    """The same as SVG, its letters as outlines."""
    inputs = {"seal": json.dumps(drawing.as_data(), ensure_ascii=False)}
    return cast("bytes", _compiler().compile(input=_source(), sys_inputs=inputs, format="svg")).decode()


def can_be_drawn(drawing: Drawing) -> bool:
    """Whether the fonts here hold every sign: a PDF/UA is refused when one is missing."""
    inputs = {"seal": json.dumps(drawing.as_data(), ensure_ascii=False)}
    try:
        _compiler().compile(input=_source(), sys_inputs=inputs, pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True


def _one_colour(png: bytes) -> bytes:
    """How much of each dot is red is all there is to keep: a tenth of the bytes of four channels."""
    cover = Image.open(io.BytesIO(png)).convert("RGBA").getchannel("A")
    flat = Image.frombytes("P", cover.size, cover.tobytes())
    flat.putpalette(bytes(ImageColor.getrgb(RED)) * 256)
    written = io.BytesIO()
    flat.save(written, "PNG", transparency=bytes(range(256)), dpi=(SHARPNESS, SHARPNESS))
    return written.getvalue()
