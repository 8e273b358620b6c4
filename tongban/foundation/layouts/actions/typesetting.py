"""Sources in typst set in type: for rooms whose papers flow over pages, as letters do."""

from __future__ import annotations

from typing import Any

from tongban.foundation.layouts.errors import TypesettingFailed
from tongban.foundation.layouts.gateways import typesetter


def typeset(source: str, data: dict[str, Any]) -> bytes:
    """A PDF (PDF/UA-1) of a source that reads `data` as JSON; the source sees no file and no network."""
    try:
        return typesetter.compile_pdf(source, data)
    except typesetter.typst.TypstError as error:
        raise TypesettingFailed(problem=str(error)[:300]) from error


def pictures_of(source: str, data: dict[str, Any]) -> list[bytes]:
    """Its pages as SVG pictures, for looking at on the screen."""
    try:
        return typesetter.draw_pages(source, data)
    except typesetter.typst.TypstError as error:
        raise TypesettingFailed(problem=str(error)[:300]) from error


def place_in(source: str, data: dict[str, Any], label: str) -> tuple[int, float, float] | None:
    """Where a source wants something put: page from 0, mm from the top left; None when it has no such label."""
    try:
        return typesetter.place_of(source, data, label)
    except typesetter.typst.TypstError as error:
        raise TypesettingFailed(problem=str(error)[:300]) from error


def qr_picture(text: str) -> str:
    """A QR code as SVG."""
    return typesetter.qr_svg(text)
