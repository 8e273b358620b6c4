"""What can be done with layouts: pages drawn as PDF and OFD, and sealed."""

from .drawing import drawn_pages, ofd_of, pdf_of
from .sealing import sealed_ofd, sealed_pdf
from .typesetting import pictures_of, place_in, qr_picture, typeset

__all__ = [
    "drawn_pages",
    "ofd_of",
    "pdf_of",
    "pictures_of",
    "place_in",
    "qr_picture",
    "sealed_ofd",
    "sealed_pdf",
    "typeset",
]
