"""What can be done with letters and with their templates."""

from .issuing import issue_letter, pdf_of, qr_picture, typeset
from .packaged import load_templates, packaged, source_of

__all__ = [
    "issue_letter",
    "load_templates",
    "packaged",
    "pdf_of",
    "qr_picture",
    "source_of",
    "typeset",
]
