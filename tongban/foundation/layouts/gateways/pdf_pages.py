"""Sheets as PDF/A-2a and PDF/UA-1, by the typesetter."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tongban.foundation.layouts.rules import Dots, Picture, Sheet, Words

from .faces import FAMILIES, families
from .typesetter import compile_pdf, draw_pages

STANDARDS = ["a-2a", "ua-1"]
ROOM = 5.0  # mm a line may be wider than we measured before the typesetter breaks it


@cache
def _source() -> str:
    return (Path(__file__).parent / "pages.typ").read_text()


def pdf_pages(sheets: list[Sheet], *, title: str, metadata: Mapping[str, str]) -> bytes:
    """A PDF of the sheets. The metadata go into its keywords as `name:value`."""
    return compile_pdf(_source(), _told(sheets, title, metadata), STANDARDS)


def svg_pages(sheets: list[Sheet]) -> list[bytes]:
    """The same sheets as SVG pictures, for looking at on the screen."""
    return draw_pages(_source(), _told(sheets, "", {}))


def _told(sheets: list[Sheet], title: str, metadata: Mapping[str, str]) -> dict[str, Any]:
    pictures: dict[str, str] = {}
    return {
        "title": title or " ",
        "author": metadata.get("ZZBFJG", ""),
        "description": metadata.get("ZZBS", ""),
        "keywords": [f"{name}:{value}" for name, value in metadata.items()],
        "fonts": {font: list(families(font)) for font in FAMILIES},
        "pictures": pictures,
        "sheets": [
            {"width": sheet.width, "height": sheet.height, "marks": [_mark(mark, pictures) for mark in sheet.marks]}
            for sheet in sheets
        ],
    }


def _mark(mark: Any, pictures: dict[str, str]) -> dict[str, Any]:
    if isinstance(mark, Words):
        shown = {key: value for key, value in vars(mark).items() if key not in ("advances", "indent")}
        return {"kind": "words", "room": mark.width + ROOM, **shown}
    if isinstance(mark, Picture):
        name = sha256(mark.png).hexdigest()
        if name not in pictures:
            pictures[name] = _as_svg(mark.png)
        return {"kind": "picture", **vars(mark), "png": name}
    if isinstance(mark, Dots):
        return {
            "kind": "dots",
            "x": mark.x,
            "y": mark.y,
            "w": mark.w,
            "svg": _dots(mark),
            "alt": f"二维码：{mark.text}",
        }
    return {"kind": type(mark).__name__.lower(), **vars(mark)}


def _as_svg(png: bytes) -> str:
    """The typesetter takes text, not bytes: a picture comes to it inside an SVG that holds nothing else."""
    code = base64.b64encode(png).decode()
    space = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10"'
    image = f'<image width="10" height="10" preserveAspectRatio="none" href="data:image/png;base64,{code}"/>'
    return f"<svg {space}>{image}</svg>"


def _dots(code: Dots) -> str:
    path = "".join(f"M{x} {y}h{length}v1h-{length}z" for x, y, length in code.runs)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {code.side} {code.side}"><path d="{path}"/></svg>'
