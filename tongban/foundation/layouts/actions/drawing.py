"""Pages drawn as PDF and as OFD from one description: the same lines in the same places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tongban.foundation.kernel.clock import today
from tongban.foundation.layouts.errors import PagesRefused, TypesettingFailed, reasons_of
from tongban.foundation.layouts.gateways import typesetter
from tongban.foundation.layouts.gateways.faces import width_of
from tongban.foundation.layouts.gateways.ofd_pages import ofd_pages
from tongban.foundation.layouts.gateways.pdf_pages import pdf_pages, svg_pages
from tongban.foundation.layouts.rules import Sheet, clean, drawn, faults_of


def _sheets(pages: list[dict[str, Any]]) -> list[Sheet]:
    faults = faults_of(pages)
    if faults:
        raise PagesRefused(reasons=reasons_of(faults))
    return drawn(pages, width_of)[0]


def _told(metadata: Mapping[str, Any] | None) -> dict[str, str]:
    return {clean(str(name)): clean(str(value)) for name, value in (metadata or {}).items() if value not in (None, "")}


def pdf_of(*, pages: list[dict[str, Any]], title: str, metadata: Mapping[str, Any] | None = None) -> bytes:
    """PDF/A-2a and PDF/UA-1 of the pages, the metadata in its keywords. Raises `PagesRefused` with every fault.

    Text wraps at its box's width and shrinks while it is too high; below 4.5 pt it stands out of the box, never cut.
    """
    sheets = _sheets(pages)
    try:
        return pdf_pages(sheets, title=clean(title), metadata=_told(metadata))
    except typesetter.typst.TypstError as error:
        raise TypesettingFailed(problem=str(error)[:300]) from error


def drawn_pages(*, pages: list[dict[str, Any]]) -> list[bytes]:
    """The pages as SVG pictures, drawn as `pdf_of` draws them. Raises `PagesRefused` with every fault."""
    sheets = _sheets(pages)
    try:
        return svg_pages(sheets)
    except typesetter.typst.TypstError as error:
        raise TypesettingFailed(problem=str(error)[:300]) from error


def ofd_of(*, pages: list[dict[str, Any]], title: str, metadata: Mapping[str, Any] | None = None) -> bytes:
    """OFD (GB/T 33190) of the pages, the metadata as CustomDatas. Raises `PagesRefused` with every fault."""
    made_on = today().isoformat()
    return ofd_pages(_sheets(pages), title=clean(title), made_on=made_on, metadata=_told(metadata))
