"""What can be done with letters and with their templates."""

from .issuing import issue_letter, prepared_letter
from .packaged import load_templates, packaged, source_of
from .templates import begin_template, hand_in_template, publish_template, return_template, revise_template
from .typesetting import pdf_of, picture_of, qr_picture, typeset

__all__ = [
    "begin_template",
    "hand_in_template",
    "issue_letter",
    "load_templates",
    "packaged",
    "pdf_of",
    "picture_of",
    "prepared_letter",
    "publish_template",
    "qr_picture",
    "return_template",
    "revise_template",
    "source_of",
    "typeset",
]
