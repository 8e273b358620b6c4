"""What can be done with layouts: pages drawn as PDF and OFD."""

from .drawing import ofd_of, pdf_of
from .typesetting import pictures_of, qr_picture, typeset

__all__ = ["ofd_of", "pdf_of", "pictures_of", "qr_picture", "typeset"]
